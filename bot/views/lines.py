"""Lines and tables that may be more than a message holds: as many as fit, and how many were left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.say import Say
from bot.views.blocks import (
    MESSAGE_CHARACTERS,
    TABLE_ROWS,
    Block,
    Element,
    cell,
    context,
    data_table,
    fit,
    paragraphs,
    section,
    size,
)


@dataclass(frozen=True)
class Table:
    """What stands in a table, as plain text; `head` names its columns."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Element]]
    named_by: int = 0
    """The column that says what a row is about."""
    notes: Sequence[str] = ()
    """What stands below it, as markup."""


def as_many_as_fit(lines: Sequence[str], say: Say, *, beside: Sequence[Block], of: int = 0) -> tuple[Block, ...]:
    """The lines, which are markup, in a message that has the blocks `beside` them too. Where there are more of them
    than were written down, they are the first ones `of` so many."""
    shown = max(0, fit([beside, *([section(line)] for line in lines)]) - 1)
    left = max(of, len(lines)) - shown
    more = [context(say("list.and_more", count=left))] if left else []
    return (*paragraphs(lines[:shown]), *more)


def table_as_fits(table: Table, say: Say, *, beside: Sequence[Block]) -> tuple[Block, ...]:
    """The first rows of the table in a message that has the blocks `beside` it too."""
    head = [cell(each) for each in table.head]
    notes = [context("\n".join(table.notes))] if table.notes else []
    left, shown = MESSAGE_CHARACTERS - 1_000 - size([*beside, *notes]) - size(head), 0
    for row in table.rows[:TABLE_ROWS]:
        left -= size(row)
        if left < 0:
            break
        shown += 1
    told = [data_table(table.caption, [head, *table.rows[:shown]], named_by=table.named_by)] if shown else []
    more = [context(say("list.and_more", count=len(table.rows) - shown))] if shown < len(table.rows) else []
    return (*told, *more, *notes)
