"""Reads which pipeline is meant at the end of a sentence, and how a new one is written down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.grammar import QUOTATION, unquoted
from models.pipeline import Trade
from models.reading_money import find_money
from models.texts import name_key

_IN = re.compile(
    r"\s+(?:in|into)(?:\s+the)?(?:\s+pipeline[:：]?)?(?=\s)|\s+pipeline[:：]?(?=\s)"
    r"|\s+(?:放入|归入|在|(?:销售)?管道[:：]?)",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(r"\s+(?:(?:for|to|owner|负责人)[:：]?\s*)?<@[^<>]+>\s*$", re.IGNORECASE)
_NEXT = re.compile(
    r"\s+(?=\d|<?@|(?:source|close[sd]?|closing|due|by|expected to|owner|for|next|today|tomorrow)\b"
    r"|来源|预计|截止|负责人)",
    re.IGNORECASE,
)
"""What may stand behind a pipeline, where an amount before it has ended the name."""
_INTO = re.compile(
    r"(?:\s+(?:in)?to(?:\s+the)?|\s+in(?:\s+the)?)?\s+pipeline[:：]?\s+(?P<name>\S.*)$"
    r"|\s*(?:->|→|到|至|入)?\s*(?:销售)?管道[:：]?\s*(?P<name_han>\S.*)$",
    re.IGNORECASE,
)
_OF_TRADE = re.compile(r"(?:from|like|来自|模板)[:：]?\s*(?P<trade>\S+)\s*(?P<stage>.*)", re.IGNORECASE)
_FROM = re.compile(r"\s+(?:from|like|模板)[:：]?\s+(?=\S+\s*$)", re.IGNORECASE)
_STAGES = re.compile(r"\s+(?:with\s+)?(?:the\s+)?(?:stages|阶段)(?:[:：]\s*|\s+)", re.IGNORECASE)

_MEANT = re.compile(
    r"(?<!\w)(?:pipeline|team|for|owner|source|company|product|cohorts?|by)(?!\w)|管道|团队|负责人|来源|公司|产品|按",
    re.IGNORECASE,
)
"""What parts the words of a report or digest; of a pipeline that is called `Partner pipeline` it is but a part."""

_TRADES = {
    **{str(trade): trade for trade in Trade},
    **dict.fromkeys(("software", "软件", "企业软件"), Trade.B2B),
    **dict.fromkeys(("repurchase", "零售", "复购"), Trade.RETAIL),
    **dict.fromkeys(("financial", "金融", "金融服务"), Trade.FINANCE),
}


def without_pipeline(words: str, names: Sequence[str]) -> tuple[str, str]:
    """`Acme 12k in Retail` as `Acme 12k` and the name of that pipeline; a mention may stand behind it, and where an
    amount stands before it, also a source, a date or a person.

    The words as they are, and no name, where no pipeline is called exactly so: deals have an `in` in their names too.
    """
    whom = _FOR_WHOM.search(words)
    text, behind = (words[: whom.start()], whom[0]) if whom else (words, "")
    for match in _IN.finditer(f" {text}"):
        before, after = f" {text}"[: match.start()], f" {text}"[match.end() :]
        more = _NEXT.finditer(after) if find_money(before, currency="USD") else ()
        for end in (len(after), *(each.start() for each in more)):
            named = name_key(unquoted(after[:end]))
            for name in names:
                if name_key(name) == named:
                    return f"{before}{after[end:]}{behind}".strip(), name
    return words, ""


def with_names_quoted(words: str, names: Sequence[str]) -> str:
    """`show pipeline 大客户管道` as `show pipeline "大客户管道"`: the names that have a word in them which would part
    them. What stands in quotes stays as it is."""
    for name in sorted(names, key=len, reverse=True):
        if _MEANT.search(name) and not _MEANT.fullmatch(name):
            before, behind = r"(?<!\w)" if name[0].isascii() else "", r"(?!\w)" if name[-1].isascii() else ""
            either = rf"{QUOTATION.pattern}|(?P<name>{before}{re.escape(name)}{behind})"
            words = re.sub(either, lambda match: f'"{match[0]}"' if match["name"] else match[0], words, flags=re.I)
    return words


def at_pipeline(words: str) -> tuple[str, str]:
    """`Acme to pipeline Retail`, `Acme 到管道 零售`: what stands before, and the name; no name where nobody says it."""
    match = _INTO.search(words)
    return (words[: match.start()].strip(), unquoted(match["name"] or match["name_han"])) if match else (words, "")


def from_template(words: str) -> tuple[Trade, str] | None:
    """`from retail`, `from b2b Negotiation`: the trade, and the stage of its template, if one is named."""
    match = _OF_TRADE.fullmatch(words.strip())
    trade = _TRADES.get(match["trade"].lower()) if match else None
    return (trade, unquoted(match["stage"])) if match and trade else None


@dataclass(frozen=True)
class NewPipeline:
    """A pipeline as it was typed: of a trade's template, or of stages such as `Lead, Demo, Signed:won`."""

    name: str
    trade: Trade | None = None
    stages: str = ""


def new_pipeline(words: str) -> NewPipeline | None:
    """`Shop from retail`, `Partners stages "Lead, Demo, Signed:won"`; None for what is neither."""
    if match := next(_STAGES.finditer(words), None):
        return NewPipeline(unquoted(words[: match.start()]), stages=words[match.end() :].strip(" \t\"'“”„「」"))
    if match := next(_FROM.finditer(words), None):
        trade = _TRADES.get(words[match.end() :].strip().lower())
        return NewPipeline(unquoted(words[: match.start()]), trade) if trade else None
    return None
