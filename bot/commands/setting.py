"""`/deal set Acme amount 15k` writes down what is known of a deal: its amount, dates, next step and other fields."""

import re
from collections.abc import Callable

from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.faults import ChangeMissing, ForecastCategoryUnknown
from bot.grammar import at_quotes, is_nothing, next_step
from bot.reply import Reply
from bot.services import Turn
from models.deal import Deal, DealField, ForecastCategory
from models.errors import TextMissing
from models.reading_dates import read_date
from models.reading_money import read_money
from models.texts import name_key

_JOINT = re.compile(r"^(?:\s*[:=：＝]\s*|\s+(?:to|is|as)\s+(?=\S)|\s*(?:->|→|为)\s*)", re.IGNORECASE)


def run(words: str, turn: Turn) -> Reply:
    deal, change = deal_and_rest(words, turn, split=at_quotes)
    if not change:
        raise ChangeMissing(deal.name)
    label, text = _field_and_text(change, turn)
    field = NAMES.get(label)
    said = turn.say.plain(f"field.{field}") if field else label
    if not text:
        raise TextMissing(field or label)
    if field:
        WRITERS[field](deal, text, turn)
    else:
        deal.set_custom(label, "" if is_nothing(text) else text, by=turn.member, at=turn.now)
    done = "done.cleared" if is_nothing(text) else "done.set"
    return card(deal, turn, said=turn.say(done, name=deal.name, field=said))


def is_of_every_deal(name: str) -> bool:
    """Whether it is one of the fields that no team needs to agree on."""
    return _OWN.fullmatch(name) is not None


def _field_and_text(change: str, turn: Turn) -> tuple[str, str]:
    """The field that the words begin with, and what is to stand there.

    A field that the team agreed on is meant by its whole name (`company size` is more than `company`), then one that
    every deal has, by any of its names, else one of the team's that the first word means. Raises FieldUnknown.
    """
    own = _OWN.match(change)
    words = [match.end() for match in re.finditer(r"[^\s:=：＝]+", change)]
    for end in reversed(words[:10]):
        for known in turn.workspace.custom_fields:
            if name_key(known) == name_key(change[:end]) and not is_of_every_deal(known):
                return known, _value(change[end:])
    if own:
        return own[1].lower(), _value(change[own.end() :])
    first = words[0] if words else len(change)
    return turn.workspace.field_named(change[:first]), _value(change[first:])


def _value(text: str) -> str:
    return _JOINT.sub("", text).strip()


def _amount(deal: Deal, text: str, turn: Turn) -> None:
    money = None if is_nothing(text) else read_money(text, currency=deal.currency)
    deal.set_money(money, by=turn.member, at=turn.now)


def _close_date(deal: Deal, text: str, turn: Turn) -> None:
    day = None if is_nothing(text) else read_date(text, today=turn.today, locale=turn.say.locale)
    deal.set_close_date(day, by=turn.member, at=turn.now)


def _forecast(deal: Deal, text: str, turn: Turn) -> None:
    """Raises ForecastCategoryUnknown."""
    category = None if is_nothing(text) else CATEGORIES.get(" ".join(text.lower().replace("-", " ").split()))
    if category is None and not is_nothing(text):
        raise ForecastCategoryUnknown(text[:40], deal.name)
    deal.set_forecast(category, by=turn.member, at=turn.now)


def _next_step(deal: Deal, text: str, turn: Turn) -> None:
    if is_nothing(text):
        deal.finish_step(at=turn.now)
        return
    step = next_step(text, today=turn.today, locale=turn.say.locale)
    deal.plan(step.text, due=step.due, by=turn.member, at=turn.now)


def _name(deal: Deal, text: str, turn: Turn) -> None:
    deal.rename(text, by=turn.member, at=turn.now)


def _owner(deal: Deal, text: str, turn: Turn) -> None:
    deal.assign(None if is_nothing(text) else turn.person(text), by=turn.member, at=turn.now)


def _text(field: DealField) -> Callable[[Deal, str, Turn], None]:
    def write(deal: Deal, text: str, turn: Turn) -> None:
        deal.set_text(field, "" if is_nothing(text) else text, by=turn.member, at=turn.now)

    return write


CATEGORIES = {
    **dict.fromkeys(("commit", "committed", "承诺", "确定"), ForecastCategory.COMMIT),
    **dict.fromkeys(("best case", "best", "upside", "最佳情况", "乐观"), ForecastCategory.BEST_CASE),
    **dict.fromkeys(("pipeline", "open", "管道", "进行中"), ForecastCategory.PIPELINE),
    **dict.fromkeys(("omitted", "omit", "out", "不计入", "排除"), ForecastCategory.OMITTED),
}
"""What people call the categories of a forecast."""

WRITERS: dict[str, Callable[[Deal, str, Turn], None]] = {
    "amount": _amount,
    "close_date": _close_date,
    "forecast": _forecast,
    "next_step": _next_step,
    "name": _name,
    "owner": _owner,
    "company": _text(DealField.COMPANY),
    "contact": _text(DealField.CONTACT),
    "source": _text(DealField.SOURCE),
}
"""The fields that every deal has."""

NAMES = {
    **dict.fromkeys(("amount", "value", "worth", "price", "金额", "价值"), "amount"),
    **dict.fromkeys(
        ("expected close", "close date", "closing date", "close", "预计成交日期", "预计成交", "成交日期", "截止日期"),
        "close_date",
    ),
    **dict.fromkeys(("forecast category", "forecast", "预测类别", "预测"), "forecast"),
    **dict.fromkeys(("next step", "next", "step", "下一步"), "next_step"),
    **dict.fromkeys(("name", "title", "名称"), "name"),
    **dict.fromkeys(("owner", "负责人"), "owner"),
    **dict.fromkeys(("company", "account", "customer", "公司", "客户"), "company"),
    **dict.fromkeys(("contact", "联系人"), "contact"),
    **dict.fromkeys(("source", "来源"), "source"),
}
"""What people call them."""

_OWN = re.compile(rf"({'|'.join(sorted(NAMES, key=len, reverse=True))})(?![^\W\u3400-\u9fff])", re.IGNORECASE)
