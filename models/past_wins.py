"""What was won before a moment, added up by day: a record is held against all of it, and a large team won much."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.deal import Deal
from models.local_days import date_told, local_day
from models.pipeline import Stage, StageKind
from models.workspace import Workspace


@dataclass(frozen=True)
class WonDay:
    """Of the deals that stand as won, what one owner won on a day, by the workspace's calendar, in one currency: of how
    many the amount is known, their sum, and the largest."""

    owner_id: int | None
    day: date
    currency: str
    priced: int
    total: Decimal
    largest: Decimal


class PastWins:
    """Of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def days(self, *, until: datetime) -> list[WonDay]:
        """All that was won by a moment."""
        won = (
            select(Deal)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, Deal.closed_at <= until)
            .where(Stage.kind.in_((StageKind.WON, StageKind.AFTER_SALES)))
        )
        first = self._session.scalar(won.with_only_columns(func.min(Deal.closed_at)))
        if first is None:
            return []
        zone = ZoneInfo(self._workspace.time_zone)
        day = local_day(Deal.closed_at, first, until, zone).label("day")
        each = won.with_only_columns(Deal.owner_id, day, Deal.currency, Deal.amount).subquery()
        *by, amount = each.columns
        amounts: tuple[Any, ...] = (func.count(amount), func.sum(amount), func.max(amount))
        sums = select(*by, *amounts).group_by(*by)
        return [
            WonDay(owner_id, date_told(number, zone), currency, priced, total or Decimal(), largest or Decimal())
            for owner_id, number, currency, priced, total, largest in self._session.execute(sums)
        ]
