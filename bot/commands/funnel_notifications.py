"""`/funnel notifications` shows what one hears without having asked; `mute`, `8:30`, `one message` or `country DE`
changes it, for oneself."""

import re

from bot import notifying
from bot.countries import country_name
from bot.reply import Reply
from bot.services import Turn
from bot.views.notifications import notifications_view


def run(words: str, turn: Turn) -> Reply:
    if not words:
        return _shown(turn)
    said = " ".join(words.lower().split())
    if said in notifying.SWITCHES:
        return Reply(notifying.SWITCHES[said](turn))
    if match := _COUNTRY.match(words):
        return Reply(notifying.in_country(words[match.end() :], turn))
    return Reply(notifying.at_hour(words, turn))


def _shown(turn: Turn) -> Reply:
    code = turn.member.country
    country = country_name(code, turn.say.locale) if code else notifying.guessed(turn)
    return Reply(turn.say("notifications.title"), notifications_view(turn.member, country, turn.say))


_COUNTRY = re.compile(r"(?:country|holidays of|国家|节假日)[\s:：]*(?=\S)", re.IGNORECASE)
