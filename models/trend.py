"""How many deals were open, and worth how much, at moments of a period: the trend of a pipeline, from its history."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from moneyed import Money

from models.course import Span
from models.known_deals import Selection
from models.money import rounded
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Unpriced, Worth
from models.workspace import day_in

STEPS = (1, 7, 28, 91, 364)
"""Days from one moment to the next: the shortest that needs no more moments than MOST."""
MOST = 60
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Point:
    """What was open at the end of a day (or now); `without_amount` of the deals have none, `unpriced` ones are not in
    the amount."""

    day: date
    count: int
    amount: Money
    without_amount: int
    unpriced: tuple[Unpriced, ...] = ()

    @property
    def worth(self) -> Worth:
        return Worth(None if self.unpriced and not self.amount else self.amount, self.unpriced)


@dataclass(frozen=True)
class PipelineTrend:
    """The latest point is that of the period's end; the one before `step` days earlier, and so on."""

    period: Period
    step: int
    points: tuple[Point, ...]

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def highest(self) -> Point:
        """By amount, or by number where some of it is unpriced; the latest of several."""
        if any(point.unpriced for point in self.points):
            return max(reversed(self.points), key=lambda point: point.count)
        return max(reversed(self.points), key=lambda point: point.amount.amount)


def moments_of(period: Period) -> tuple[int, list[datetime]]:
    """The step in days, and the moments that lie whole steps before the period's end, oldest first."""
    step = next((days for days in STEPS if period.days <= days * MOST), STEPS[-1])
    back = range(min(period.days // step, MOST), -1, -1)
    return step, [period.end - timedelta(days=step * count) for count in back]


def trend_of(
    deals: Iterable[Sequence[Span]],
    kinds: Mapping[int, StageKind],
    selection: Selection,
    period: Period,
    *,
    worth: Callable[[Span], Decimal | None],
    currency: str,
) -> PipelineTrend:
    """Of deals given by their spans. What a span is worth is told at the same rates for all moments, so that no
    exchange rate looks like a sale."""
    step, moments = moments_of(period)
    counts, without, amounts = [0] * len(moments), [0] * len(moments), [Decimal(0)] * len(moments)
    apart: list[dict[str, list[Decimal]]] = [defaultdict(list) for _ in moments]
    for spans in deals:
        for span in spans:
            if kinds[span.stage_id] is not StageKind.OPEN or not selection.has(span.fields):
                continue
            seen = range(bisect_right(moments, span.start), bisect_right(moments, span.end))
            value = worth(span) if seen else None
            for place in seen:
                counts[place] += 1
                amounts[place] += value or 0
                if span.fields.amount is None:
                    without[place] += 1
                elif value is None:
                    apart[place][span.fields.currency].append(span.fields.amount)
    points = (
        Point(
            day_in(period.zone, moment - _INSTANT),
            count,
            Money(rounded(amount, currency), currency),
            lacking,
            tuple(Unpriced(len(some), Money(sum(some, Decimal(0)), code)) for code, some in sorted(unpriced.items())),
        )
        for moment, count, amount, lacking, unpriced in zip(moments, counts, amounts, without, apart, strict=True)
    )
    return PipelineTrend(period, step, tuple(points))
