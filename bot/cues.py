"""Which cues of INTENTS stand in what is said; small misspellings and other endings pass, but are not exact."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.intent import Intent
from bot.intents import INTENTS, vocabulary
from bot.spotting import HAN, Found, misspelt, place_of, word_runs

_ENDING = re.compile(r"(?:ing|ed|es|s|e)$")


@dataclass(frozen=True)
class Cue:
    """A cue that was heard: of which intent, where in the words, and whether in just these words."""

    intent: Intent
    spans: tuple[tuple[int, int], ...]
    length: int
    is_exact: bool

    def rank(self, slots: Collection[str]) -> tuple[bool, bool, int, bool, int]:
        """What looks for any words at all comes last, as everything is that."""
        looks_for_anything = self.intent.needed == {"text"} and not self.intent.changes
        return (
            self.is_exact,
            not looks_for_anything,
            len(self.intent.spoken_of & set(slots)),
            not self.intent.is_told_whole,
            self.length,
        )


def cues_in(masked: str, found: Found) -> Iterator[Cue]:
    """Of the intents for which all is there that they need."""
    said = masked.lower()
    for intent in INTENTS:
        if not intent.needed - {"text", "task"} <= found.slots.keys():
            continue
        for cue in intent.cue_list:
            if spans := _places(cue, said):
                yield Cue(intent, spans, sum(end - start for start, end in spans) * weight_of(cue), True)
            elif (span := _alike(cue, said)) is not None:
                yield Cue(intent, (span,), len(cue), False)


def weight_of(cue: str) -> int:
    """A Chinese character says as much as three letters."""
    return 3 if HAN.search(cue) else 1


def _places(cue: str, said: str) -> tuple[tuple[int, int], ...]:
    """Where each part of the cue stands, one after the other; empty unless all are there."""
    spans: list[tuple[int, int]] = []
    for part in cue.split("…"):
        span = place_of(part.strip(), said, spans[-1][1] if spans else 0)
        while span and part.strip().endswith("我") and said.startswith("们", span[1]):  # we are not me
            span = place_of(part.strip(), said, span[1])
        if span is None:
            return ()
        spans.append(span)
    return tuple(spans)


def _alike(cue: str, said: str) -> tuple[int, int] | None:
    if HAN.search(cue) or "…" in cue:
        return None
    many = cue.count(" ") + 1
    for start, end in word_runs(said, many):
        text = said[start:end]
        if text.count(" ") + 1 == many and text not in vocabulary() and _is_like(text, cue):
            return start, end
    return None


def _is_like(text: str, cue: str) -> bool:
    """A small misspelling away, or the same words with other endings."""
    return misspelt(text, cue) is not None or _stems(text) == _stems(cue)


def _stems(text: str) -> list[str]:
    return [_ENDING.sub("", word) if len(word) > 4 else word for word in text.split()]
