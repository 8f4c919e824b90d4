"""What a manager may want to talk about with whom: differences that are more than chance, and no more than that."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.say import Percent, Say
from bot.views.blocks import Block, context, cut, section
from bot.views.lines import as_many_as_fit
from models.timeline import StageFacts

NAME = 40


class Difference(Protocol):
    """A person's share of the deals that got beyond a stage, and that of everybody else."""

    @property
    def member_id(self) -> int: ...
    @property
    def stage(self) -> StageFacts: ...
    @property
    def rate(self) -> float: ...
    @property
    def others_rate(self) -> float: ...
    @property
    def decided(self) -> int: ...


class Comparison(Protocol):
    """What was found among how many comparisons."""

    @property
    def differences(self) -> Sequence[Difference]: ...
    @property
    def comparisons(self) -> int: ...


def coaching_view(found: Comparison, names: Mapping[int, str], say: Say) -> tuple[Block, ...]:
    """The differences, and what they do not say."""
    title = section(say("coaching.title"))
    means = context(say("coaching.means", count=found.comparisons))
    if not found.differences:
        return (title, section(say("coaching.nothing" if found.comparisons else "coaching.too_few")), means)
    lines = [_line(each, names[each.member_id], say) for each in found.differences]
    return (title, *as_many_as_fit(lines, say, beside=[title, means]), means)


def _line(each: Difference, name: str, say: Say) -> str:
    values = {
        "name": cut(name, NAME),
        "stage": cut(each.stage.name, NAME),
        "rate": Percent(each.rate),
        "others": Percent(each.others_rate),
        "decided": each.decided,
    }
    return say("coaching.more" if each.rate > each.others_rate else "coaching.less", **values)
