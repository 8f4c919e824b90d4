"""`/deal set Acme amount 15k` writes down what is known of a deal: its amount, dates, next step and other fields."""

import re

from bot.actions import editing
from bot.cards import card
from bot.commands.naming import deal_and_rest
from bot.faults import ChangeMissing
from bot.grammar import at_quotes, is_nothing
from bot.reply import Reply
from bot.services import Turn
from bot.writing import WRITERS
from models.errors import TextMissing
from models.texts import name_key

_JOINT = re.compile(r"^(?:\s*[:=：＝]\s*|\s+(?:to|is|as)\s+(?=\S)|\s*(?:->|→|为)\s*)", re.IGNORECASE)


def run(words: str, turn: Turn) -> Reply:
    deal, change = deal_and_rest(words, turn, split=at_quotes)
    if not change and turn.can_ask:
        return editing.asked(deal, turn)
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
