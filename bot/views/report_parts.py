"""What a report is broken down by: a line or a row for each value, beside what it had in earlier periods."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.say import Percent, Say
from bot.views.blocks import Element, cell, cut
from bot.views.exchange import apart_note, worth_told
from bot.views.funnel_report import NAME, beside, ratio_told
from bot.views.lines import Table
from models.funnel_figures import Compared, Dimension, Part


def part_lines(by: Dimension | str, parts: Sequence[Compared[Part]], names: Mapping[int, str], say: Say) -> list[str]:
    """`names` are those of people by their ids."""
    return [
        say("funnel.report.by", field=field_told(by, say)),
        *_notes(parts, say),
        *(_part_line(each, names, say) for each in parts),
    ]


def part_table(by: Dimension | str, parts: Sequence[Compared[Part]], names: Mapping[int, str], say: Say) -> Table:
    """The same as a table."""
    field = field_told(by, say)
    columns = [say.plain(f"table.{each}") for each in ("began", "wins", "won", "lost", "win_rate")]
    return Table(
        say.plain("funnel.report.by_plain", field=field),
        [field[:1].upper() + field[1:], *columns],
        [_part_row(each, names, say) for each in parts],
        notes=_notes(parts, say),
    )


def _notes(parts: Sequence[Compared[Part]], say: Say) -> list[str]:
    every = [part for each in parts for part in each.all if part]
    return apart_note([part.won_amount for part in every], say)


def field_told(by: Dimension | str, say: Say) -> str:
    """By what a report is broken down."""
    return say.plain(f"field.{by}") if isinstance(by, Dimension) else cut(by, NAME)


def _part_row(part: Compared[Part], names: Mapping[int, str], say: Say) -> list[Element]:

    def figure(of: Callable[[Part], int]) -> Element:
        return cell(beside([of(each) if each else None for each in part.all], say), of(part.now))

    rate, *earlier = [each.win_rate if each else None for each in part.all]
    shares = [None if each is None else Percent(each.share) for each in (rate, *earlier)]
    return [
        cell(cut(value_told(part.now.value, names, say), NAME)),
        figure(lambda each: each.begun),
        figure(lambda each: each.won),
        cell(
            beside([worth_told(each.won_amount, say) if each else None for each in part.all], say),
            None if part.now.won_amount.unpriced else float(part.now.won_amount.amount),
        ),
        figure(lambda each: each.lost),
        cell(ratio_told(rate, earlier, say), rate.share) if rate else cell(beside(shares, say)),
    ]


def _part_line(part: Compared[Part], names: Mapping[int, str], say: Say) -> str:
    def figure(of: Callable[[Part], Any]) -> str:
        return beside([of(each) if each else None for each in part.all], say)

    told = {
        "value": value_told(part.now.value, names, say),
        "begun": figure(lambda each: each.begun),
        "won": figure(lambda each: each.won),
        "amount": figure(lambda each: worth_told(each.won_amount, say)),
        "lost": figure(lambda each: each.lost),
    }
    if part.now.win_rate is None:
        return say("funnel.report.part", **told)
    earlier = [each.win_rate if each else None for each in part.earlier]
    return say("funnel.report.part_with_rate", **told, rate=ratio_told(part.now.win_rate, earlier, say))


def value_told(value: int | str | None, names: Mapping[int, str], say: Say) -> str:
    """Of which owner, source or the like a part is; `names` are those of people by their ids."""
    if value is None:
        return say.plain("funnel.report.part_others")
    text = names.get(value, "") if isinstance(value, int) else value
    return cut(text, 2 * NAME) or say.plain("funnel.report.part_without_value")
