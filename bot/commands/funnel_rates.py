"""`/funnel rates` shows the exchange rates in use, `/funnel set rate USD 0.92` gives one."""

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

from bot.faults import SettingNotUnderstood
from bot.reply import Reply
from bot.services import Turn
from bot.views.rates import Quote, rates_view
from models.member import Role
from models.pricing import Rate
from models.reading_dates import read_date
from models.reading_errors import DateNotUnderstood, DateOutOfRange
from models.reading_money import read_currency
from models.workspace import day_in

EXAMPLE = "/funnel set rate USD 0.92 EUR on 2026-03-01"

_SAID = re.compile(
    r"(?P<count>10{0,6})?\s*(?P<base>[^\W\d]+)(?:\s*/\s*(?P<into>[^\W\d]+))?\s*[=:：＝]?\s*(?:(?:is|to)\s+)?"
    r"(?P<rate>[0-9]+(?:[.,][0-9]+)?)(?(into)|\s*(?P<currency>[^\W\d]+)?)"
    r"(?:\s+(?:on|from|since|自|从)\s*(?P<day>.+))?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")


def run(words: str, turn: Turn) -> Reply:
    """Words behind it give a rate, as `set rate` does: managers do. Raises NotAllowed, and what `give` raises."""
    if words:
        turn.member.require(Role.MANAGER)
        return Reply(give(words, turn))
    return _shown(turn)


def _shown(turn: Turn) -> Reply:
    """First the currencies that deals need, then what else is known."""
    pricing, needed = turn.outlook.pricing, turn.exchange_rates.needed()
    known = {
        code: price
        for code in {*needed, *pricing.rates.currencies} - {pricing.currency}
        if (price := pricing.rates.price(code, pricing.currency, pricing.today))
    }
    shown = rates_view(
        pricing.currency,
        quotes=[Quote(code, known[code].of(Decimal(1)), known[code].day) for code in needed if code in known],
        missing=[code for code in needed if code not in known],
        others=sorted(known.keys() - set(needed)),
        say=turn.say,
    )
    return Reply(turn.say("rates.title", currency=pricing.currency), shown)


def give(text: str, turn: Turn) -> str:
    """`USD 0.92`, `100 JPY = 0.61 EUR`, `USD/EUR 0.92`: what one of it is worth in the workspace's currency, or in the
    other one that is named; for today or a day before. Raises SettingNotUnderstood, CurrencyUnknown, RateOutOfRange.

    A comma before three digits may mean thousands or thousandths, so that is refused.
    """
    said = _SAID.fullmatch(text.strip())
    if said is None or _THOUSANDS.fullmatch(said["rate"]):
        raise SettingNotUnderstood(text, EXAMPLE)
    today = day_in(turn.workspace.time_zone, turn.now)
    day = _day(said["day"], today, turn.say.locale) if said["day"] else today
    base = read_currency(said["base"])
    currency = read_currency(said["into"] or said["currency"] or turn.workspace.currency)
    if day is None or base == currency:
        raise SettingNotUnderstood(text, EXAMPLE)
    rate = Rate(base, currency, day, Decimal(said["rate"].replace(",", ".")) / int(said["count"] or 1))
    turn.exchange_rates.keep([rate])
    return turn.say("set.rate", base=base, currency=currency, rate=f"{rate.rate:f}", day=day)


def _day(said: str, today: date, locale: str) -> date | None:
    """Today or the latest such day before, as a rate is of the past: `1 March` is that of last year in February. None
    where there is none."""
    years = (today.year, today.year - 1)
    for each in (said, *(f"{said} {year}" for year in years), *(f"{year}年{said}" for year in years)):
        with suppress(DateNotUnderstood, DateOutOfRange):
            if (day := read_date(each, today=today, locale=locale)) <= today:
                return day
    return None
