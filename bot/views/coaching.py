"""What a manager may want to talk about with whom: differences that are more than chance, and no more than that."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.say import Percent, Say
from bot.views.blocks import Block, bar_chart, context, cut, section
from bot.views.lines import as_many_as_fit
from models.funnel_figures import Ratio
from models.timeline import StageFacts

NAME = 40
_MOST_DRAWN = 5
_SHORT = 9
"""So much of a name and of a stage stands below a bar."""


class Difference(Protocol):
    """A person's share of the deals that got beyond a stage, and that of everybody else."""

    @property
    def member_id(self) -> int: ...
    @property
    def stage(self) -> StageFacts: ...
    @property
    def within(self) -> int: ...
    @property
    def own(self) -> Ratio: ...
    @property
    def others(self) -> Ratio: ...


class Comparison(Protocol):
    """What was found among how many comparisons."""

    @property
    def differences(self) -> Sequence[Difference]: ...
    @property
    def comparisons(self) -> int: ...


def coaching_view(found: Comparison, names: Mapping[int, str], say: Say, *, with_chart: bool) -> tuple[Block, ...]:
    """The differences, those that chance explains least in a chart, and what they do not say."""
    title = section(say("coaching.title"))
    means = context(say("coaching.means", count=found.comparisons))
    if not found.differences:
        return (title, section(say(_nothing(found))), means)
    chart = _chart(found.differences[:_MOST_DRAWN], names, say) if with_chart else ()
    lines = [
        say("coaching.more" if each.own.share > each.others.share else "coaching.less", **_told(each, names, say))
        for each in found.differences
    ]
    return (title, *chart, *as_many_as_fit(lines, say, beside=[title, *chart, means]), means)


def coaching_text(found: Comparison, names: Mapping[int, str], say: Say) -> str:
    """The chart in a plain sentence, for notifications and whoever cannot see it."""
    told = [say.plain("coaching.short", **_told(each, names, say)) for each in found.differences[:_MOST_DRAWN]]
    return say.plain("coaching.text", told=told) if told else say.plain(_nothing(found))


def _nothing(found: Comparison) -> str:
    return "coaching.nothing" if found.comparisons else "coaching.too_few"


def _chart(shown: Sequence[Difference], names: Mapping[int, str], say: Say) -> tuple[Block, ...]:
    """Slack draws no interval: its ends are bars of their own."""
    series = {
        "others": [each.others.share for each in shown],
        "low": [each.own.low for each in shown],
        "own": [each.own.share for each in shown],
        "high": [each.own.high for each in shown],
    }
    return (
        bar_chart(
            say.plain("coaching.chart.title"),
            [f"{cut(names[each.member_id], _SHORT)}: {cut(each.stage.name, _SHORT)}" for each in shown],
            {
                say.plain(f"coaching.chart.{name}"): [round(100 * share, 1) for share in shares]
                for name, shares in series.items()
            },
        ),
        context(say("coaching.chart.means")),
    )


def _told(each: Difference, names: Mapping[int, str], say: Say) -> dict[str, object]:
    return {
        "name": cut(names[each.member_id], NAME),
        "stage": cut(each.stage.name, NAME),
        "rate": Percent(each.own.share),
        "low": Percent(each.own.low),
        "high": Percent(each.own.high),
        "others": Percent(each.others.share),
        "decided": each.own.count,
        "within": say.plain("unit.days", count=max(1, each.within)),
    }
