"""Lines that may be more than a message holds: as many as fit, and how many were left out."""

from collections.abc import Sequence

from bot.say import Say
from bot.views.blocks import Block, context, fit, paragraphs, section


def as_many_as_fit(lines: Sequence[str], say: Say, *, beside: Sequence[Block]) -> tuple[Block, ...]:
    """The lines, which are markup, in a message that has the blocks `beside` them too."""
    shown = max(0, fit([beside, *([section(line)] for line in lines)]) - 1)
    more = [context(say("list.and_more", count=len(lines) - shown))] if shown < len(lines) else []
    return (*paragraphs(lines[:shown]), *more)
