"""Finds out which command is meant by what a person says freely, such as `what's stuck?` or `把 Acme 移到方案报价`.

First what is spoken of is spotted: a deal, a stage, a person, an amount, a day. Then the row of INTENTS is taken that
needs what is there, and whose cue stands in the other words. Small misspellings and other endings pass, but then
nothing is certain. Where no cue stands there, what is spoken of may tell: a deal and a stage are a move, to be asked
about.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.cues import Cue, cues_in, weight_of
from bot.doubting import is_hedged, is_mere_denial, is_of_the_future, meant_by_denial, without_politeness
from bot.intent import Intent
from bot.intents import (
    BY_SLOTS,
    INTENTS,
    OF_AMOUNT,
    OF_CHANCE,
    OF_CLOSE_DATE,
    OF_LOSING,
    OF_ONE_DEAL,
    OF_WINNING,
    vocabulary,
)
from bot.spotting import HAN, MASK, WORD, Around, Found, masked_in, place_of, spotted

LONGEST = 500
"""Characters of what is said that are looked at."""

_QUESTION = re.compile(r"^(what|how|who|where|when)(?:'s|s)\b", re.IGNORECASE)
JOINT = re.compile(
    r"[:：,，;；。]\s*|[.!！]\s+|\s[-–—]+\s|\s(?:because(?: of)?|due to|that)\s|因为|原因是|由于", re.IGNORECASE
)
_LEADING = re.compile(
    r"^(?:[\s:：,，;；\-–—.!?。！？]+|(?:to|about|that|because of|because|due to|as|for|with|saying|called|named"
    r"|a deal with|that|因为|原因是|由于|关于|一个|一下|了|的|在|之?前)(?![a-z]))+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,，;；:：.!?。！？\-–—]+|\b(?:on|by|before|until|in|at|deals?)|的?(?:商机|单子)|前|在|吗)+$", re.IGNORECASE
)
_TOWARDS = re.compile(r"(?:\b(?:to|into|under|in|at)(?: the)?\s*|[到进入在成为至]\s*)$", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？吗呢]|^(?:what|how|who|where|when|which|any|is|are|does|do|has|have)\b|怎|什么|多少|哪|几", re.IGNORECASE
)
_NEXT_WORD = re.compile(r"\s+([^\W\d_][\w&-]*)")
_NAME_BEFORE = re.compile(r"\b([A-Z][\w&-]*)\s+(?:and|&)\s+$")
_NAME_BEHIND = re.compile(r"\s+(?:and|&)\s+(?!I\b)([A-Z][\w&-]*)")
_NO_NAME = re.compile(
    r"的|了|这|那|已|被|说|是|也|都|就|才|又|还|再|给|跟|和|与|对|因|由|把|标|终|刚|真|今|昨|决|最|吧|啊|呀|呢|吗|嘛|啦"
    r"|正式|成功|顺利|总算|居然|果然|突然|全|前[天两几]|去年|[本上][周月季年个]|上午|下午"
)
"""What is said behind a name, right beside it, and does not make it longer."""
_MOST_UNEXPLAINED = 2
_ENDED = frozenset(
    ("won", "is won", "signed", "is signed", "lost", "is lost", "赢了", "赢单", "签了", "拿下了", "丢了", "输了")
)
"""Words that can hardly mean anything but that a deal was won or lost."""
LITTLE = frozenset({"a", "an", "the", "of", "to", "for"})
"""Words that say nothing of their own."""


@dataclass(frozen=True)
class Meaning:
    """A command as it is to be run and as it is shown to people; `is_certain` where nobody needs to be asked."""

    command: str
    shown: str
    changes: bool
    is_certain: bool
    left_out: str = ""
    """What was said beside it, and not understood."""

    @property
    def is_of_a_deal(self) -> bool:
        return " #" in self.command


def meaning(said: str, around: Around) -> Meaning | None:
    """What is meant; None where that cannot be told."""
    found = spotted(plain(said), around)
    masked = masked_in(found)
    cues = [cue for cue in cues_in(masked, found) if _speaks_of_the_deal(cue.intent, found)]
    if any(cue.intent is OF_WINNING and cue.is_exact for cue in cues) and found.slots.get("date", "9") <= str(
        around.today
    ):
        cues = [cue for cue in cues if cue.intent is not OF_CLOSE_DATE]  # what is signed today is no plan
    if any(_ends(cue, masked) for cue in cues):
        cues = [cue for cue in cues if cue.intent is not OF_AMOUNT]  # `Acme won for 15k` is more than a new amount
    ranked = sorted(cues, key=lambda cue: cue.rank(found.slots), reverse=True)
    for cue in ranked:
        filled = _filled(cue, found)
        if filled is not None:
            if _is_rather_a_move(cue.intent, found):
                break
            denied = meant_by_denial(cue.intent, found.words, cue.spans[0][0], cue.spans[-1][1])
            if denied is not None:
                return _supposed(denied, found)
            if cue.intent is OF_WINNING and is_of_the_future(found.words):
                return _supposed(OF_CHANCE, found)
            others = {each.intent.command for each in ranked if each.rank(found.slots) == cue.rank(found.slots)}
            return _meant(cue, found, filled, masked, is_alone=len(others) == 1)
    if "deal" in found.slots and not {"stage", "person"} & found.slots.keys() and not _unexplained(masked, ()):
        return _supposed(OF_ONE_DEAL, found)
    return _told(found) or _by_slots(found)


def _ends(cue: Cue, masked: str) -> bool:
    """Whether it says in so many words that the deal is closed."""
    start, end = cue.spans[0][0], cue.spans[-1][1]
    return cue.is_exact and cue.intent in (OF_WINNING, OF_LOSING) and masked[start:end].lower() in _ENDED


def _speaks_of_the_deal(intent: Intent, found: Found) -> bool:
    """Who names a deal asks for no list; only words that are told or looked for may have a deal's name in them."""
    return "deal" not in found.slots or not found.is_exact or bool(intent.needed & {"deal", "text"})


def _is_rather_a_move(intent: Intent, found: Found) -> bool:
    """`Acme made it to Proposal` is no win: where a deal goes is more than a word that may mean much."""
    if not intent.changes or "stage" not in found.slots or {"stage", "text", "task"} & set(intent.named):
        return False
    return _TOWARDS.search(found.words[: found.spans["stage"][0]]) is not None


def _by_slots(found: Found) -> Meaning | None:
    """What is likely where only what is spoken of is known: a change is asked about, a deal that is asked for shown."""
    for intent in BY_SLOTS:
        if intent.needed <= found.slots.keys():
            return _supposed(intent, found)
    if "deal" in found.slots and _ASKS.search(found.words):
        return _supposed(OF_ONE_DEAL, found)
    return None


def _supposed(intent: Intent, found: Found) -> Meaning:
    return Meaning(intent.filled(found.slots), intent.filled(found.shown), intent.changes, not intent.changes)


def _told(found: Found) -> Meaning | None:
    """`Acme: they called` may be a note."""
    start, end = found.spans.get("deal", (1, 1))
    text = _trimmed(found.words[end:])
    if start or not text or not re.match(r"\s*[:：]", found.words[end:]):
        return None
    return Meaning(
        f"/deal note {found.slots['deal']}: {text}", f"/deal note {found.shown['deal']}: {text}", True, False
    )


def nearest(said: str) -> list[Intent]:
    """The two things that the words come closest to."""
    words = plain(said).lower()
    scores = {intent.command: max(_closeness(cue, words) for cue in intent.cue_list) for intent in INTENTS}
    closest = sorted(scores, key=lambda command: scores[command], reverse=True)[:2]
    return [next(intent for intent in INTENTS if intent.command == command) for command in closest]


def _closeness(cue: str, words: str) -> float:
    """A short cue is like anything, so it says less."""
    return fuzz.partial_ratio(cue, words) * min(8, len(cue) * weight_of(cue), len(words) * weight_of(words))


def plain(said: str) -> str:
    text = " ".join(said.replace("\u2019", "'").split())[:LONGEST]
    return _QUESTION.sub(r"\1 is", without_politeness(text) or text)


def _filled(cue: Cue, found: Found) -> Mapping[str, str] | None:
    """What goes into the command, as it is shown; None where a text is needed and there is none."""
    shown = dict(found.shown)
    if "{task}" in cue.intent.command:
        day = [found.spans["date"]] if "date" in found.spans else []
        gone = day if cue.intent.is_told_whole else [*cue.spans, *day]
        task = _trimmed(_without(found.words, gone))
        parted = JOINT.split(task, maxsplit=1)
        if parted[0].strip().lower() == shown["deal"].lower() and len(parted) > 1:
            task = _trimmed(parted[1])
        shown["task"] = task
    if "{text}" in cue.intent.command:
        shown["text"] = _text(cue, found)
    missing = [name for name in cue.intent.needed if not shown.get(name)]
    return None if missing else shown


def _text(cue: Cue, found: Found) -> str:
    """What is told of a deal: what stands behind a colon, a comma or `because`, else all words that are left."""
    if "deal" not in cue.intent.needed:
        return _trimmed(found.words[cue.spans[-1][1] :])
    spans = [found.spans["deal"], *([] if cue.intent.is_told_whole else cue.spans)]
    first = min(end for _, end in spans)
    for joint in JOINT.finditer(found.words, first):
        text = _trimmed(found.words[joint.end() :])
        if text and not any(start >= joint.end() for start, _ in spans):
            return text
    rest = _without(found.words, spans)
    if "{text}" in cue.intent.command.partition("[")[2] and not cue.intent.is_told_whole:
        behind = found.words[max(end for _, end in spans) :]
        return _trimmed(behind) if re.match(r"\s+(?:as|to)\b", behind) else ""
    behind = _trimmed(found.words[max(end for _, end in spans) :])
    return _trimmed(rest) if cue.intent.is_told_whole else behind or _trimmed(rest)


def _meant(cue: Cue, found: Found, filled: Mapping[str, str], masked: str, *, is_alone: bool) -> Meaning:
    run = {**filled, **({"deal": found.slots["deal"]} if "deal" in found.slots else {})}
    has_text = "{text}" in cue.intent.command or "{task}" in cue.intent.command
    outside = "".join(each for at, each in enumerate(found.words) if not _is_within(at, cue.spans))
    told = filled.get("text") or filled.get("task")
    untold = outside.replace(told, "") if told else outside
    filling = [span for name, span in found.spans.items() if name in cue.intent.named]
    is_plain = has_text or _unexplained(masked, [*cue.spans, *filling]) <= _MOST_UNEXPLAINED
    names_two = any(place_of(name, (outside if filled.get("task") else untold).lower()) for name in found.others)
    is_doubtful = is_hedged(untold) or names_two or _is_longer_named(cue, found)
    is_doubtful = is_doubtful or _has_one_beside(found, has_text=has_text)
    is_doubtful = is_doubtful or is_mere_denial(cue.intent, found.words[slice(*cue.spans[0])])
    left_out = found.shown.get("amount", "") if _ends(cue, masked) and not filled.get("text") else ""
    gained = f" for {left_out}" if left_out and cue.intent is OF_WINNING else ""
    left_out = "" if gained else left_out
    is_certain = cue.is_exact and found.is_exact and is_alone and is_plain and not is_doubtful and not left_out
    return Meaning(
        f"{cue.intent.filled(run)}{gained}",
        f"{cue.intent.filled(dict(filled))}{gained}",
        cue.intent.changes,
        is_certain or not cue.intent.changes,
        left_out,
    )


def _has_one_beside(found: Found, *, has_text: bool) -> bool:
    """`move Beta and Acme to proposal`, or Acme and Beta, where there is no Beta. In what is told of a deal, people are
    named beside it."""
    if "deal" not in found.spans:
        return False
    start, end = found.spans["deal"]
    behind = None if has_text else _NAME_BEHIND.match(found.words, end)
    beside = _NAME_BEFORE.search(found.words, 0, start) or behind
    return beside is not None and beside[1].lower() not in vocabulary()


def _is_longer_named(cue: Cue, found: Found) -> bool:
    """`we lost Acme Beta` where there is an Acme: a word right behind a deal's name that means nothing else may be of
    the name of another deal, if it has a capital, or the deal is to be closed."""
    word = _NEXT_WORD.match(found.words, found.spans["deal"][1]) if "deal" in found.spans else None
    if _is_longer_in_han(cue, found):
        return True
    if word is None or HAN.match(word[1]) or (word[1].islower() and cue.intent not in (OF_WINNING, OF_LOSING)):
        return False
    if word[1] == "I" or word[1].lower() in vocabulary() | LITTLE or JOINT.match(f" {word[1]} "):
        return False
    return not _is_within(word.start(1), [*cue.spans, *found.spans.values()])


def _is_longer_in_han(cue: Cue, found: Found) -> bool:
    """`赢了Acme北京` where there is an Acme: Han right beside its name."""
    if "deal" not in found.spans or cue.intent not in (OF_WINNING, OF_LOSING):
        return False
    end = found.spans["deal"][1]
    is_told = _is_within(end, [*cue.spans, *found.spans.values()])
    return HAN.match(found.words, end) is not None and not is_told and not _NO_NAME.match(found.words, end)


def _is_within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _unexplained(masked: str, spans: Sequence[tuple[int, int]]) -> int:
    """How many words are neither spotted nor part of the cue."""
    rest = _without(masked, spans).replace(MASK, " ")
    return sum(len(HAN.findall(word)) // 2 or 1 for word in WORD.findall(rest) if word.lower() not in LITTLE)


# Words and places


def _without(words: str, spans: Sequence[tuple[int, int]]) -> str:
    """The words between the places, and without the `on` or `by` before them."""
    kept, at = "", 0
    for start, end in sorted(spans):
        between = re.sub(r"\b(?:on|by|before|until)\s*$", "", words[at:start], flags=re.IGNORECASE)
        kept, at = f"{kept}{between}", max(at, end)
    return " ".join(f"{kept}{words[at:]}".split())


def _trimmed(text: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", text.strip())).strip()
