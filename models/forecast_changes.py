"""What changed in the pipeline of a period since an earlier moment, as a sum that comes out exactly."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

from models.course import Span
from models.deal import ForecastCategory
from models.forecast import Step, Waterfall
from models.known_deals import Selection
from models.pipeline import StageKind


def changes_between(
    deals: Iterable[list[Span]],
    kinds: dict[int, StageKind],
    selection: Selection,
    *,
    since: datetime,
    at: datetime,
    until: date,
    worth: Callable[[Span], Decimal],
) -> Waterfall:
    """Of deals given by their spans; `until` is the last day of the period. What a span is worth is told at the same
    rates for both moments, so that no exchange rate looks like a sale."""
    total: dict[str, Step] = dict.fromkeys(vars(Waterfall()), Step())

    def add(name: str, amount: Decimal, count: int = 1) -> None:
        total[name] += Step(count, amount)

    for spans in deals:
        then, now = _at(spans, since), _at(spans, at)
        was = then is not None and _belongs(then, kinds, selection, until)
        if now is None:  # not begun yet, or gone on to another pipeline
            if was and then is not None:
                add("before", worth(then))
                add("left", -worth(then))
            continue
        stands = _belongs(now, kinds, selection, until)
        value = worth(now)
        if was and then is not None:
            add("before", worth(then))
            if change := value - worth(then):
                add("grown" if change > 0 else "shrunk", change)
            if not stands:
                add(_way_out(now, kinds, selection), -value)
        elif then is None and (stands or (now.closed_at is not None and _is_meant(now, selection))):
            add("new", value)
            if not stands:
                add(_way_out(now, kinds, selection), -value)
        elif stands:
            add("joined", value)
        if stands:
            add("now", value)
    return Waterfall(**total)


def _at(spans: list[Span], moment: datetime) -> Span | None:
    return next((span for span in reversed(spans) if span.start <= moment < span.end), None)


def _belongs(span: Span, kinds: dict[int, StageKind], selection: Selection, until: date) -> bool:
    fields = span.fields
    is_due = fields.close_date is None or fields.close_date <= until
    return kinds[span.stage_id] is StageKind.OPEN and is_due and _is_meant(span, selection)


def _is_meant(span: Span, selection: Selection) -> bool:
    return selection.has(span.fields) and span.fields.forecast != ForecastCategory.OMITTED


def _way_out(span: Span, kinds: dict[int, StageKind], selection: Selection) -> str:
    if not _is_meant(span, selection):
        return "left"
    match kinds[span.stage_id]:
        case StageKind.OPEN:
            return "slipped"
        case StageKind.LOST:
            return "lost"
    return "won"
