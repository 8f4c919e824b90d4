"""What went wrong is said in a sentence, and a name that fits several deals becomes a choice."""

from datetime import UTC, datetime

import pytest

from bot.errors import beside_field, unexpected, with_number, worded
from bot.reply import Place
from bot.say import Say
from models.errors import (
    Candidate,
    DomainError,
    FieldUnknown,
    NotAllowed,
    PipelineInvalid,
    SeveralDealsFit,
    TextTooLong,
)
from models.moving_errors import DealMoved, LossReasonMissing
from tests.bot.reading import buttons_in, words_in

SAY = Say("en", "Europe/Berlin")
TEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOTH = SeveralDealsFit("Acme", (Candidate(3, "Acme North", "Proposal"), Candidate(7, "Acme South", "Won")), more=2)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (DealMoved("Acme", "Proposal", "Bob", TEN), "Bob moved *Acme* to *Proposal* (Mar 2, 10:00"),
        (DealMoved("Acme", "Proposal", "", TEN), "*Acme* was moved to *Proposal* (Mar 2, 10:00"),
        (TextTooLong("next_step", 300), "The next step is too long. At most 300 characters fit."),
        (TextTooLong("Industry", 300), "The Industry is too long. At most 300 characters fit."),
        (NotAllowed("manager"), "That takes the role *manager*."),
        (PipelineInvalid("stage_twice"), "That doesn't work: two of its stages have one name."),
        (FieldUnknown("hue"), "No field called *hue*. There are amount"),
        (FieldUnknown("hue", ("Industry",)), "No field called *hue*. There are amount"),
    ],
)
def test_an_error_is_a_sentence_for_the_person_alone(error: DomainError, sentence: str) -> None:
    reply = worded(error, SAY)

    assert reply.text.startswith(sentence)
    assert reply.place is Place.PRIVATE


def test_beside_a_field_the_sentence_has_no_markup() -> None:
    assert beside_field(LossReasonMissing("A & B"), SAY).startswith(
        "Why was A & B lost? Type the reason, as in /deal lost A & B"
    )


def test_several_deals_become_a_choice_that_says_the_command_again() -> None:
    reply = worded(BOTH, SAY, command="/deal", words="advance Acme to Proposal")

    assert reply.text == "4 deals fit *Acme*. Which one? Nothing has changed yet."
    assert [(button["action_id"], button["value"]) for button in buttons_in(reply)] == [
        ("pick.3", "/deal advance #3 to Proposal"),
        ("pick.7", "/deal advance #7 to Proposal"),
    ]
    assert words_in(reply).endswith("and 2 more")


def test_what_a_button_cannot_hold_is_said_again_with_the_number() -> None:
    reply = worded(BOTH, SAY, command="/deal", words=f"note Acme {'x' * 2_000}")

    assert buttons_in(reply) == []
    assert "Type it again with the number instead of the name, as in `#3`." in words_in(reply)


@pytest.mark.parametrize(
    ("words", "name", "again"),
    [
        ("note no hello", "no", "note #3 hello"),
        ('lost "Acme" because Acme', "Acme", 'lost "#3" because Acme'),
        ("赢单Acme", "Acme", "赢单#3"),
        ("show acme", "acme", "show #3"),
    ],
)
def test_the_number_takes_the_place_of_the_name_and_of_nothing_else(words: str, name: str, again: str) -> None:
    assert with_number(words, name, 3) == again


def test_an_unexpected_error_tells_a_reference_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise RuntimeError("password=hunter2")
    except RuntimeError:
        reply = unexpected(SAY)

    reference = reply.text.split("`")[1]
    assert "hunter2" not in reply.text
    assert reference in caplog.text
    assert "hunter2" in caplog.text
