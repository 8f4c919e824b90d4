"""The spans of all deals' pasts as columns of numbers, so that how things stood at many moments is told quickly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from models.course import Span
from models.deal import ForecastCategory
from models.known_deals import Selection
from models.pipeline import StageKind
from models.pricing import Lot, Pricing
from models.timeline import StageFacts
from models.workspace import day_in
from scoring.arrays import Bools, Floats, Ints

OPEN, WON, LOST = 0, 1, 2
_KINDS = {StageKind.OPEN: OPEN, StageKind.WON: WON, StageKind.AFTER_SALES: WON, StageKind.LOST: LOST}


@dataclass(frozen=True)
class Spans:
    """A place a span: its deal's place, from when until when (in seconds), and how the deal stood. Days are counted
    from the first of year 1; what is not known is not a number."""

    deals: int
    deal: Ints
    start: Floats
    end: Floats
    kind: Ints
    stage: Ints
    closed_at: Floats
    close_day: Floats
    worth: Floats
    has_no_amount: Bools
    is_selected: Bools
    since: float = -np.inf
    """Deals that were closed before may be missing."""

    def first_won(self, at: float) -> float:
        """When the first of all deals was won, as it was known at a moment, of which none is missing; infinity where
        none was."""
        known = (self.kind == WON) & (self.start <= at) & (self.closed_at >= self.since)
        return float(np.nanmin(np.append(self.closed_at[known], np.inf)))

    def is_unpriced(self, places: Ints) -> Bools:
        """Which have an amount and no rate."""
        found: Bools = ~np.isfinite(self.worth[places]) & ~self.has_no_amount[places]
        return found

    def knows_no_worth(self, at: float) -> bool:
        """Whether selected deals were won by a moment, and of none of them is it known what it brought."""
        held = self.standing(at)
        won = held[(self.kind[held] == WON) & self.is_selected[held]]
        return bool(len(won)) and not np.isfinite(self.worth[won]).any()

    def standing(self, at: float) -> Ints:
        """The places of the spans that hold at a moment, one for each deal that existed then."""
        return np.flatnonzero((self.start <= at) & (at < self.end))

    def open_at(self, at: float) -> Ints:
        """Of the selected deals that were open."""
        held = self.standing(at)
        found: Ints = held[(self.kind[held] == OPEN) & self.is_selected[held]]
        return found

    def won_between(self, after: float, until: float) -> Ints:
        """Of the selected deals that were won then, as it was known at the end."""
        held = self.standing(until)
        closed = self.closed_at[held]
        found: Ints = held[(self.kind[held] == WON) & self.is_selected[held] & (closed > after) & (closed <= until)]
        return found


def spans_in_columns(
    deals: Iterable[list[Span]],
    stages: Mapping[int, StageFacts],
    selection: Selection,
    pricing: Pricing,
    *,
    since: datetime | None = None,
) -> Spans:
    rows = []
    prices: dict[tuple[str, date | None], float] = {}
    places = {stage_id: place for place, stage_id in enumerate(stages)}
    for place, spans in enumerate(deals):
        for span in spans:
            fields = span.fields
            kind = _KINDS[stages[span.stage_id].kind]
            rows.append(
                (
                    place,
                    span.start.timestamp(),
                    span.end.timestamp(),
                    kind,
                    places[span.stage_id],
                    np.nan if span.closed_at is None else span.closed_at.timestamp(),
                    np.nan if fields.close_date is None else fields.close_date.toordinal(),
                    _worth(span, kind, pricing, prices),
                    fields.amount is None,
                    selection.has(fields) and (kind != OPEN or fields.forecast != ForecastCategory.OMITTED),
                )
            )
    columns: list[Any] = [np.array(column) for column in zip(*rows, strict=True)] if rows else [np.zeros(0)] * 10
    whole, real = np.int64, np.float64
    types: tuple[Any, ...] = (whole, real, real, whole, whole, real, real, real, np.bool_, np.bool_)
    made = [column.astype(kind) for column, kind in zip(columns, types, strict=True)]
    found = Spans(place + 1 if rows else 0, *made)
    return found if since is None else replace(found, since=since.timestamp())


def worth_of(span: Span, pricing: Pricing, *, is_closed: bool) -> Decimal | None:
    """In the workspace's currency: of a closed deal at the rates of the day it was closed, else at today's."""
    fields = span.fields
    if fields.amount is None:
        return None
    closed_on = day_in(pricing.time_zone, span.closed_at) if is_closed and span.closed_at else None
    return pricing.worth_of_lot(Lot(1, fields.currency, fields.amount, closed_on))


def _worth(span: Span, kind: int, pricing: Pricing, prices: dict[tuple[str, date | None], float]) -> float:
    """As `worth_of`, which would ask for the same rates again and again."""
    fields = span.fields
    if fields.amount is None:
        return np.nan
    if fields.currency == pricing.currency:
        return float(fields.amount)
    key = fields.currency, day_in(pricing.time_zone, span.closed_at) if kind != OPEN and span.closed_at else None
    if key not in prices:
        price = pricing.worth_of_lot(Lot(1, fields.currency, Decimal(1), key[1]))
        prices[key] = np.nan if price is None else float(price)
    return float(fields.amount) * prices[key]
