"""Deals added up by the database, in parts that can be priced: one of each currency and, where they are closed, of each
day, as each day has its own rates."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from models.deal import Deal
from models.exchange import ExchangeRates
from models.local_days import date_told, local_day
from models.pricing import Pricing
from models.tally import Part
from models.workspace import Workspace


class Sums:
    """Of the deals of one workspace."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def parts(self, deals: Select[Any], since: datetime, until: datetime) -> Iterator[tuple[Any, Part]]:
        """The deals of a query by its columns, one part per currency; of closed deals in another currency than the
        workspace's one for each day, where they were closed between two moments, as most of them should be."""
        zone = ZoneInfo(self._workspace.time_zone)
        closed_on = local_day(Deal.closed_at, since, until, zone)
        is_apart = and_(Deal.currency != self._workspace.currency, Deal.closed_at.is_not(None))
        mine = deals.where(Deal.workspace_id == self._workspace.id)
        each = mine.add_columns(Deal.currency, Deal.amount, case((is_apart, closed_on)).label("closed_on")).subquery()
        *by, currency, amount, closed = each.columns
        sums = select(*by, currency, closed, func.count(), func.count(amount), func.sum(amount))
        for row in self._session.execute(sums.group_by(*by, currency, closed)):
            *of, of_currency, told, count, priced, total = row
            yield of, Part(of_currency, count, priced, total, None if told is None else date_told(told, zone))

    def pricing(self, parts: Iterable[Part], at: datetime) -> Pricing:
        """With the rates that these deals need; a team that sells in one currency needs none."""
        abroad = [part for part in parts if part.currency != self._workspace.currency and part.priced]
        if not abroad:
            return Pricing.without_rates(self._workspace, at=at)
        since = min((part.closed_on for part in abroad if part.closed_on), default=None)
        return ExchangeRates(self._session, self._workspace).pricing(at=at, since=since)
