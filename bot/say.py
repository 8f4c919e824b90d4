"""Says things in the reader's language, with their numbers, money, dates and hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_datetime_format
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from moneyed import Money

from models.money import rounded

CATALOGUES = Path(__file__).parent / "locale"
_FIRST = "en"


class Markup(str):
    """Text that is Slack markup already, such as a mention; everything else is escaped."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """User text as Slack markup that means nothing but itself: no mention, no link, no bold."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "*_~`":
        safe = safe.replace(mark, f"\u200b{mark}\u200b")  # with no word beside it a mark formats nothing
    return Markup(safe)


def mention(user_id: str) -> Markup:
    return Markup(f"<@{user_id}>")


@dataclass(frozen=True)
class Percent:
    """A share of one, said as a whole percentage."""

    share: float


@dataclass(frozen=True)
class Say:
    """The voice for one reader. `say(key, …)` makes Slack markup with every value escaped; `say.plain(key, …)` makes
    plain text for headers, buttons and pictures. Values are formatted by their type: Money, Percent, date, datetime
    (in the reader's zone), timedelta, numbers, and sequences as lists. `count` picks the plural form."""

    locale: str = _FIRST
    time_zone: str = "UTC"

    def __call__(self, key: str, **values: Any) -> str:
        return self._sentence(key, values).format_map({name: self._marked_up(value) for name, value in values.items()})

    def plain(self, key: str, **values: Any) -> str:
        return self._sentence(key, values).format_map({name: self.value(value) for name, value in values.items()})

    def value(self, value: Any) -> str:
        """One value as plain text."""
        locale = _babel(self.locale)
        match value:
            case str():
                return value
            case Money():
                return self._money(value, locale)
            case Percent():
                return str(format_percent(value.share, locale=locale))
            case datetime():
                local = value.astimezone(ZoneInfo(self.time_zone))
                return _day_and_time(format_skeleton("MMMd", local, locale=locale), "short", local, locale)
            case date():
                return str(format_date(value, "medium", locale=locale))
            case timedelta():
                return str(format_timedelta(value, threshold=1.2, locale=locale))
            case int() | float() | Decimal():
                return str(format_decimal(value, locale=locale))
            case Sequence():
                return str(format_list([self.value(each) for each in value], locale=locale))
            case None:
                return ""
        return str(value)

    def days(self, span: timedelta) -> str:
        """A stay, in whole days from one day on."""
        return self.plain("unit.days", count=span.days)

    def weekday(self, day: date) -> str:
        """A day that nobody takes for a month: Fri, Jan 2, 2026."""
        return str(format_skeleton("yMMMEd", day, locale=_babel(self.locale)))

    def month(self, day: date) -> str:
        """The month of a day: Mar 2026."""
        return str(format_skeleton("yMMM", day, locale=_babel(self.locale)))

    def quarter(self, day: date) -> str:
        """The quarter of a day: Q1 2026."""
        return str(format_skeleton("yQQQ", day, locale=_babel(self.locale)))

    def compact(self, money: Money) -> str:
        """An amount for a picture or a row: €1.2M."""
        if abs(money.amount) < 100:
            return self.value(Money(rounded(money.amount, money.currency.code), money.currency))
        amount = round(money.amount)  # Babel leaves all digits of what is short
        return str(format_compact_currency(amount, money.currency.code, fraction_digits=1, locale=_babel(self.locale)))

    def full_moment(self, at: datetime) -> str:
        """A moment with its zone, for where hours matter."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        locale = _babel(self.locale)
        return _day_and_time(format_skeleton("yMMMEd", local, locale=locale), "HH:mm z", local, locale)

    def _money(self, money: Money, locale: Locale) -> str:
        is_whole = money.amount == money.amount.to_integral_value()
        pattern = locale.currency_formats["standard"]
        if not is_whole:
            return str(format_currency(money.amount, money.currency.code, locale=locale))
        return str(
            format_currency(
                money.amount.quantize(Decimal(1)),
                money.currency.code,
                format=str(pattern.pattern).replace(".00", ""),
                currency_digits=False,
                locale=locale,
            )
        )

    def _marked_up(self, value: Any) -> str:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Sequence) and not isinstance(value, str):
            return str(format_list([self._marked_up(each) for each in value], locale=_babel(self.locale)))
        return escaped(self.value(value))

    def _sentence(self, key: str, values: Mapping[str, Any]) -> str:
        catalogue = _catalogue(_language(self.locale))
        if "count" in values:
            found = catalogue.ngettext(key, key, values["count"])
            if found != key:
                return found
        found = catalogue.gettext(key)
        if found == key:
            raise KeyError(f"no sentence for {key} in {self.locale}")
        return found


def known(key: str) -> bool:
    """Whether the first language has a sentence for the key."""
    return key in _catalogue(_FIRST)._catalog or (key, 0) in _catalogue(_FIRST)._catalog  # type: ignore[attr-defined]


@cache
def _language(locale: str) -> str:
    """The catalogue for a reader's locale such as "zh-CN" or "en-GB"; the first language where there is none."""
    wanted = locale.replace("-", "_")
    have = {path.stem for path in CATALOGUES.glob("*.po")}
    if wanted in have:
        return wanted
    return next((each for each in sorted(have) if each.split("_")[0] == wanted.split("_")[0]), _FIRST)


@cache
def _babel(locale: str) -> Locale:
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_FIRST)


def _day_and_time(day: str, time_format: str, local: datetime, locale: Locale) -> str:
    """The two beside each other as the language has them: with a comma in English, without in Chinese."""
    time = format_time(local, time_format, locale=locale)
    return str(get_datetime_format("medium", locale=locale)).replace("{1}", day).replace("{0}", time)


@cache
def _catalogue(language: str) -> GNUTranslations:
    with (CATALOGUES / f"{language}.po").open("rb") as text:
        catalogue = read_po(text, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
