"""A command that may be meant by what people say freely.

In a command `{…}` is what must be found in what was said, and `[…]` what may be; `[…|…]` has behind the bar what is
meant where it was not found. `…` in a cue stands for any words.
"""

import re
from dataclasses import dataclass
from functools import cached_property

_SLOT = re.compile(r"{(\w+)}")
_MAYBE = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Intent:
    """A command that may be meant. `changes` tells that it changes a deal; `is_told_whole` that the cue is part of
    the text as well, as a reason may be; `beside` what may be asked about though the command has no place for it, as
    a stage whose conversion stands in a report of all."""

    command: str
    cues: str
    changes: bool = False
    is_told_whole: bool = False
    beside: frozenset[str] = frozenset()

    @cached_property
    def needed(self) -> frozenset[str]:
        return frozenset(_SLOT.findall(_MAYBE.sub("", self.command)))

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """All that may be found; not what is told, which any words are."""
        return self.beside.union(self.named) - {"text", "task"}

    @cached_property
    def named(self) -> tuple[str, ...]:
        """All that stands in the command, found or told."""
        return tuple(_SLOT.findall(self.command))

    @cached_property
    def cue_list(self) -> tuple[str, ...]:
        return tuple(cue.strip() for cue in self.cues.replace("\n", "|").split("|") if cue.strip())

    def filled(self, slots: dict[str, str]) -> str:
        """The command with what was found; what may be there and was not found is left out, or what is meant then."""

        def part(match: re.Match[str]) -> str:
            inner, _, otherwise = match[0][1:-1].partition("|")
            return inner if all(slots.get(name) for name in _SLOT.findall(inner)) else otherwise

        return _SLOT.sub(lambda match: slots[match[1]], _MAYBE.sub(part, self.command))
