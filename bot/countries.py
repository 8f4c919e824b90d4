"""Countries as people write and read them: "DE", "Germany", "德国"."""

from functools import cache

from babel import Locale

from models.working_days import is_known

_LANGUAGES = ("en", "zh")


def country_code(text: str) -> str:
    """The ISO code of the country that a code or a name in one of the languages means; empty for none whose public
    holidays are known."""
    code = text.strip().upper()
    return code if is_known(code) else _by_name().get(text.strip().casefold(), "")


def country_name(code: str, locale: str) -> str:
    """What readers of a language call it."""
    language = locale.partition("-")[0].partition("_")[0]
    return str(Locale(language if language in _LANGUAGES else _LANGUAGES[0]).territories.get(code, code))


@cache
def _by_name() -> dict[str, str]:
    return {
        str(name).casefold(): str(code)
        for language in _LANGUAGES
        for code, name in Locale(language).territories.items()
        if is_known(str(code))
    }
