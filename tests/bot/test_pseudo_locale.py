"""No prose stands in the code: in a made-up language, whose every sentence is marked, all that is read is marked."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from moneyed import Money

from bot.commands import answer
from bot.errors import worded
from bot.reply import Reply
from bot.say import Say
from models.errors import DomainError
from tests.bot.conftest import Desk
from tests.bot.test_catalogue import COMMAND, catalogue
from tests.bot.test_drawing import PICTURES
from tests.bot.views.test_limits import FORMS, MESSAGES, Shown, World

READ = {"text", "alt_text", "accessibility_label", "title", "caption", "hint"}
"""The keys of Block Kit under which a person reads something."""

SPOKEN_FOR = re.compile(r"⟦[^⟦⟧]*⟧|<[^<>]*>|:[a-z_]+:")
"""A sentence, a mention, an emoji."""
CUT_OFF = re.compile(r"⟦.*", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


class Marked(Say):
    """Speaks English, but marks ⟦what comes from the catalogue⟧ and what is formatted for the reader."""

    def _sentence(self, key: str, values: Any) -> str:
        return f"⟦{super()._sentence(key, values)}⟧"

    def value(self, value: Any) -> str:
        return value if isinstance(value, str) else f"⟦{super().value(value)}⟧"

    def weekday(self, day: date) -> str:
        return f"⟦{super().weekday(day)}⟧"

    def month(self, day: date) -> str:
        return f"⟦{super().month(day)}⟧"

    def compact(self, money: Money) -> str:
        return f"⟦{super().compact(money)}⟧"

    def full_moment(self, at: datetime) -> str:
        return f"⟦{super().full_moment(at)}⟧"


SAY = Marked("en", "Europe/Berlin")
TEAM = World("", 2)
"""A team in which everything is called x, in stages such as 0x and Wx."""
NAMES = {"Wx", "Lx", "Sales"}


def unmarked(part: object) -> Iterator[str]:
    """The words that a person reads outside of all marks, but for messages to be copied, which are the team's own."""
    if isinstance(part, dict):
        if part.get("type") == "rich_text_preformatted":
            return
        for key, inner in part.items():
            yield from _left_of(inner) if key in READ and isinstance(inner, str) else unmarked(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from unmarked(inner)


def _left_of(text: str) -> list[str]:
    if text.startswith("/"):  # a command, which is typed as it is
        return []
    while (rest := SPOKEN_FOR.sub("", text)) != text:
        text = rest
    return [word for word in WORD.findall(CUT_OFF.sub("", text)) if word not in NAMES]


@pytest.mark.parametrize("shown", MESSAGES.values(), ids=MESSAGES)
def test_every_word_of_a_message_comes_from_the_catalogue(shown: Shown) -> None:
    assert list(unmarked(shown(TEAM, SAY))) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_word_of_a_form_comes_from_the_catalogue(form: Any) -> None:
    assert list(unmarked(form(TEAM, SAY))) == []


@pytest.mark.parametrize("name", PICTURES)
def test_every_word_of_a_picture_and_of_what_is_told_of_it_comes_from_the_catalogue(name: str) -> None:
    draw, tell = PICTURES[name]
    words = [text.get_text() for text in draw(TEAM, SAY).axes[0].texts]

    assert list(unmarked([{"text": each} for each in (*words, tell(TEAM, SAY))])) == []


def test_every_word_of_an_answer_comes_from_the_catalogue_or_the_team(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.team.adds("Globex")
    loose = {line: left for line in lines() if (left := list(_unmarked_in(_answered(line, desk))))}

    assert loose == {}


def lines() -> list[str]:
    """What the help texts say one can type, and some that goes wrong."""
    told = [catalogue("en")[key][0] for key in catalogue("en") if key.startswith(("help.deal.", "help.funnel."))]
    wrong = ["/deal", "/deal ad Acme", "/deal add", "/deal add Acme", "/deal show Nobody", "/deal move Acme to Nowhere"]
    return [*wrong, *(command for text in told for command in COMMAND.findall(text))]


def _answered(line: str, desk: Desk) -> Reply:
    command, _, words = line.partition(" ")
    turn = replace(desk.turn(), say=SAY)
    try:
        return answer(command, words, turn)
    except DomainError as error:
        return worded(error, SAY, command=command, words=words)


def _unmarked_in(reply: Reply) -> Iterator[str]:
    yield from unmarked([{"text": reply.text}, reply.blocks, reply.form])
    if reply.picture:
        yield from unmarked({"title": reply.picture.title, "text": reply.picture.sorry, "alt_text": reply.picture.alt})
    if reply.labour:
        yield from unmarked({"text": reply.labour.sorry})
    if reply.then:
        yield from _unmarked_in(reply.then)
