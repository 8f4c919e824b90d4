"""Writing down what is known of a deal, field by field, out of the words that people type in a command or a form."""

from collections.abc import Callable

from bot.faults import ForecastCategoryUnknown
from bot.grammar import is_nothing, next_step
from bot.services import Turn
from models.deal import Deal, DealField, ForecastCategory, plain_money
from models.reading_dates import read_date
from models.reading_money import read_money


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
    turn.deals.rename(deal, text, by=turn.member, at=turn.now)


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


def as_written(deal: Deal) -> dict[str, str]:
    """The fields that a person may write anew, each in words that read as what stands there."""
    return {
        "name": deal.name,
        "amount": plain_money(deal.money),
        "close_date": deal.close_date.isoformat() if deal.close_date else "",
        "company": deal.company,
        "contact": deal.contact,
        "source": deal.source,
        "owner": str(deal.owner_id or ""),
        "forecast": deal.forecast.replace("_", " "),
        **{f"custom:{name}": str(value) for name, value in deal.custom.items()},
    }


def write(deal: Deal, field: str, text: str, turn: Turn) -> None:
    """Write a field of `as_written`, where an owner is a member's number; no text clears it.

    Raises whatever reading the text does.
    """
    if field.startswith("custom:"):
        deal.set_custom(field.removeprefix("custom:"), text, by=turn.member, at=turn.now)
    elif field == "owner":
        deal.assign(turn.members.get(int(text)) if text else None, by=turn.member, at=turn.now)
    else:
        WRITERS[field](deal, text or "none", turn)
