"""Finds out which command is meant by what a person says freely, such as `what's stuck?` or `把 Acme 移到方案报价`.

First what is spoken of is spotted: a deal, a stage, a person, an amount, a day. Then the row of INTENTS is taken that
needs what is there, and whose cue stands in the other words. Small misspellings pass, but then nothing is certain.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.faults import TimesNotUnderstood
from bot.grammar import times
from bot.intents import INTENTS, Intent
from models.errors import DateNotUnderstood, DateOutOfRange, DomainError
from models.reading_dates import read_date
from models.reading_money import find_money
from models.reading_periods import find_period

LONGEST = 500
"""Characters of what is said that are looked at."""

_MASK = "\u25c6"
_WORD = re.compile(r"[^\s,.;:!?，。；：！？、]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PERSON = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>")
_QUESTION = re.compile(r"^(what|how|who|where|when)(?:'s|s)\b", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:hey|hi|hello|ok|okay|please|pls|sluice|can you|could you|would you|will you|i want to|i'd like to|let's"
    r"|just|sadly|unfortunately|请|麻烦你?|帮我|能不能|可以|你好|很遗憾|可惜|恭喜)(?![a-z])[\s,，!！]*)+|"
    r"[\s,，]*(?:please|pls|thanks|thank you|right now|吧|谢谢)[\s.!！。?？]*$",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"[?？]|\b(?:not|never|don't|if|should i|should we|maybe|perhaps|might|would|almost|nearly|when|unless|until"
    r"|won't|isn't|hasn't|didn't|cannot|can't)\b|吗|呢|不要|别|没|如果|也许|可能|要是|是否|还没|差点|不",
    re.IGNORECASE,
)
_JOINT = re.compile(r"[:：,，;；]\s*|\s[-–—]+\s|\s(?:because(?: of)?|due to|that)\s|因为|原因是|由于", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:[\s:：,，;；\-–—.!?。！？]+|(?:to|about|that|because of|because|due to|as|for|with|saying|called|named"
    r"|a deal with|that|因为|原因是|由于|关于|一个|一下|了|的|在|之?前)(?![a-z]))+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,，;；:：.!?。！？\-–—]+|\b(?:on|by|before|until|in|at|deals?)|的?(?:商机|单子)|前|在|吗)+$", re.IGNORECASE
)
_OF_TIME = re.compile(
    r"\d|day|morrow|week|month|quarter|year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[天日号月周年期拜季]",
    re.IGNORECASE,
)
_MOST_WORDS_OF_TIME = 4
_MOST_UNEXPLAINED = 2


@dataclass(frozen=True)
class Around:
    """What can be spoken of: deals by number, open ones first, the stages, and when and where it is said."""

    deals: Sequence[tuple[int, str]]
    stages: Sequence[str]
    now: datetime
    today: date
    zone: str
    locale: str
    currency: str


@dataclass(frozen=True)
class Meaning:
    """A command as it is to be run and as it is shown to people; `is_certain` where nobody needs to be asked."""

    command: str
    shown: str
    changes: bool
    is_certain: bool


@dataclass
class _Found:
    """What was spotted in the words: each with its place, so that the rest can be read without it."""

    words: str
    slots: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    is_exact: bool = True

    def keep(self, name: str, value: str, span: tuple[int, int], *, shown: str = "") -> None:
        self.slots[name] = value
        self.shown[name] = shown or value
        self.spans[name] = span


@dataclass(frozen=True)
class _Cue:
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


def meaning(said: str, around: Around) -> Meaning | None:
    """What is meant; None where that cannot be told."""
    found = _spotted(_plain(said), around)
    masked = _masked(found)
    ranked = sorted(_cues(masked, found), key=lambda cue: cue.rank(found.slots), reverse=True)
    for cue in ranked:
        filled = _filled(cue, found)
        if filled is not None:
            others = {each.intent.command for each in ranked if each.rank(found.slots) == cue.rank(found.slots)}
            return _meant(cue, found, filled, masked, is_alone=len(others) == 1)
    if "deal" in found.slots and not _unexplained(masked, ()):
        return Meaning(f"/deal show {found.slots['deal']}", f"/deal show {found.shown['deal']}", False, True)
    return _told(found)


def _told(found: _Found) -> Meaning | None:
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
    words = _plain(said).lower()
    scores = {intent.command: max(_closeness(cue, words) for cue in intent.cue_list) for intent in INTENTS}
    closest = sorted(scores, key=lambda command: scores[command], reverse=True)[:2]
    return [next(intent for intent in INTENTS if intent.command == command) for command in closest]


def _closeness(cue: str, words: str) -> float:
    """A short cue is like anything, so it says less."""
    return fuzz.partial_ratio(cue, words) * min(8, len(cue) * _weight(cue), len(words) * _weight(words))


def _plain(said: str) -> str:
    text = " ".join(said.replace("\u2019", "'").split())[:LONGEST]
    return _QUESTION.sub(r"\1 is", _POLITE.sub("", text).strip() or text)


# What is spoken of


def _spotted(words: str, around: Around) -> _Found:
    found = _Found(words)
    for match in list(_PERSON.finditer(words))[-1:]:
        found.keep("person", match[0], match.span())
    _spot_deal(found, around.deals)
    _spot_stage(found, around.stages)
    _spot_amount(found, around.currency)
    _spot_time(found, around)
    return found


def _spot_deal(found: _Found, deals: Sequence[tuple[int, str]]) -> None:
    """The deal with the longest name that is said; else one whose name begins like that; else one spelt alike."""
    names = dict(reversed([(name.lower(), (number, name)) for number, name in deals]))
    said = found.words.lower()
    whole = [(name, span) for name in names if len(name) > 1 and (span := _place(name, said))]
    if whole:
        name, span = max(whole, key=lambda each: len(each[0]))
        number, full = names[name]
        found.keep("deal", f"#{number}", span, shown=full)
        return
    for start, end in _name_runs(found.words):
        run = said[start:end]
        begun = [name for name in names if _begins(name, run)]
        if begun and run not in _vocabulary():
            number, full = names[begun[0]]
            is_one = len(begun) == 1
            value = f"#{number}" if is_one else found.words[start:end]
            found.keep("deal", value, (start, end), shown=full if is_one else value)
            return
    close = [
        (distance, start, end, name)
        for start, end in _word_runs(found.words, 3)
        if said[start:end] not in _vocabulary()
        for name in names
        if (distance := _misspelt(said[start:end], name)) is not None
    ]
    if close:
        _, start, end, name = min(close)
        number, full = names[name]
        found.keep("deal", f"#{number}", (start, end), shown=full)
        found.is_exact = False


def _begins(name: str, run: str) -> bool:
    return name.startswith(run) if _HAN.search(run) else name.split(maxsplit=1)[0] == run


def _name_runs(words: str) -> Iterator[tuple[int, int]]:
    """Places where the beginning of a name may stand: words of four letters, and runs of Han, longest first."""
    for match in _WORD.finditer(words):
        if len(match[0].removesuffix("'s")) > 3 and not _HAN.search(match[0]):
            yield match.start(), match.start() + len(match[0].removesuffix("'s"))
    for length in (4, 3, 2):
        for start in range(len(words) - length + 1):
            if len(_HAN.findall(words[start : start + length])) == length:
                yield start, start + length


def _spot_stage(found: _Found, stages: Sequence[str]) -> None:
    rest = _masked(found).lower()
    for stage in sorted(stages, key=len, reverse=True):
        if span := _place(stage.lower(), rest):
            found.keep("stage", stage, span)
            return
    for start, end in _word_runs(rest, 3):
        for stage in stages:
            if _misspelt(rest[start:end], stage.lower()) is not None:
                found.keep("stage", stage, (start, end))
                found.is_exact = False
                return


def _spot_amount(found: _Found, currency: str) -> None:
    rest = _masked(found)
    for start, end in _word_runs(rest, 2):
        text = rest[start:end]
        if re.match(r"[\d$€£¥]", text) and _is_amount(text, currency):
            found.keep("amount", text, (start, end))
            return
    if han := re.search(r"[\d.,]+\s?[千万亿](?:[元块]|人民币)?|[\d.,]+\s?[元块]", rest):
        found.keep("amount", han[0], han.span())


def _is_amount(text: str, currency: str) -> bool:
    try:
        money = find_money(f"x {text}", currency=currency)
    except DomainError:
        return False
    return money is not None and not f"x {text}"[money.end :].strip() and money.start <= 2


def _spot_time(found: _Found, around: Around) -> None:
    """A day, a time such as `this quarter`, and hours such as `daily 9:00`."""
    rest = _masked(found)
    runs = [*_word_runs(rest, _MOST_WORDS_OF_TIME), *_han_runs(rest)]
    timely = [(start, end) for start, end in runs if _OF_TIME.search(rest[start:end]) and _MASK not in rest[start:end]]
    for start, end in timely:
        text = rest[start:end].strip()
        if "period" not in found.slots and _is_period(text, around):
            found.keep("period", text, (start, end))
        if "date" not in found.slots and (day := _day(text, around)):
            found.keep("date", day.isoformat(), (start, end))
    if match := re.search(
        r"(?:daily|every \w+|on \w+days|weekdays|weekly(?: \w+)?|每天|每日|每周.|工作日)\D{0,4}[\d:：点]*", rest
    ):
        try:
            read = times(match[0])
        except TimesNotUnderstood:
            return
        days = "daily" if read.weekdays.count(",") == 6 else read.weekdays.replace(",", " ")
        found.keep("times", f"{days} {read.local_time.removeprefix('0')}", match.span())


def _is_period(text: str, around: Around) -> bool:
    try:
        period = find_period(text, now=around.now, zone=around.zone, locale=around.locale)
    except DomainError:
        return False
    return period is not None and not period[1].strip()


def _day(text: str, around: Around) -> date | None:
    plain = re.sub(r"^(?:on|by|before|until|at)\s+", "", text, flags=re.IGNORECASE)
    try:
        return read_date(plain, today=around.today, locale=around.locale)
    except (DateNotUnderstood, DateOutOfRange):
        return None


# What is wanted


def _cues(masked: str, found: _Found) -> Iterator[_Cue]:
    said = masked.lower()
    for intent in INTENTS:
        if not intent.needed - {"text", "task"} <= found.slots.keys():
            continue
        for cue in intent.cue_list:
            if spans := _places(cue, said):
                yield _Cue(intent, spans, sum(end - start for start, end in spans) * _weight(cue), True)
            elif (span := _alike(cue, said)) is not None:
                yield _Cue(intent, (span,), len(cue), False)


def _weight(cue: str) -> int:
    """A Chinese character says as much as three letters."""
    return 3 if _HAN.search(cue) else 1


def _places(cue: str, said: str) -> tuple[tuple[int, int], ...]:
    """Where each part of the cue stands, one after the other; empty unless all are there."""
    spans: list[tuple[int, int]] = []
    for part in cue.split("…"):
        span = _place(part.strip(), said, spans[-1][1] if spans else 0)
        if span is None:
            return ()
        spans.append(span)
    return tuple(spans)


def _place(part: str, said: str, start: int = 0) -> tuple[int, int] | None:
    while (at := said.find(part, start)) >= 0:
        end = at + len(part)
        if not (_is_letter(part[0]) and _is_letter(said[at - 1 : at])) and not (
            _is_letter(part[-1]) and _is_letter(said[end : end + 1])
        ):
            return at, end
        start = at + 1
    return None


def _is_letter(character: str) -> bool:
    return character.isalnum() and not _HAN.match(character)


def _alike(cue: str, said: str) -> tuple[int, int] | None:
    if _HAN.search(cue) or "…" in cue:
        return None
    many = cue.count(" ") + 1
    for start, end in _word_runs(said, many):
        text = said[start:end]
        if text.count(" ") + 1 == many and text not in _vocabulary() and _misspelt(text, cue) is not None:
            return start, end
    return None


def _misspelt(text: str, name: str) -> int | None:
    """How many slips lie between them, where they are few enough for the length; a slip may swap two letters."""
    allowed = 0 if min(len(text), len(name)) < 4 else 1 if len(name) < 8 else 2
    distance = OSA.distance(text, name, score_cutoff=allowed) if allowed else 9
    return distance if distance <= allowed else None


@cache
def _vocabulary() -> frozenset[str]:
    """Every word of the cues: none of them is a misspelt name."""
    cues = [cue for intent in INTENTS for cue in intent.cue_list]
    return frozenset([*cues, *(word for cue in cues for word in cue.split())])


def _filled(cue: _Cue, found: _Found) -> Mapping[str, str] | None:
    """What goes into the command, as it is shown; None where a text is needed and there is none."""
    shown = dict(found.shown)
    if "{task}" in cue.intent.command:
        day = [found.spans["date"]] if "date" in found.spans else []
        gone = day if cue.intent.is_told_whole else [*cue.spans, *day]
        task = _trimmed(_without(found.words, gone))
        parted = _JOINT.split(task, maxsplit=1)
        if parted[0].strip().lower() == shown["deal"].lower() and len(parted) > 1:
            task = _trimmed(parted[1])
        shown["task"] = task
    if "{text}" in cue.intent.command:
        shown["text"] = _text(cue, found)
    missing = [name for name in cue.intent.needed if not shown.get(name)]
    return None if missing else shown


def _text(cue: _Cue, found: _Found) -> str:
    """What is told of a deal: what stands behind a colon, a comma or `because`, else all words that are left."""
    if "deal" not in cue.intent.needed:
        return _trimmed(found.words[cue.spans[-1][1] :])
    spans = [found.spans["deal"], *([] if cue.intent.is_told_whole else cue.spans)]
    first = min(end for _, end in spans)
    for joint in _JOINT.finditer(found.words, first):
        text = _trimmed(found.words[joint.end() :])
        if text and not any(start >= joint.end() for start, _ in spans):
            return text
    rest = _without(found.words, spans)
    if "{text}" in cue.intent.command.partition("[")[2] and not cue.intent.is_told_whole:
        behind = found.words[max(end for _, end in spans) :]
        return _trimmed(behind) if re.match(r"\s+(?:as|to)\b", behind) else ""
    behind = _trimmed(found.words[max(end for _, end in spans) :])
    return _trimmed(rest) if cue.intent.is_told_whole else behind or _trimmed(rest)


def _meant(cue: _Cue, found: _Found, filled: Mapping[str, str], masked: str, *, is_alone: bool) -> Meaning:
    run = {**filled, **({"deal": found.slots["deal"]} if "deal" in found.slots else {})}
    has_text = "{text}" in cue.intent.command or "{task}" in cue.intent.command
    outside = "".join(each for at, each in enumerate(found.words) if not _is_within(at, cue.spans))
    told = filled.get("text") or filled.get("task")
    hedged = _HEDGED.search(outside.replace(told, "") if told else outside)
    is_plain = has_text or _unexplained(masked, cue.spans) <= _MOST_UNEXPLAINED
    is_certain = cue.is_exact and found.is_exact and is_alone and is_plain and hedged is None
    return Meaning(
        cue.intent.filled(run),
        cue.intent.filled(dict(filled)),
        cue.intent.changes,
        is_certain or not cue.intent.changes,
    )


def _is_within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _unexplained(masked: str, spans: Sequence[tuple[int, int]]) -> int:
    """How many words are neither spotted nor part of the cue."""
    rest = _without(masked, spans).replace(_MASK, " ")
    return sum(len(_HAN.findall(word)) // 2 or 1 for word in _WORD.findall(rest))


# Words and places


def _masked(found: _Found) -> str:
    """The words with what was spotted blackened, each character by one, so that places stay."""
    masked = found.words
    for name, (start, end) in found.spans.items():
        if name in ("deal", "stage", "person"):
            masked = f"{masked[:start]}{_MASK * (end - start)}{masked[end:]}"
    return masked


def _without(words: str, spans: Sequence[tuple[int, int]]) -> str:
    """The words between the places, and without the `on` or `by` before them."""
    kept, at = "", 0
    for start, end in sorted(spans):
        between = re.sub(r"\b(?:on|by|before|until)\s*$", "", words[at:start], flags=re.IGNORECASE)
        kept, at = f"{kept}{between}", max(at, end)
    return " ".join(f"{kept}{words[at:]}".split())


def _trimmed(text: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", text.strip())).strip()


def _word_runs(words: str, most: int) -> Iterator[tuple[int, int]]:
    """The places of runs of words, longest first."""
    places = [match.span() for match in _WORD.finditer(words)]
    for length in range(min(most, len(places)), 0, -1):
        for at in range(len(places) - length + 1):
            yield places[at][0], places[at + length - 1][1]


def _han_runs(words: str) -> Iterator[tuple[int, int]]:
    for length in range(6, 1, -1):
        for start in range(len(words) - length + 1):
            if re.fullmatch(r"[\d\u3400-\u9fff]+[天日号月周年期底后末度一二三四五六]", words[start : start + length]):
                yield start, start + length
