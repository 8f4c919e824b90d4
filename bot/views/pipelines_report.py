"""Pipelines side by side: a line or a row for each of what means the same whatever its stages are, and all together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moneyed import Money

from bot.say import Percent, Say
from bot.views.blocks import Block, Element, cell, context, cut, header, section
from bot.views.exchange import apart_note, worth_told
from bot.views.funnel_report import (
    NAME,
    Asked,
    amount_told,
    beside,
    beside_told,
    days_rounded,
    deals_told,
    left_out,
    period_told,
    ratio_told,
    report_text,
)
from bot.views.lines import Table, as_many_as_fit, table_as_fits
from models.funnel_figures import Compared, PipelineFigures, Ratio
from models.pricing import Worth


@dataclass(frozen=True)
class PipelinesBeside:
    """Each pipeline by its name, and all of them together."""

    pipelines: Mapping[str, Compared[PipelineFigures]]
    together: Compared[PipelineFigures]

    @property
    def is_cohort(self) -> bool:
        return self.together.now.is_cohort

    @property
    def all(self) -> Sequence[Compared[PipelineFigures]]:
        return (*self.pipelines.values(), *([self.together] if len(self.pipelines) > 1 else []))


_Value = int | float | Money | Ratio | Worth | None

_FIGURES: Mapping[str, Callable[[PipelineFigures], _Value]] = {
    "began": lambda each: each.begun,
    "open": lambda each: each.velocity.open,
    "wins": lambda each: each.velocity.won,
    "won": lambda each: each.velocity.worth,
    "lost": lambda each: each.velocity.lost,
    "win_rate": lambda each: each.win_rate,
    "average": lambda each: each.velocity.average_amount,
    "cycle": lambda each: each.velocity.cycle_days,
    "velocity": lambda each: each.a_day,
}


def pipelines_report(asked: Asked, found: PipelinesBeside, say: Say) -> tuple[Block, ...]:
    begin, below = _beginning(asked, found, say), _below(found, say)
    lines = [_line(name, each, say) for name, each in _rows(found, say)]
    return (*begin, *as_many_as_fit(lines, say, beside=[*begin, below]), below)


def pipelines_tables(asked: Asked, found: PipelinesBeside, say: Say) -> tuple[Block, ...]:
    """The same as a table."""
    begin, below = _beginning(asked, found, say), _below(found, say)
    names = [name for name in _FIGURES if name != "velocity" or not found.is_cohort]
    table = Table(
        report_text(asked, found.together.now.period, say),
        [say.plain(f"table.{each}") for each in ("pipeline", *names)],
        [
            [cell(cut(name, NAME)), *(_cell(_FIGURES[each], row, say) for each in names)]
            for name, row in _rows(found, say)
        ],
    )
    return (*begin, *table_as_fits(table, say, beside=[*begin, below]), below)


def _rows(found: PipelinesBeside, say: Say) -> Iterator[tuple[str, Compared[PipelineFigures]]]:
    yield from zip([*found.pipelines, say.plain("funnel.report.together")], found.all, strict=False)


def _beginning(asked: Asked, found: PipelinesBeside, say: Say) -> tuple[Block, ...]:
    period = period_told(found.together.now.period, say)
    view = "cohorts" if found.is_cohort else "snapshot"
    return (
        header(say.plain("funnel.report.title", pipeline=asked.pipeline)),
        section(say(f"funnel.report.{view}", period=period, only=deals_told(asked, say))),
        context(beside_told(found.together, say)),
    )


def _below(found: PipelinesBeside, say: Say) -> Block:
    every = [figures.velocity.worth for each in found.all for figures in each.all if figures]
    means = ("cohort", "followed", "interval") if found.is_cohort else ("snapshot", "velocity")
    told = [say(f"funnel.report.means.{each}") for each in (*means, "pipelines")]
    return context("\n".join([*left_out(found.together.now.velocity, say), *apart_note(every, say), *told]))


def _cell(figure: Callable[[PipelineFigures], _Value], each: Compared[PipelineFigures], say: Say) -> Element:
    return cell(_told(figure, each, say), _sorted_by(figure(each.now)))


def _line(name: str, each: Compared[PipelineFigures], say: Say) -> str:
    told = [
        say.plain(f"funnel.report.pipeline.{figure}", figure=_told(of, each, say))
        for figure, of in _FIGURES.items()
        if of(each.now) is not None
    ]
    return say("funnel.report.stage", stage=cut(name, NAME), figures=" · ".join(told))


def _told(figure: Callable[[PipelineFigures], _Value], each: Compared[PipelineFigures], say: Say) -> str:
    now, *earlier = [figure(one) if one else None for one in each.all]
    if isinstance(now, Ratio):
        return ratio_told(now, [one if isinstance(one, Ratio) else None for one in earlier], say)
    return beside([_text(one, say) for one in (now, *earlier)], say)


def _text(value: _Value, say: Say) -> str | Percent | float | None:
    match value:
        case Ratio():
            return Percent(value.share)
        case Worth():
            return worth_told(value, say)
        case Money():
            return amount_told(value, say)
        case float():
            return days_rounded(value)
    return value


def _sorted_by(value: _Value) -> float | None:
    """Nothing is sorted by amounts of which one has no rate."""
    match value:
        case Ratio():
            return value.share
        case Worth():
            return None if value.unpriced else float(value.amount)
        case Money():
            return float(value.amount)
    return value
