"""What changed in the pipeline of a period since an earlier moment, as a sum that comes out exactly."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.course import Span, held_at
from models.deal import ForecastCategory
from models.forecast import Step, Waterfall
from models.known_deals import Selection
from models.period import Period
from models.pipeline import StageKind

_MOST_NAMED = 3
_NOTHING: Mapping[str, Decimal] = {}
Amounts = Mapping[str, Decimal]
"""By currencies: the workspace's, and those without a rate."""


@dataclass(frozen=True)
class DueDeals:
    """The selected deals that are to close within a period, as of `at`, by their close dates. While the period runs,
    deals that are overdue, or have no date, are still to close in it."""

    period: Period
    kinds: dict[int, StageKind]
    selection: Selection
    currency: str
    at: datetime

    def changes(self, deals: Iterable[list[Span]], *, since: datetime, worth: Callable[[Span], Amounts]) -> Waterfall:
        """Of deals given by their spans. What a span is worth is told at the same rates for both moments, so that no
        exchange rate looks like a sale."""
        moved: dict[str, list[tuple[Amounts, int]]] = {name: [] for name in vars(Waterfall())}
        for spans in deals:
            for name, amount in self._steps(held_at(spans, since), held_at(spans, self.at), since, worth):
                moved[name].append((amount, spans[0].fields.deal_id))
        return Waterfall(**{name: _step(found, self.currency) for name, found in moved.items()})

    def _steps(
        self, then: Span | None, now: Span | None, since: datetime, worth: Callable[[Span], Amounts]
    ) -> Iterator[tuple[str, Amounts]]:
        """What one deal adds to the sum; `now` is None where it is not begun yet, or gone on to another pipeline."""
        value = _NOTHING if now is None else worth(now)
        if then is not None and self._has(then):
            yield "before", worth(then)
            if now is None:
                yield "left", _change(worth(then), _NOTHING)
            else:
                change = _change(worth(then), value)
                for name, sign in (("grown", 1), ("shrunk", -1)):
                    if part := {code: amount for code, amount in change.items() if amount * sign > 0}:
                        yield name, part
        elif now is not None and (self._has(now) or self._came_and_went(now, since)):
            yield "new" if then is None else "joined", value
        else:
            return
        if now is not None:
            yield ("now", value) if self._has(now) else (self._way_out(now), _change(value, _NOTHING))

    def is_due(self, span: Span) -> bool:
        day = span.fields.close_date
        return self._runs if day is None else day <= self.period.last and (self._runs or day >= self.period.first)

    @property
    def _runs(self) -> bool:
        return self.period.start <= self.at

    def _has(self, span: Span) -> bool:
        return self.kinds[span.stage_id] is StageKind.OPEN and self.is_due(span) and self._is_meant(span)

    def _is_meant(self, span: Span) -> bool:
        return self.selection.has(span.fields) and span.fields.forecast != ForecastCategory.OMITTED

    def _came_and_went(self, now: Span, since: datetime) -> bool:
        """Whether a deal was closed meanwhile that was to close in the period, or was won in it before it was due."""
        if now.closed_at is None or now.closed_at <= since or not self._is_meant(now):
            return False
        return self.is_due(now) or (self.kinds[now.stage_id] is not StageKind.LOST and self.period.has(now.closed_at))

    def _way_out(self, now: Span) -> str:
        if not self._is_meant(now):
            return "left"
        match self.kinds[now.stage_id]:
            case StageKind.OPEN:
                day = now.fields.close_date
                return "slipped" if day is not None and day > self.period.last else "left"
            case StageKind.LOST:
                return "lost"
        return "won"


def _change(before: Amounts, after: Amounts) -> Amounts:
    nothing = Decimal(0)
    return {code: after.get(code, nothing) - before.get(code, nothing) for code in {**before, **after}}


def _step(moved: list[tuple[Amounts, int]], currency: str) -> Step:
    nothing = Decimal(0)
    total: dict[str, Decimal] = {}
    for amounts, _ in moved:
        for code, amount in amounts.items():
            total[code] = total.get(code, nothing) + amount
    largest = sorted(moved, key=lambda each: abs(each[0].get(currency, nothing)), reverse=True)[:_MOST_NAMED]
    own = total.pop(currency, nothing)
    return Step(len(moved), own, total, tuple(deal_id for _, deal_id in largest))
