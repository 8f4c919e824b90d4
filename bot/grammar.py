"""Reads what people type after a verb: names, amounts, dates, reasons, in the order that comes naturally.

A name is taken as it was typed. `Website for Globex` and `Stand by me` are names as a whole: a word such as `by` or
`close` counts only with a date after it. Quotes make a name of anything: `"Close by Friday" 12k`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from models.errors import DomainError
from models.reading_dates import find_date, read_date
from models.reading_errors import DateNotUnderstood, DateOutOfRange
from models.reading_money import find_money, read_money

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_MOST_MENTIONED = 3  # no command asks for more than two, and each is a question to Slack
_LINK = re.compile(r"<(?:mailto:|https?://)[^<>|]*\|([^<>|]+)>|<(https?://[^<>|]+)>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|([^<>|]*))?>")
QUOTATION = re.compile(r'"[^"]*"|[“„][^“”„]*[“”]|«[^«»]*»|「[^「」]*」|＂[^＂]*＂')
"""Anywhere in some words."""
_QUOTED = re.compile(r'\s*(?:"([^"]+)"|[“„]([^“”„]+)[“”]|«([^«»]+)»|「([^「」]+)」|＂([^＂]+)＂)\s*[,:;，：；]?\s*')
_ONLY_QUOTES = re.compile(r'[\s"“”„«»「」＂]*')
_LOOSE = " \t\n,;:，；：、–—"

_OWNER = re.compile(rf"(?:(?P<who>{_MENTION.pattern})|(?<!\S)(?P<name>@[^\s@<>][^@<>]*))[{re.escape(_LOOSE)}]*$")

_CLOSE = re.compile(
    r"(?:(?<!\S)(?:expected(?: to)? close|to close|close date|closes|closing|close)(?: (?:by|on|in|date))?"
    r"|(?<!\S)(?:by|due)|预计(?:成交|关闭|结单)?(?:日期)?|截止(?:日期)?|(?<!\S)成交(?:日期?|(?=[\s:：])))[:：]?\s*(?=\S)",
    re.IGNORECASE,
)
_CLOSES_THEN = re.compile(r"(?:之?前)?(?:成交|关闭|结单)$")
_WORTH = re.compile(r"(?:(?<!\S)(?:worth|amount|value|for|at|of)|金额|价值)[:：]?\s*$", re.IGNORECASE)
_FOR_WHOM = re.compile(r"(?:(?<!\S)(?:owner|owned by|for|to)|负责人)[:：]?\s*$", re.IGNORECASE)
_SOURCE = re.compile(r"(?:(?<!\S)source|来源)\s*[:：=]?\s*(?=\S)", re.IGNORECASE)
_UP_TO_NEXT = re.compile(
    r"(?P<text>\"[^\"]+\"|.+?)(?=\s*(?:$|<@|(?<!\S)(?:@|(?:owner|for|closes?|closing|due)\b"
    r"|by\s+(?:\d|(?:next|end|today|tomorrow|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b)"
    r"|(?:tomorrow|next\s+(?:week|month|quarter|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?))\s*(?:$|<?@|for\b))"
    r"|负责人|预计|截止))",
    re.IGNORECASE,
)
_TO = re.compile(r"\s+(?:in)?to\s+|\s*(?:->|→|到|至|给)\s*", re.IGNORECASE)
_BECAUSE = re.compile(r"[,，]?\s+(?:because(?: of)?|due to|reason:?)\s+|\s*[,，]?因为\s*", re.IGNORECASE)
_COLON = re.compile(r"[:：]\s+|：")
_DUE = re.compile(
    r"(?:(?<!\S)(?:by|on|until|before|due)|截止)\s*[:：]?\s*(?=\S)|(?<!\S)(?=(?:today|tomorrow)$)", re.IGNORECASE
)

_NOTHING = frozenset({"none", "nothing", "no", "clear", "empty", "-", "–", "—", "无", "没有", "清空"})


# What Slack makes of what was typed


def as_typed(text: str) -> str:
    """What a person typed, out of what Slack made of it; mentions of people stay mentions."""
    plain = _LINK.sub(lambda match: match[1] or match[2], _CHANNEL.sub(_called, text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(text: str) -> list[str]:
    """The ids of the people who are mentioned, the last few of them: names and notes may have any number."""
    return list(dict.fromkeys(_MENTION.findall(text)))[-_MOST_MENTIONED:]


def channels_mentioned(text: str) -> dict[str, str]:
    """The ids of the channels in what Slack sent, by how `as_typed` writes them: `#sales`."""
    return {_called(match): match[1] for match in _CHANNEL.finditer(text)}


def _called(match: re.Match[str]) -> str:
    """Of a channel that the reader of the text may not see, Slack tells no name."""
    return f"#{match[2] or match[1]}"


def mention_of(text: str) -> str:
    """The id of the person whom the whole text mentions; empty for anything else."""
    match = _MENTION.fullmatch(text.strip())
    return match[1] if match else ""


# Verbs, names and what follows them


def verb_and_words(text: str, verbs: Collection[str]) -> tuple[str, str]:
    """The verb in lower case and the words after it, behind a space of any width, a line or a colon; a Chinese verb
    needs nothing behind it."""
    first, *after = re.split(r"[\s:：]+", text.strip(), maxsplit=1)
    words = "".join(after)
    verb = first.lower()
    if verb not in verbs:
        for known in sorted(verbs, key=len, reverse=True):
            if not known.isascii() and first.startswith(known):
                return known, text.strip()[len(known) :].strip()
    return verb, words.strip()


@dataclass(frozen=True)
class Split:
    """A name and what follows it. Where nothing but words tell them apart, `name` is None and `rest` all words."""

    name: str | None
    rest: str


def at_to(words: str) -> Split:
    """`Acme to Proposal`: the last `to` parts them, as names may have one."""
    return _quoted(words, _TO) or _parted(words, list(_TO.finditer(words))[-1:])


def at_reason(words: str) -> Split:
    """`Acme because price`, `Acme: price`: the first joint parts them, as reasons may have more."""
    joints = list(_BECAUSE.finditer(words)) or list(_COLON.finditer(words))
    return _quoted(words, _BECAUSE) or _parted(words, joints[:1])


def at_colon(words: str) -> Split:
    """`Acme: they called`"""
    return _quoted(words, _COLON) or _parted(words, list(_COLON.finditer(words))[:1])


def at_quotes(words: str) -> Split:
    """Only quotes part the name from the rest."""
    return _quoted(words, None) or Split(None, words)


def unquoted(words: str) -> str:
    """A name that may stand in quotes."""
    match = _QUOTED.fullmatch(words)
    return _inside(match) if match else words.strip()


def without_joint(rest: str) -> str:
    """`to Proposal` after a name without the `to`, `because price` without the `because`."""
    apart = f" {rest} "
    for joint in (_TO, _BECAUSE):
        if match := joint.match(apart):
            return apart[match.end() :].strip()
    return rest.strip(_LOOSE)


# A new deal


@dataclass(frozen=True)
class Addition:
    """A deal as it was typed; `owner` is a person who was mentioned or named at the end, as typed, or empty.

    `whole_name` is the name where what stands at the end is no person: `Coffee @home Ltd`. It is empty where that can
    be nobody's but a person's: a single word, or one behind a `for` or an amount.
    """

    name: str
    money: Money | None = None
    close_date: date | None = None
    owner: str = ""
    whole_name: str = ""
    source: str = ""


def addition(words: str, *, currency: str, today: date, locale: str) -> Addition:
    """`Acme Corp 12k USD close 15 March @bob`, the amount, the date and the person in any order behind the name.

    Raises AmountOutOfRange, and DateNotUnderstood or DateOutOfRange for what follows an amount and `close`.
    """
    match = _QUOTED.match(words)
    # What was quoted stands for itself: behind a word that names, amounts and dates are looked for as usual.
    name = _inside(match) if match else ""
    rest = f"x {words[match.end() :]}" if match else words
    rest, source = _without_source(rest, currency, is_named=bool(match))
    rest, close_date = _without_close_date(rest, currency, today, locale)
    rest, money, behind = _without_money(rest, currency)
    whole = rest
    rest, owner = _without_owner(rest)
    if match or " " not in owner or owner in behind or whole.removeprefix(rest).strip(_LOOSE) != owner:
        whole = ""
    if match and money is None:
        behind = rest.removeprefix("x").lstrip()
    if behind and close_date is None:
        rest, close_date = _without_date_behind(rest, _without_owner(f"x {behind}")[0][2:], today, locale)
    if not match:
        name = "" if _ONLY_QUOTES.fullmatch(rest) else rest.strip(_LOOSE)
    return Addition(name, money, close_date, owner, whole, source)


def _without_source(text: str, currency: str, *, is_named: bool) -> tuple[str, str]:
    """The source counts behind an amount or a quoted name only: `Open Source Ltd` is a name. It ends where a person, a
    close date or, behind a quoted name, the amount begins. A day without `close` or `by` before it is of the source, as
    in `fair 15 March`, but for tomorrow and what is next."""
    for key in reversed(list(_SOURCE.finditer(text))):
        before = text[: key.start()]
        is_behind_amount = find_money(before, currency=currency) is not None
        match = _UP_TO_NEXT.match(text, key.end())
        if match is None or not (is_named or is_behind_amount):
            continue
        source, end = match["text"], match.end()
        if not is_behind_amount and (money := find_money(f"x {source}", currency=currency)):
            end = match.start() + money.start - len("x ")
            source = text[match.start() : end]
        return f"{before.rstrip()} {text[end:].lstrip()}".strip(), unquoted(source.strip(_LOOSE))
    return text, ""


def _without_close_date(text: str, currency: str, today: date, locale: str) -> tuple[str, date | None]:
    for match in reversed(list(_CLOSE.finditer(text))):
        before, after = text[: match.start()], text[match.end() :]
        if not before.strip():
            continue
        if found := find_date(after, today=today, locale=locale):
            return f"{before.rstrip(_LOOSE)} {found[1].lstrip(_LOOSE)}".strip(), found[0]
        if find_money(before, currency=currency):
            read_date(after, today=today, locale=locale)  # says what is wrong with it
    return text, None


def _without_money(text: str, currency: str) -> tuple[str, Money | None, str]:
    """The text without its amount, the amount, and what stood behind it."""
    found = find_money(text, currency=currency)
    if found is None:
        return text, None, ""
    before, after = text[: found.start], text[found.end :].lstrip(_LOOSE)
    named = _WORTH.sub("", before) or before
    return f"{named.rstrip(_LOOSE)} {after}".strip(), found.money, after


def _without_date_behind(text: str, behind: str, today: date, locale: str) -> tuple[str, date | None]:
    """`Acme 12k next friday`, `红杉 3万 下周五成交`: what stands behind an amount or a quoted name and is nothing but a
    date needs no `close` before it."""
    found = find_date(_CLOSES_THEN.sub("", behind), today=today, locale=locale) if behind else None
    if found is None or found[1].strip(_LOOSE) or not text.endswith(behind):
        return text, None
    return text.removesuffix(behind).rstrip(_LOOSE), found[0]


def _without_owner(text: str) -> tuple[str, str]:
    last = _OWNER.search(text)
    before = _FOR_WHOM.sub("", text[: last.start()]).rstrip(_LOOSE) if last else ""
    return (before, last["who"] or last["name"].strip(_LOOSE)) if last and before else (text, "")


def is_amount(words: str) -> bool:
    """Whether it is nothing but an amount; `3M` is a company, too."""
    return is_money(words) and re.fullmatch(r"\s*\d+[A-Z]\s*", words) is None


def is_amount_behind_a_name(words: str) -> bool:
    """Whether it is an amount and no part of the name before it, as `2`, `2026` and `3M` may be."""
    return is_amount(words) and find_money(f"Name {words}", currency="USD") is not None


def is_money(words: str) -> bool:
    """Whether it reads as an amount."""
    try:
        read_money(words, currency="USD")
    except DomainError:
        return False
    return True


# What is written down about a deal


def is_nothing(text: str) -> bool:
    """Whether a field is to be emptied."""
    return text.strip().lower() in _NOTHING


@dataclass(frozen=True)
class Step:
    """A next step, and the day that it is due."""

    text: str
    due: date | None


def next_step(words: str, *, today: date, locale: str) -> Step:
    """`call Ann by friday`"""
    for match in reversed(list(_DUE.finditer(words))):
        text = words[: match.start()].strip(_LOOSE)
        if not text:
            continue
        try:
            return Step(text, read_date(words[match.end() :], today=today, locale=locale))
        except (DateNotUnderstood, DateOutOfRange):
            continue
    return Step(words.strip(), None)


def _quoted(words: str, joint: re.Pattern[str] | None) -> Split | None:
    match = _QUOTED.match(words)
    if match is None:
        return None
    rest = f" {words[match.end() :].lstrip()}"
    led = joint.match(rest) if joint else None
    return Split(_inside(match), rest[led.end() if led else 0 :].strip())


def _parted(words: str, joints: list[re.Match[str]]) -> Split:
    for joint in joints:
        name, rest = words[: joint.start()].strip(), words[joint.end() :].strip()
        if name and rest:
            return Split(name, rest)
    return Split(None, words.strip())


def _inside(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).strip()
