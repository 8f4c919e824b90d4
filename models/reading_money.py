"""People write amounts their own way (`12k`, `1.200,50 €`, `¥3万`); here they become money.

An amount is a currency, a number, a scale and a currency again, and all but the number may be absent.

- One kind of separator before groups of exactly three digits separates thousands: `1.200` and `1,200` are both 1200,
  as a sales amount rarely has three decimals. `1.20`, `0.200` and `1234.567` have decimals, for they cannot be groups,
  and so have `1.250m` and `12.856万`, as nobody groups before a scale with a point, and `12.500 KWD`, whose dinars have
  three decimals and are shown so.
- A bare `$` means the default currency where that is a dollar, else USD. `¥` means the default currency where that is
  CNY or JPY, else CNY beside 千, 万 or 亿 and JPY otherwise. A code after the number overrules both: `$500 CAD`.
- `元` and `RMB` mean CNY; no currency at all means the default one.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.numbers import get_currency_precision
from moneyed import Money
from price_parser import Price

from models.money import MAX_AMOUNT, currency_code, money_of, supported_currencies
from models.reading_errors import AmountNotUnderstood, AmountOutOfRange, CurrencyUnknown

LONGEST_AMOUNT = 60

_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"})
_WRITTEN_ELSEWHERE = {
    **{"C$": "CAD", "S$": "SGD", "RMB": "CNY", "元": "CNY", "円": "JPY"},
    **{"₽": "RUB", "₺": "TRY", "₴": "UAH", "₦": "NGN", "฿": "THB", "zł": "PLN", "Kč": "CZK"},
    **{"euro": "EUR", "euros": "EUR", "pounds": "GBP", "yen": "JPY", "yuan": "CNY", "dollar": "$", "dollars": "$"},
}
# Codes that are also words or names: in free text they count in capitals only, and never as the first word.
_WORDS_TOO = r"ALL|AMD|BAM|BOB|COP|CUP|GEL|LAK|LSL|MAD|MOP|NAD|PAB|PEN|PHP|RON|SAR|SHP|SOS|TOP|TRY|VES"

_SCALES = {
    **dict.fromkeys(("k", "thousand", "千"), 10**3),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mil", "million", "millions", "百万"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 10**9),
    **{"万": 10**4, "萬": 10**4, "千万": 10**7, "亿": 10**8, "億": 10**8},
}
_HAN_SCALES = "千万萬亿億"

_NUMBER = r"""
    (?P<grouped>[1-9][0-9]{0,2}(?P<separator>[,.'])[0-9]{3}(?:(?P=separator)[0-9]{3}){0,5})
        (?:(?!(?P=separator))(?P<mark>[.,])[0-9]{1,15})?
  | (?P<spaced>[1-9][0-9]{0,2}(?:\ [0-9]{3}){1,6})(?:(?P<spaced_mark>[.,])[0-9]{1,15})?
  | (?P<indian>[1-9][0-9]?(?:,[0-9]{2}){1,5},[0-9]{3})(?:\.[0-9]{1,15})?
  | (?:[0-9]{1,30}(?P<plain_mark>[.,])|\.)[0-9]{1,15}
  | [0-9]{1,30}
"""

# One width for each character, so that places in the text stay where they are.
_ONE_WIDTH = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {"￥": "¥", "￡": "£", "’": "'", "−": "-"}
    | dict.fromkeys("\t\u00a0\u2009\u202f\u3000", " ")
)


class FoundMoney(NamedTuple):
    """An amount inside a longer text, which stands at `text[start:end]`."""

    money: Money
    start: int
    end: int


def read_money(text: str, *, currency: str) -> Money:
    """The amount that `text` is as a whole; `currency` is the default one."""
    plain = text.translate(_ONE_WIDTH).strip()
    if len(plain) > LONGEST_AMOUNT:
        raise AmountNotUnderstood(text[:LONGEST_AMOUNT])
    if plain.isascii() and plain.isdigit():
        return money_of(Decimal(plain), currency)
    match = _whole_amount().fullmatch(plain)
    if match is None:
        if unknown := _unknown_currency().fullmatch(plain):
            raise CurrencyUnknown(unknown["before"] or unknown["after"])
        raise AmountNotUnderstood(text)
    return _money(match, currency)


def read_currency(text: str) -> str:
    """The ISO code of a currency as people write it: `usd`, `RMB`, `美元`. Raises CurrencyUnknown."""
    return currency_code(_currency_signs().get(text.strip(), text))


def find_money(words: str, *, currency: str) -> FoundMoney | None:
    """The last amount in a text such as `Acme Corp 12k USD`, if it has one.

    Names have numbers too (`3M`, `Area 51`, `7-Eleven`), so a number is an amount only if it stands apart from the
    words around it and

    - has a currency before or after it, anywhere (`€900`, `12 000 EUR`, `3万元`), or
    - has a scale or separated thousands (`12k`, `1,200.50`) and is not the first word, which names: `3M renewal`, or
    - ends the text with a whole part of three or more digits (`Acme 1200`, `Acme 12 000`), is not the first word, and
      is not a year of this century such as 2026; `Acme 2000` is an amount.

    A number with spaces inside takes no scale: `Studio 54 200k` has 200k. A negative or absurd amount is an error.
    """
    plain = words.translate(_ONE_WIDTH)
    matches = [match for match in _amount_in_text().finditer(plain) if _is_amount(match)]
    if not matches:
        return None
    last = matches[-1]
    return FoundMoney(_money(last, currency), last.start(), last.end())


def _money(match: re.Match[str], default: str) -> Money:
    scale = (match["scale"] or match["scale_apart"] or "").lower()
    before, after = (
        _meant(match[side], default, beside_han=scale.endswith(tuple(_HAN_SCALES))) for side in ("before", "after")
    )
    code = after or before or default
    has_thousandths = bool(scale) or get_currency_precision(code) == 3
    amount = _decimal(match, has_thousandths=has_thousandths) * (_SCALES[scale] if scale else 1)
    if match["minus"] or match["minus_within"] or amount > MAX_AMOUNT:
        raise AmountOutOfRange(match[0].strip(), limit=MAX_AMOUNT)
    if before and after and before != after and match["before"] not in ("$", "¥"):
        raise AmountNotUnderstood(match[0].strip())
    return money_of(amount, code)


def _decimal(match: re.Match[str], *, has_thousandths: bool) -> Decimal:
    """The number, its decimal mark told: alone, the price parser takes 0.200 and 1234.567 for thousands."""
    mark = "." if match["indian"] else match["mark"] or match["spaced_mark"] or match["plain_mark"]
    if has_thousandths and match["separator"] == "." and match["number"].count(".") == 1:
        mark = mark or "."
    amount = Price.fromstring(match["number"], decimal_separator=mark).amount
    if amount is None:
        raise AmountNotUnderstood(match["number"])
    return amount


def _meant(sign: str | None, default: str, *, beside_han: bool) -> str | None:
    """The code of the currency that a sign, word or code means."""
    if sign is None:
        return None
    known = _currency_signs()
    code = known.get(sign) or known.get(sign.lower()) or known.get(sign.upper()) or sign.upper()
    if code == "$":
        return default if default in _DOLLARS else "USD"
    if code == "¥":
        return default if default in ("CNY", "JPY") else "CNY" if beside_han else "JPY"
    return code


def _is_amount(match: re.Match[str]) -> bool:
    if match["before"] or match["after"]:
        return True
    leads = not match.string[: match.start()].strip()
    ends = not match.string[match.end() :].strip()
    if match["scale"] or match["scale_apart"] or match["grouped"] or match["indian"]:
        return not leads
    if match["minus"]:
        return ends and not leads
    whole = re.split(r"[.,]", match["number"])[0]
    is_year = re.fullmatch(r"20(?!00)[0-9]{2}", match["number"]) is not None
    return ends and not leads and not is_year and len(whole) >= 3 and not whole.startswith("0")


@cache
def _currency_signs() -> dict[str, str]:
    """Signs and words to codes, as English and Chinese write them; `$` and `¥` stand for themselves."""
    signs = {}
    for language in ("en", "zh"):
        locale = Locale(language)
        for code in supported_currencies():
            signs[locale.currency_symbols.get(code, code).translate(_ONE_WIDTH)] = code
    for code in supported_currencies():
        signs.setdefault(str(Locale("zh").currencies.get(code, code)), code)
    return signs | _WRITTEN_ELSEWHERE | {"$": "$", "¥": "¥"}


@cache
def _whole_amount() -> re.Pattern[str]:
    every = {*_currency_signs(), *supported_currencies()}
    return re.compile(_amount(before=_any_case(every), after=_any_case(every)), re.VERBOSE)


@cache
def _amount_in_text() -> re.Pattern[str]:
    """An amount that stands apart from the words around it; Chinese words need no space."""
    sure = _any_case({*_currency_signs(), *supported_currencies()} - set(_WORDS_TOO.split("|")))
    behind_a_word = rf"(?<=\S\ )(?:{_WORDS_TOO})"
    han = r"\u3400-\u9fff"
    apart_before = rf"(?:(?<!\S)|(?<=[({han}。、])|(?<=[^0-9][,:;]))(?<![{_HAN_SCALES}第])"
    apart_after = rf"(?![^\W{han}]|[{_HAN_SCALES}百%]|[-+/'&.,@]\w)"
    amount = _amount(before=f"{sure}|{behind_a_word}", after=f"{sure}|{_WORDS_TOO}")
    return re.compile(f"{apart_before}(?:{amount}){apart_after}", re.VERBOSE)


@cache
def _unknown_currency() -> re.Pattern[str]:
    return re.compile(_amount(before="[^\\W\\d_]{2,20}", after="[^\\W\\d_]{2,20}"), re.VERBOSE)


def _amount(*, before: str, after: str) -> str:
    glued = "|".join(sorted(_SCALES, key=len, reverse=True))
    apart = "|".join(sorted((scale for scale in _SCALES if len(scale) > 2), reverse=True))
    return rf"""
        (?P<minus>-)? (?:(?P<before>{before})\ ?)? (?P<minus_within>-)?
        (?P<number>{_NUMBER})
        (?(spaced)|(?:(?P<scale>(?ai:{glued}))|\ (?P<scale_apart>(?ai:{apart})))?)
        (?:\ ?(?P<after>{after}))?
    """


def _any_case(signs: Iterable[str]) -> str:
    longest_first = sorted(signs, key=lambda sign: (-len(sign), sign))
    return f"(?i:{'|'.join(map(re.escape, longest_first))})"
