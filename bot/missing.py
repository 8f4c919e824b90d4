"""Understands what is said of a deal that is not there, as `how likely is Globex?`, by supposing that it were."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.cues import cues_in
from bot.intents import vocabulary
from bot.spotting import ADDRESS, HAN, MASK, WORD, Around, Found, spotted
from bot.understanding import JOINT, LITTLE, Meaning, meaning, plain

_NUMBER = "#0"
"""No deal has it."""
_MOST_WORDS = 6
_SHORTEST = 3
"""So long is a cue of a single Chinese character, which may be part of a name as well."""
_NO_NAME = re.compile(
    r"and|or|but|its?|this|that|these|those|i|me|my|you|your|s?he|they|them|us|our|be|been|am|was|were|not|no|yes|with"
    r"|from|by|as|if|so|then|than|t?here|all|some|any|now|today|tomorrow|yesterday|on|ones|whatever",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"a", "an", "the", "my", "our", "your", "his", "her", "their", "some", "any"})
"""`show me the money` names no deal."""
_WHO = re.compile(r"\bwho\b|谁|哪", re.IGNORECASE)
_NO_NAME_IN_HAN = re.compile(r"谁|哪|什么|多少|怎|几|我|大家|所有|全组|团队|商机|单子")
_AROUND_HAN = re.compile(
    r"^(?:把|将|给|和|跟|与|对|我们|我|请|这个|那个|的|了|在)+"
    r"|(?:的|了|吗|呢|吧|啊|呀|啦|在|到|给|还|已经?|能|会|能不能|会不会|这单|的?(?:商机|单子))+$"
)


def meant_of_no_deal(said: str, around: Around, *, otherwise: Sequence[Meaning]) -> tuple[str, Meaning] | None:
    """The name of the deal that is not there, and what is meant of it, where a cue stands there in just these words.

    What is meant `otherwise` is likelier, but where a list or report is less than a deal that is moved for certain."""
    if any(each.changes or each.is_of_a_deal for each in otherwise) or (otherwise and said == said.lower()):
        return None
    found = spotted(plain(said), around)
    if "deal" in found.slots:
        return None
    for name in _names(found):
        meant = meaning(said, replace(around, deals=[(0, name), *around.deals]))
        if meant and _is_likely(meant, name, said) and (not otherwise or _is_a_sure_move(meant, name)):
            return name, replace(meant, command=meant.command.replace(_NUMBER, name, 1))
    return None


def _is_likely(meant: Meaning, name: str, said: str) -> bool:
    is_of_it = f" {_NUMBER}" in meant.command
    return is_of_it and (meant.is_certain or not name.islower()) and not (meant.changes and _WHO.search(said))


def _is_a_sure_move(meant: Meaning, name: str) -> bool:
    has_capital = name.lower() != name
    return has_capital and meant.is_certain and meant.command.startswith(("/deal won", "/deal lost", "/deal move"))


def _names(found: Found) -> list[str]:
    """What may be the name, the likeliest first: words that mean nothing else, beside the cue, with a capital."""
    addresses = [match.span() for match in ADDRESS.finditer(found.words)]
    spoken_of = _blackened(found.words, [*found.spans.values(), *addresses])
    supposed = replace(found, slots={"deal": _NUMBER, **found.slots})
    cues = [cue for cue in cues_in(spoken_of, supposed) if cue.is_exact and "deal" in cue.intent.needed]
    if not cues:
        return []
    best = max(cues, key=lambda cue: cue.rank(supposed.slots))
    told = [cue for cue in cues if cue.intent is best.intent and cue.length > _SHORTEST]
    rest = _blackened(spoken_of, [*best.spans, *(span for cue in told for span in cue.spans)])
    ends = [0, *(place for joint in JOINT.finditer(rest) for place in joint.span()), len(rest)]
    parts = sorted(zip(ends[::2], ends[1::2], strict=True), key=lambda part: not part[0] <= best.spans[0][0] < part[1])
    names = sorted((name for start, end in parts for name in _runs(rest[start:end])), key=str.islower)
    if "{task}" in best.intent.command and (len(names) > 1 or not re.match("[A-Z]", "".join(names))):
        return []  # who is to be called, or what is to be bought, is no deal
    return names


def _runs(words: str) -> Iterator[str]:
    """Runs of words of which none says anything of its own."""
    run: list[str] = []
    before = ""
    for word in [*WORD.findall(words.replace(MASK, " , ")), ""]:
        named = _AROUND_HAN.sub("", word) if HAN.search(word) else word.removesuffix("'s")
        if _may_be_of_a_name(named) and not (not run and named.islower() and before.lower() in _ARTICLES):
            run.append(named)
        elif run:
            if len(run) <= _MOST_WORDS:
                yield " ".join(run)
            run = []
        before = word


def _may_be_of_a_name(word: str) -> bool:
    if HAN.search(word):
        return _NO_NAME_IN_HAN.search(word) is None
    return word[:1].isalnum() and word.lower() not in vocabulary() | LITTLE and not _NO_NAME.fullmatch(word)


def _blackened(words: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        words = f"{words[:start]}{MASK * (end - start)}{words[end:]}"
    return words
