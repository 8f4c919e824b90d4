"""Takes apart what is said of several things at once, and puts the name of a deal where a pronoun stands for it."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.doubting import without_politeness
from bot.missing import meant_of_no_deal
from bot.spotting import HAN, Around, place_of, spotted
from bot.understanding import Meaning, meaning

MOST_AT_ONCE = 5

_PRONOUN = re.compile(
    r"\b(?:its?|(?:this|that|the same|the last|my last) (?:one|deal)|the deal)(?=[\s,.!?;:\u2019']|$)"
    r"|它|[这那](?:个商机|个单子|一单|单|个)|刚才那个|上一个商机|刚才的商机",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r",?\s+and(?: then| also)?\s+|,?\s+then\s+|;\s*|[，,]?(?:并且|然后|同时|以及|并|顺便|再把|和|与)|；"
    r"|(?P<pause>\.\s+|[，。])|(?P<comma>,\s+|、)",
    re.IGNORECASE,
)
"""After a `pause` may stand a mere remark; what comes after a `comma` counts only if it names a deal of its own."""
_CONTRAST = re.compile(
    r"[,，;；]?\s*(?:(?<!\w)(?:(?:but|and) )?(?:not|instead of|rather than)\s+|而?(?:不是|并非)\s*)", re.IGNORECASE
)
_TOLD = re.compile(
    r"[:：]|\bbecause\b|因为|\b(?:note|remind|called|met|emailed|saying|that)\b|提醒|备注|记", re.IGNORECASE
)


def means_one_before(said: str) -> bool:
    """Whether a pronoun may stand for a deal that was spoken of before."""
    return _PRONOUN.search(said) is not None


def meanings(said: str, around: Around, *, before: str = "") -> list[Meaning]:
    """What is meant: nothing, one thing, or several. `before` is the deal that a pronoun stands for."""
    said, contrast = _without_contrast(said, around, has_one_before=bool(before))
    if contrast:
        found = [_doubted(each) for each in meanings(said, around, before=before)]
        return [*found[:-1], *(replace(each, left_out=contrast) for each in found[-1:])]
    slots = spotted(said, around).slots
    if before and "deal" not in slots and "period" not in slots:
        said = _with(before, said)
        return [_doubted(each) for each in _meanings(said, around)]
    return _meanings(said, around)


def _without_contrast(said: str, around: Around, *, has_one_before: bool) -> tuple[str, str]:
    """`won Acme, not Globex` without what it is not about, and that."""
    told = _TOLD.search(said)
    for match in _CONTRAST.finditer(said, 0, told.start() if told else len(said)):
        for _, name in sorted(around.deals, key=lambda deal: -len(deal[1])):
            end = match.end() + len(name)
            if (
                place_of(name.lower(), said.lower()[:end], match.end()) == (match.end(), end)
                and said[end : end + 1] != "'"
            ):
                rest = f"{said[: match.start()]} {said[end:]}".strip(" ,，;；")
                if "deal" in spotted(rest, around).slots or (has_one_before and means_one_before(rest)):
                    return rest, said[match.start() : end].strip(" ,，;；")
    return said, ""


def _meanings(said: str, around: Around) -> list[Meaning]:
    joints = _joints(said, around)
    parts = _parted(said, joints, around)
    if found := _beside_no_deal(parts, around):
        return found
    for among in (joints, *([joint] for joint in joints)):
        if several := _several(_parted(said, among, around), around):
            return several
    one = meaning(said, around)
    if one is None:
        return []
    found = (one.changes and _begun(said, joints, one, around)) or [one]
    named = [part for part in parts if part.deal]
    is_bare = all(part.words == part.deal for part in named)
    besides = {_verb(one)} if is_bare else ()  # in `Acme, contract signed` Acme is what is spoken of
    is_doubtful = named and any(_is_of_no_deal(part, around, besides=besides) for part in parts)
    return [_doubted(each) for each in found] if is_doubtful else found


def _begun(said: str, joints: Sequence[re.Match[str]], one: Meaning, around: Around) -> list[Meaning]:
    """What is said before an `and`, where that is certain, with a word that what comes after it is left out."""
    for at in range(len(joints) - 1, -1, -1):
        head, rest = said[: joints[at].start()], without_politeness(said[joints[at].end() :])
        if rest and rest not in one.command and not (joints[at]["pause"] or joints[at]["comma"]):
            first = _certain(head, around, changes=True)
            if found := _several(_parted(head, joints[:at], around), around) or ([first] if first else []):
                return [*found[:-1], replace(found[-1], is_certain=False, left_out=rest)]
    return []


# Parts


@dataclass(frozen=True)
class _Part:
    """Some of what was said: the words before the deal that it names, the name, and the words behind."""

    before: str
    deal: str
    behind: str
    is_behind_comma: bool

    @property
    def words(self) -> str:
        return f"{self.before}{self.deal}{self.behind}"

    @property
    def is_remark(self) -> bool:
        return self.is_behind_comma and not self.deal and not means_one_before(self.words)


def _joints(said: str, around: Around) -> list[re.Match[str]]:
    """Where something else may begin to be said: not within a name, nor in what is told of a deal."""
    told = _TOLD.search(said)
    joined = [name.lower() for _, name in around.deals if _JOINT.search(name)]
    within = [place for name in joined if (place := place_of(name, said.lower()))]
    return [
        joint
        for joint in _JOINT.finditer(said)
        if not (told and told.start() < joint.start())
        and not any(start <= joint.start() < end for start, end in within)
    ][:MOST_AT_ONCE]


def _parted(said: str, joints: Sequence[re.Match[str]], around: Around) -> list[_Part]:
    starts, ends = [0, *(joint.end() for joint in joints)], [*(joint.start() for joint in joints), len(said)]
    parts = []
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        words = said[start:end].strip()
        first, last = spotted(words, around).spans.get("deal", (len(words), len(words)))
        is_behind_comma = at > 0 and joints[at - 1]["comma"] is not None
        parts.append(_Part(words[:first], words[first:last], words[last:], is_behind_comma))
    return parts


def _several(parts: Sequence[_Part], around: Around) -> list[Meaning]:
    """Changes that are each certain, or looks at several deals; else nothing."""
    if len(parts) < 2 or not parts[0].deal or any(part.is_remark for part in parts):
        return []
    if any(not part.deal and meant_of_no_deal(part.words, around, otherwise=[]) for part in parts):
        return []  # in `won Acme and lost Globex` Globex is no word about Acme
    return _all_of(parts, around, changes=True) or _all_of(parts, around, changes=False)


def _all_of(parts: Sequence[_Part], around: Around, *, changes: bool) -> list[Meaning]:
    found: list[Meaning] = []
    deal = ""
    for part in parts:
        deal = part.deal or deal
        readings = _readings(part, parts, deal)
        tries = readings if changes else sorted(readings, key=len, reverse=True)
        certain = [each for words in tries if (each := _certain(words, around, changes=changes))]
        meant = max(
            (each for each in certain if _is_same(each, certain[0])), key=lambda each: len(each.command), default=None
        )
        if meant is None or any(_is_same(meant, other) for other in found):
            return []
        found.append(meant)
    return found


def _beside_no_deal(parts: Sequence[_Part], around: Around) -> list[Meaning]:
    """In `won Acme, lost Globex because of price` where there is no Globex, what is certain of Acme, with a word that
    the rest is left out."""
    certain = [(part, _certain(part.words, around, changes=True)) for part in parts if part.deal]
    found = [meant for _, meant in certain if meant]
    verbs = {_verb(each) for each in found}
    if not found or not any(_is_of_no_deal(part, around, besides=verbs) for part in parts):
        return []
    rest = [part.words for part in parts if not any(part is known and meant for known, meant in certain)]
    return [*found[:-1], replace(found[-1], is_certain=False, left_out=", ".join(rest))]


def _is_of_no_deal(part: _Part, around: Around, *, besides: Collection[str]) -> bool:
    """Whether something is said of a deal that is not there: in `won Acme, contract signed` no other one is won."""
    if part.deal or (missing := meant_of_no_deal(part.words, around, otherwise=[])) is None:
        return False
    name, meant = missing
    return meant.changes and (name != name.lower() or _verb(meant) not in besides)


def _verb(meant: Meaning) -> str:
    return " ".join(meant.command.split(maxsplit=2)[:2])


def _readings(part: _Part, parts: Sequence[_Part], deal: str) -> Iterator[str]:
    """A part by itself, of the deal of the part before, or with what it shares with the first and the last one: the
    verb in `move Acme to proposal and Globex to negotiation`, and the end in `move Acme and Globex to proposal`."""
    if not part.deal:
        yield _with(deal, part.words)
        return
    first, last = parts[0], parts[-1]
    shared = last.behind if not part.behind and last.deal and not last.before else ""
    yield part.words
    if shared:
        yield f"{part.words}{shared}"
    if not part.before and first.before:
        yield f"{first.before}{part.words}{shared}"


def _certain(words: str, around: Around, *, changes: bool) -> Meaning | None:
    meant = meaning(words, around)
    if meant is None or meant.changes is not changes or not meant.is_certain:
        return None
    return meant if meant.changes or meant.is_of_a_deal else None


def _is_same(one: Meaning, other: Meaning) -> bool:
    """The same, or the same with a reason."""
    return f"{one.command} ".startswith(f"{other.command} ") or f"{other.command} ".startswith(f"{one.command} ")


def _with(deal: str, words: str) -> str:
    if _PRONOUN.search(words):
        return _PRONOUN.sub(lambda match: f"{deal}'s" if match[0].lower() == "its" else deal, words, count=1)
    return f"{deal}{words}" if HAN.search(words) else f"{words} for {deal}"


def _doubted(meant: Meaning) -> Meaning:
    return replace(meant, is_certain=meant.is_certain and not meant.changes)
