"""Takes apart what is said of two things at once, and puts the name of a deal where a pronoun stands for it."""

import re
from dataclasses import replace

from bot.spotting import HAN, Around, spotted
from bot.understanding import Meaning, meaning

_PRONOUN = re.compile(
    r"\b(?:its?|(?:this|that|the same|the last|my last) (?:one|deal)|the deal)(?=[\s,.!?;:\u2019']|$)"
    r"|它|[这那](?:个商机|个单子|一单|单|个)|刚才那个|上一个商机|刚才的商机",
    re.IGNORECASE,
)
_AND = re.compile(
    r",?\s+and(?: then| also)?\s+|,\s*then\s+|\s+then\s+|;\s*|\.\s+|[，,]?(?:并且|然后|同时|并|顺便|再把)|[，；。]",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"[:：]|\bbecause\b|因为|\b(?:note|remind|called|met|emailed|saying|that)\b|提醒|备注|记", re.IGNORECASE
)


def means_one_before(said: str) -> bool:
    """Whether a pronoun may stand for a deal that was spoken of before."""
    return _PRONOUN.search(said) is not None


def meanings(said: str, around: Around, *, before: str = "") -> list[Meaning]:
    """What is meant: nothing, one thing, or two changes at once. `before` is the deal that a pronoun stands for."""
    slots = spotted(said, around).slots
    if before and "deal" not in slots and "period" not in slots:
        said = _with(before, said)
        return [_doubted(each) for each in _meanings(said, around)]
    return _meanings(said, around)


def _meanings(said: str, around: Around) -> list[Meaning]:
    for joint in _AND.finditer(said):
        first, second = said[: joint.start()], said[joint.end() :]
        if _TOLD.search(first):
            break
        if both := _both(first, second, around):
            return both
    one = meaning(said, around)
    return [one] if one else []


def _both(first: str, second: str, around: Around) -> list[Meaning]:
    """Two changes, each of them certain, or nothing; the second may be of the deal of the first."""
    deal = spotted(first, around).shown.get("deal")
    if deal and not _names_a_deal(second, around):
        second = _with(deal, second)
    found = [meaning(first, around), meaning(second, around)]
    return [each for each in found if each and each.changes and each.is_certain] if _are_two(found) else []


def _are_two(found: list[Meaning | None]) -> bool:
    return all(each and each.changes and each.is_certain for each in found) and found[0] != found[1]


def _with(deal: str, words: str) -> str:
    if _PRONOUN.search(words):
        return _PRONOUN.sub(lambda match: f"{deal}'s" if match[0].lower() == "its" else deal, words, count=1)
    return f"{deal}{words}" if HAN.search(words) else f"{words} for {deal}"


def _names_a_deal(words: str, around: Around) -> bool:
    return "deal" in spotted(words, around).slots


def _doubted(meant: Meaning) -> Meaning:
    return replace(meant, is_certain=meant.is_certain and not meant.changes)
