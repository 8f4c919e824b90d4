"""What a report is broken down by, in words: a line for each value, beside what it had in earlier periods."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.say import Say
from bot.views.blocks import cut
from bot.views.funnel_report import NAME, beside, ratio_told
from models.funnel_figures import Dimension, Part, PartBeside


def part_lines(by: Dimension | str, parts: Sequence[PartBeside], names: Mapping[int, str], say: Say) -> list[str]:
    """`names` are those of people by their ids."""
    field = say.plain(f"field.{by}") if isinstance(by, Dimension) else cut(by, NAME)
    return [say("funnel.report.by", field=field), *(_part_line(each, names, say) for each in parts)]


def _part_line(part: PartBeside, names: Mapping[int, str], say: Say) -> str:
    def figure(of: Callable[[Part], Any]) -> str:
        return beside([of(each) if each else None for each in (part.now, part.before, part.year_before)], say)

    told = {
        "value": _value(part.now.value, names, say),
        "begun": figure(lambda each: each.begun),
        "won": figure(lambda each: each.won),
        "amount": figure(lambda each: say.compact(each.won_amount)),
        "lost": figure(lambda each: each.lost),
    }
    if part.now.win_rate is None:
        return say("funnel.report.part", **told)
    earlier = [each.win_rate if each else None for each in (part.before, part.year_before)]
    return say("funnel.report.part_with_rate", **told, rate=ratio_told(part.now.win_rate, earlier, say))


def _value(value: int | str | None, names: Mapping[int, str], say: Say) -> str:
    if value is None:
        return say.plain("funnel.report.part_others")
    text = names.get(value, "") if isinstance(value, int) else value
    return cut(text, 2 * NAME) or say.plain("funnel.report.part_without_value")
