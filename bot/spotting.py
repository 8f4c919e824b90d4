"""Finds what somebody speaks of in free words: a deal, a stage, a person, an amount, a day, with small misspellings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rapidfuzz.distance import OSA

from bot.faults import TimesNotUnderstood
from bot.intents import vocabulary
from bot.time_words import times
from models.errors import DomainError
from models.period import Period, Unit
from models.reading_dates import read_date
from models.reading_errors import DateNotUnderstood, DateOutOfRange
from models.reading_money import find_money
from models.reading_periods import find_period

MASK = "\u25c6"
WORD = re.compile(r"[^\s,.;:!?，。；：！？、]+")
HAN = re.compile(r"[\u3400-\u9fff]")
ADDRESS = re.compile(r"[^\s,;:<>()（），。；：、]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)[^\s，。]+", re.IGNORECASE)
"""Of `write to ann@acme.com` no part is a deal's name."""
_PERSON = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^<>]*)?>")
_OF_TIME = re.compile(
    r"\d|day|morrow|week|month|quarter|year|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[天日号月周年期拜季]",
    re.IGNORECASE,
)
_TOLD = re.compile(r"[:：]|\bbecause\b|因为")
_BECAUSE = re.compile(r"(?<=\S)\s*(?:\bbecause\b|因为)")
_MOST_WORDS_OF_TIME = 4
_MOST_WORDS_OF_MONEY = 6
"""`KWD 1,234,567.500` are five, as commas and points part words."""
_AROUND_MONEY = re.compile(rf"(人民币|美元|欧元|日元|英镑|港元)|(?![千百万萬亿億元块]){HAN.pattern}")
"""Chinese words, beside which an amount may stand as in `改成USD12k`."""


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


@dataclass
class Found:
    """What was spotted in the words: each with its place, so that the rest can be read without it."""

    words: str
    slots: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    is_exact: bool = True
    others: Sequence[str] = ()
    """The names of further deals that are said."""

    def keep(self, name: str, value: str, span: tuple[int, int], *, shown: str = "") -> None:
        self.slots[name] = value
        self.shown[name] = shown or value
        self.spans[name] = span


def spotted(words: str, around: Around) -> Found:
    found = Found(words)
    for match in list(_PERSON.finditer(words))[-1:]:
        found.keep("person", match[0], match.span())
    _spot_deal(found, around.deals)
    _spot_stage(found, around.stages)
    _spot_amount(found, around.currency)
    _spot_time(found, around)
    return found


def _spot_deal(found: Found, deals: Sequence[tuple[int, str]]) -> None:
    """The deal with the longest name that is said; else one whose name begins like that; else one spelt alike."""
    names = dict(reversed([(name.lower(), (number, name)) for number, name in deals]))
    said = ADDRESS.sub(lambda match: " " * len(match[0]), found.words.lower())
    if reason := _BECAUSE.search(said):  # `we lost Initech because of Acme` is not of Acme
        said = said[: reason.start()]
    whole = [(name, span) for name in names if len(name) > 1 and (span := place_of(name, said))]
    if told := _TOLD.search(said):  # `Acme: they like Globex better` is of Acme
        whole = [each for each in whole if each[1][1] <= told.start()] or whole
    if whole:
        name, span = max(whole, key=lambda each: len(each[0]))
        number, full = names[name]
        found.keep("deal", f"#{number}", span, shown=full)
        found.others = [other for other, (start, end) in whole if end <= span[0] or span[1] <= start]
        return
    words = ADDRESS.sub(lambda match: " " * len(match[0]), found.words)[: len(said)]
    for start, end in _name_runs(words):
        run = said[start:end]
        begun = [name for name in names if _begins(name, run)]
        if begun and run not in vocabulary():
            number, full = names[begun[0]]
            is_one = len(begun) == 1
            value = f"#{number}" if is_one else words[start:end]
            found.keep("deal", value, (start, end), shown=full if is_one else value)
            return
    close = [
        (distance, start, end, name)
        for start, end in {*word_runs(words, 3), *word_runs(_without_han(words), 3)}
        if said[start:end] not in vocabulary()
        for name in names
        if (distance := misspelt(said[start:end], name)) is not None
    ]
    if close:
        _, start, end, name = min(close)
        number, full = names[name]
        found.keep("deal", f"#{number}", (start, end), shown=full)
        found.is_exact = False


def _without_han(words: str) -> str:
    """With spaces instead, so that the name stands apart in `丢了Acme`."""
    return HAN.sub(" ", words)


def _begins(name: str, run: str) -> bool:
    return name.startswith(run) if HAN.search(run) else name.split(maxsplit=1)[0] == run


def _name_runs(words: str) -> Iterator[tuple[int, int]]:
    """Places where the beginning of a name may stand: words of four letters, and runs of Han, longest first."""
    for match in WORD.finditer(_without_han(words)):
        if len(match[0].removesuffix("'s")) > 3:
            yield match.start(), match.start() + len(match[0].removesuffix("'s"))
    for length in (4, 3, 2):
        for start in range(len(words) - length + 1):
            if len(HAN.findall(words[start : start + length])) == length:
                yield start, start + length


def _spot_stage(found: Found, stages: Sequence[str]) -> None:
    rest = masked_in(found).lower()
    for stage in sorted(stages, key=len, reverse=True):
        if span := place_of(stage.lower(), rest):
            found.keep("stage", stage, span)
            return
    for start, end in word_runs(rest, 3):
        for stage in stages:
            if misspelt(rest[start:end], stage.lower()) is not None:
                found.keep("stage", stage, (start, end))
                found.is_exact = False
                return


def _spot_amount(found: Found, currency: str) -> None:
    """The longest one that is said, so that it is whole and has its currency."""
    rest = masked_in(found)
    apart = _AROUND_MONEY.sub(lambda match: match[1] or " ", rest)
    runs = {*word_runs(rest, _MOST_WORDS_OF_MONEY), *word_runs(apart, _MOST_WORDS_OF_MONEY)}
    whole = [run for run in runs if _stands_apart(rest, *run) and _is_amount(rest[slice(*run)], currency)]
    if han := re.search(r"[\d.,]+\s?[千万亿](?:[元块]|人民币)?|[\d.,]+\s?[元块]", rest):
        whole.append(han.span())
    if whole:
        start, end = max(whole, key=lambda span: (span[1] - span[0], -span[0]))
        found.keep("amount", rest[start:end], (start, end))


def _stands_apart(words: str, start: int, end: int) -> bool:
    """Not `350` in `v12.350`."""
    return not re.search(r"\d[.,]$", words[:start]) and not re.match(r"[.,]\d", words[end:])


def _is_amount(text: str, currency: str) -> bool:
    if not re.search(r"\d", text):
        return False
    try:
        money = find_money(f"x {text}", currency=currency)
    except DomainError:
        return False
    return money is not None and not f"x {text}"[money.end :].strip() and money.start <= 2


def _spot_time(found: Found, around: Around) -> None:
    """A day, a time such as `this quarter`, and hours such as `daily 9:00`."""
    rest = masked_in(found)
    runs = [*word_runs(rest, _MOST_WORDS_OF_TIME), *_han_runs(rest)]
    timely = [(start, end) for start, end in runs if _OF_TIME.search(rest[start:end]) and MASK not in rest[start:end]]
    for start, end in timely:
        text = rest[start:end].strip()
        if "period" not in found.slots and (period := _period(text, around)):
            found.keep("period", text, (start, end))
            if period.unit is not Unit.DAYS or period.first != period.last:
                found.keep("stretch", text, (start, end))  # which is what can be forecast
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


def _period(text: str, around: Around) -> Period | None:
    try:
        found = find_period(text, now=around.now, zone=around.zone, locale=around.locale)
    except DomainError:
        return None
    return found[0] if found and not found[1].strip() else None


def _day(text: str, around: Around) -> date | None:
    plain = re.sub(r"^(?:on|by|before|until|at)\s+", "", text, flags=re.IGNORECASE)
    try:
        return read_date(plain, today=around.today, locale=around.locale)
    except (DateNotUnderstood, DateOutOfRange):
        return None


# Words and places


def masked_in(found: Found) -> str:
    """The words with what was spotted blackened, each character by one, so that places stay."""
    masked = found.words
    for name, (start, end) in found.spans.items():
        if name in ("deal", "stage", "person"):
            masked = f"{masked[:start]}{MASK * (end - start)}{masked[end:]}"
    return masked


def place_of(part: str, said: str, start: int = 0) -> tuple[int, int] | None:
    while (at := said.find(part, start)) >= 0:
        end = at + len(part)
        if not (_is_letter(part[0]) and _is_letter(said[at - 1 : at])) and not (
            _is_letter(part[-1]) and (_is_letter(said[end : end + 1]) or said.startswith("'t", end))
        ):
            return at, end
        start = at + 1
    return None


def _is_letter(character: str) -> bool:
    return character.isalnum() and not HAN.match(character)


def misspelt(text: str, name: str) -> int | None:
    """How many slips lie between them, where they are few enough for the length; a slip may swap two letters."""
    allowed = 0 if min(len(text), len(name)) < 4 else 1 if len(name) < 8 else 2
    distance = OSA.distance(text, name, score_cutoff=allowed) if allowed else 9
    return distance if distance <= allowed else None


def word_runs(words: str, most: int) -> Iterator[tuple[int, int]]:
    """The places of runs of words, longest first."""
    places = [match.span() for match in WORD.finditer(words)]
    for length in range(min(most, len(places)), 0, -1):
        for at in range(len(places) - length + 1):
            yield places[at][0], places[at + length - 1][1]


def _han_runs(words: str) -> Iterator[tuple[int, int]]:
    for length in range(6, 1, -1):
        for start in range(len(words) - length + 1):
            if re.fullmatch(r"[\d\u3400-\u9fff]+[天日号月周年期底后末度一二三四五六]", words[start : start + length]):
                yield start, start + length
