"""The snapshot of a period in words: what came into each stage and how it left, beside earlier periods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from moneyed import Money

from bot.say import Percent, Say
from bot.views.blocks import Block, Element, cell, context, cut, header, paragraphs, section
from bot.views.exchange import unpriced_told
from bot.views.lines import Table, as_many_as_fit, table_as_fits
from models.deal import DealField
from models.funnel_figures import Compared, Quartiles, Ratio, Snapshot
from models.period import Period, Unit
from models.velocity import Velocity

NAME = 40
"""As many letters of a stage's name are shown."""
NONE = "–"
"""Nothing is known: no dash means `to`."""
TO = " … "
WAYS = ("at_start", "entered", "forward", "back", "skipped", "lost", "elsewhere", "still_there")
"""What is told of a stage, in this order."""


@dataclass(frozen=True)
class Asked:
    """Which deals a report is about: those of a pipeline, `only` those of an owner, source, company or own field; and
    the currency that amounts are told in."""

    pipeline: str
    only: tuple[tuple[DealField | str, str], ...] = ()
    currency: str = ""


def snapshot_report(
    asked: Asked,
    report: Compared[Snapshot],
    say: Say,
    parts: Sequence[str] = (),
) -> tuple[Block, ...]:
    """The whole report; what each figure means stands below. `parts` are the lines of what it is broken down by."""
    lines = [_stage_line(place, report, say) for place in range(len(report.now.flows))]
    told = (*_beginning(asked, report, say), *paragraphs(lines), _ending(report, say))
    means = _meanings(report, say)
    return (*told, *as_many_as_fit(parts, say, beside=[*told, means]), means)


def snapshot_tables(
    asked: Asked, report: Compared[Snapshot], say: Say, parts: Table | None = None
) -> tuple[Block, ...]:
    """The same with tables of the stages and of the parts."""
    begin, end, means = _beginning(asked, report, say), _ending(report, say), _meanings(report, say)
    stages = table_as_fits(_stage_table(asked, report, say), say, beside=[*begin, end, means])
    told = (*begin, *stages, end)
    return (*told, *(table_as_fits(parts, say, beside=[*told, means]) if parts else ()), means)


def _beginning(asked: Asked, report: Compared[Snapshot], say: Say) -> tuple[Block, ...]:
    period = period_told(report.now.period, say)
    return (
        header(say.plain("funnel.report.title", pipeline=asked.pipeline)),
        section(say("funnel.report.snapshot", period=period, only=deals_told(asked, say))),
        context(beside_told(report, say)),
    )


def _ending(report: Compared[Snapshot], say: Say) -> Block:
    reopened = report.now.reopened
    told = [say("funnel.report.reopened", count=reopened)] if reopened else []
    return section("\n".join([_closed_line(report, say), *told, *_velocity_lines(report, say)]))


def _meanings(report: Compared[Snapshot], say: Say) -> Block:
    moves = "moves_and_elsewhere" if _some_went_elsewhere(report) else "moves"
    return context("\n".join(say(f"funnel.report.means.{each}") for each in ("snapshot", moves, "days", "velocity")))


def report_text(asked: Asked, period: Period, say: Say) -> str:
    """The report in one plain line, for notifications and above its picture."""
    return say.plain("funnel.report.short", pipeline=cut(asked.pipeline, NAME), period=period_told(period, say))


def period_told(period: Period, say: Say) -> str:
    """`Nov 1, 2026 to Nov 24, 2026, so far`, `Nov 24, 2026`"""
    days = _span_told(period, say)
    return say.plain("funnel.report.so_far", days=days) if period.is_running else days


def _span_told(period: Period, say: Say) -> str:
    is_day = period.days == 1
    return say.value(period.first) if is_day else say.plain("funnel.report.days", first=period.first, last=period.last)


def whole_period(period: Period, say: Say) -> str:
    """`Q4 2026`; of weeks and the like their days."""
    match period.unit:
        case Unit.MONTH:
            return say.month(period.first)
        case Unit.QUARTER:
            return say.quarter(period.first)
        case Unit.YEAR:
            return str(period.first.year)
    return say.value(period.first) if period.days == 1 else period_told(period, say)


def deals_told(asked: Asked, say: Say) -> str:
    """Which deals, and in what currency all that they are worth is told."""
    told = [say.plain("funnel.report.currency", currency=asked.currency)] if asked.currency else []
    return " · ".join([only_told(asked, say), *told])


def only_told(asked: Asked, say: Say) -> str:
    told = [
        say.plain(
            "funnel.report.only",
            field=say.plain(f"field.{field}") if isinstance(field, DealField) else cut(field, NAME),
            value=cut(value, 2 * NAME),
        )
        for field, value in asked.only
    ]
    return " · ".join(told) or say.plain("funnel.report.all_deals")


def beside_told(report: Compared[Any], say: Say) -> str:
    """What stands in brackets behind each figure."""
    if not any(report.earlier):
        return say("funnel.report.nothing_beside")
    before, *last_year = [_span_told(each.period, say) if each else NONE for each in report.earlier]
    if not last_year:
        return say("funnel.report.beside_one", before=before)
    return say("funnel.report.beside", before=before, last_year=last_year[0])


def beside(values: Sequence[Any], say: Say) -> str:
    """`12 (10 / 8)`: a figure and those of the earlier periods; without any, the figure alone."""
    now, *earlier = [NONE if value is None else say.value(value) for value in values]
    return now if all(each == NONE for each in earlier) else f"{now} ({' / '.join(earlier)})"


def ratio_told(now: Ratio, earlier: Sequence[Ratio | None], say: Say) -> str:
    """`42% (38% / –), 95% interval 19% to 68%`"""
    shares = [None if each is None else Percent(each.share) for each in (now, *earlier)]
    return say.plain(
        "funnel.report.ratio", share=beside(shares, say), low=Percent(now.low), high=Percent(now.high), count=now.count
    )


def amount_told(money: Money, say: Say) -> str:
    """An average, which has coins where they count only."""
    coins = Decimal(1) if money.amount >= 100 else Decimal("0.01")
    return say.compact(Money(money.amount.quantize(coins), money.currency))


def _stage_line(place: int, report: Compared[Snapshot], say: Say) -> str:
    flow = report.now.flows[place]

    flows = [each.flows[place] if each else None for each in report.all]
    shown = [
        name
        for name in WAYS
        if (name != "skipped" or flow.stage.is_open)
        and (name != "elsewhere" or any(each.elsewhere for each in flows if each))
    ]
    told = [
        say.plain(f"funnel.report.{name}", figure=beside([getattr(each, name, None) for each in flows], say))
        for name in shown
    ]
    days = report.now.days.get(flow.stage.id)
    if days is not None and days.ended + days.lasting:
        medians = [days_rounded(each.days[flow.stage.id].median) if each else None for each in report.all]
        told.append(_days_told(days, beside(medians, say), say))
    return say("funnel.report.stage", stage=cut(flow.stage.name, NAME), figures=" · ".join(told))


def _stage_table(asked: Asked, report: Compared[Snapshot], say: Say) -> Table:
    ways = [name for name in WAYS if name != "elsewhere" or _some_went_elsewhere(report)]
    return Table(
        report_text(asked, report.now.period, say),
        [say.plain(f"table.{each}") for each in ("stage", *ways, "days")],
        [_stage_row(place, ways, report, say) for place in range(len(report.now.flows))],
    )


def _some_went_elsewhere(report: Compared[Snapshot]) -> bool:
    return any(flow.elsewhere for each in report.all if each for flow in each.flows)


def _stage_row(place: int, ways: Sequence[str], report: Compared[Snapshot], say: Say) -> list[Element]:
    flow = report.now.flows[place]
    flows = [each.flows[place] if each else None for each in report.all]
    medians = [
        days_rounded(days.median) if each and (days := each.days.get(flow.stage.id)) else None for each in report.all
    ]
    return [
        cell(cut(flow.stage.name, NAME)),
        *(
            cell(beside([getattr(each, name, None) for each in flows], say), getattr(flow, name))
            if name != "skipped" or flow.stage.is_open
            else cell("")
            for name in ways
        ),
        _days_cell(report.now.days.get(flow.stage.id), beside(medians, say), medians[0], say),
    ]


def _days_cell(days: Quartiles | None, median: str, sorted_by: float | None, say: Say) -> Element:
    if days is None or not days.ended + days.lasting:
        return cell("")
    return cell(quartiles_told(days, say, median=median), sorted_by)


def quartiles_told(days: Quartiles, say: Say, *, median: str = "") -> str:
    """`2.4 … 3.9 … 6`, or the median alone where no quarter has left yet; with what stands for it, if anything does."""
    low, half, high = (
        NONE if each is None else say.value(days_rounded(each)) for each in (days.low, days.median, days.high)
    )
    return median or half if days.low is None else f"{low}{TO}{median or half}{TO}{high}"


def _days_told(days: Quartiles, median: str, say: Say) -> str:
    return say.plain("funnel.report.days_in_stage", days=quartiles_told(days, say, median=median), count=days.lasting)


def days_rounded(days: float | None) -> float | None:
    """Whole days from ten on."""
    if days is None:
        return None
    return round(days) if days >= 10 else round(days, 1)


def _closed_line(report: Compared[Snapshot], say: Say) -> str:
    def figure(of: Callable[[Snapshot], int]) -> str:
        return beside([of(each) if each else None for each in report.all], say)

    closed = {
        "begun": figure(lambda each: each.begun),
        "won": figure(lambda each: each.won),
        "lost": figure(lambda each: each.lost),
    }
    rate = report.now.win_rate
    if rate is None:
        return say("funnel.report.closed", **closed)
    earlier = [each.win_rate if each else None for each in report.earlier]
    return say("funnel.report.closed_with_rate", **closed, rate=ratio_told(rate, earlier, say))


def _velocity_lines(report: Compared[Snapshot], say: Say) -> list[str]:
    now = report.now.velocity
    paces = [each.velocity.a_day if each else None for each in report.all]
    if now.a_day is None or now.win_rate is None or now.average_amount is None or now.cycle_days is None:
        why = "no_velocity"
        if now.average_amount is not None:
            why = "velocity_within_a_day" if now.is_within_a_day else "velocity_undated"
        lines = [say(f"funnel.report.{why}")]
    else:
        told = [None if pace is None else amount_told(pace, say) for pace in paces]
        lines = [
            say(
                "funnel.report.velocity",
                pace=beside(told, say),
                opportunities=now.opportunities,
                win_rate=Percent(now.win_rate),
                amount=amount_told(now.average_amount, say),
                days=days_rounded(now.cycle_days),
            )
        ]
    return [*lines, *left_out(now, say)]


def left_out(velocity: Velocity, say: Say) -> list[str]:
    """How many deals have no part in the averages, and why."""
    lines = [say("funnel.report.undated", count=velocity.undated)] if velocity.undated else []
    without_rate = sum(each.count for each in velocity.unpriced)
    if without_rate:
        amounts = unpriced_told(velocity.unpriced, say)
        lines.append(say("funnel.report.without_rate", count=without_rate, amounts=amounts))
    if velocity.no_amount:
        lines.append(say("funnel.report.unpriced", count=velocity.no_amount))
    return lines
