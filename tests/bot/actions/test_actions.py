"""What each button does: it moves the deal that was seen, in the stage it was seen in, and settles only that."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import ACTIONS, FORMS, Click, Submission
from bot.actions.origin import Origin
from bot.faults import SnoozeInThePast
from bot.reply import Place, Reply
from bot.views.buttons import button_value, read_value
from models.activity import ActivityKind
from models.deal import Deal
from models.errors import DealNotFound, ScheduleNotFound, TextMissing
from models.history import Via
from models.moving_errors import DealMoved, LossReasonMissing
from tests.bot.conftest import Desk
from tests.bot.reading import labels_in, words_in
from tests.factories import MONDAY, days


def seen(deal: Deal, *, block_id: str = "", channel: str = "C1") -> Origin:
    return Origin(
        deal_id=deal.id,
        stage_id=deal.stage_id,
        response_url="https://x",
        block_id=block_id,
        channel=channel,
        message_ts="1.1",
    )


def click(desk: Desk, action_id: str, origin: Origin, value: str = "") -> Reply:
    desk.now += timedelta(minutes=1)
    return ACTIONS[action_id](Click(value, origin), desk.turn())


def submit(desk: Desk, callback_id: str, origin: Origin, **values: str) -> Reply:
    desk.now += timedelta(minutes=1)
    return FORMS[callback_id].run(Submission(values, origin), desk.turn())


def test_advance_on_a_card_shows_the_card_anew(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    reply = click(desk, "deal.advance", seen(deal))

    assert (deal.stage.name, deal.changes[-1].via) == ("First contact", Via.BUTTON)
    assert (reply.place, reply.settles) == (Place.INSTEAD, "")
    assert reply.text == ":white_check_mark: Ann moved *Acme* to *First contact*"
    assert labels_in(reply) == ["Advance to Qualified", "Note", "Why?", "Lost", "More"]


def test_advance_in_a_list_settles_the_deal_s_own_block(desk: Desk) -> None:
    deal = desk.team.adds("Acme", stage="Qualified")
    others = [{"type": "divider", "block_id": "deal-8"}]

    reply = click(desk, "deal.advance", seen(deal, block_id="deal-7"))
    message = reply.as_message([{"type": "actions", "block_id": "deal-7"}, *others])

    assert message["replace_original"] is True
    assert [block["type"] for block in message["blocks"]] == ["context", "divider"]
    assert words_in(message["blocks"]).splitlines() == [
        ":white_check_mark: Ann moved *Acme* to *Proposal*",
        "Check that this is done, as *Qualified* asks: Need, budget, decision maker and date are known",
    ]


@pytest.mark.parametrize("action_id", ["deal.advance", "deal.lost", "deal.move", "deal.snooze", "deal.won"])
def test_a_button_of_a_stage_that_the_deal_has_left_does_nothing(desk: Desk, action_id: str) -> None:
    deal = desk.team.adds("Acme")
    before = seen(deal)
    desk.types("/deal advance Acme")

    with pytest.raises(DealMoved) as moved:
        click(desk, action_id, before, "3")

    assert (moved.value.by, deal.stage.name) == ("Ann", "First contact")


OF_NO_DEAL = {
    "deal.add",
    "deal.more",
    "find.next",
    "find.previous",
    "list.next",
    "list.previous",
    "notifications.change",
    "settings.change",
}
OF_NO_DEAL |= {"schedules.next", "schedules.previous"}


@pytest.mark.parametrize("action_id", sorted(ACTIONS.keys() - OF_NO_DEAL))
def test_a_forged_number_finds_nothing(desk: Desk, action_id: str) -> None:
    with pytest.raises(ScheduleNotFound if action_id.startswith("schedule.") else DealNotFound):
        click(desk, action_id, Origin(deal_id=999, stage_id=1), "3")


def test_lost_asks_why_and_tells_the_channel(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    origin = seen(deal)

    form = click(desk, "deal.lost", origin).form
    reply = submit(desk, "form.lost", origin, reason="price")

    assert form is not None
    assert Origin.model_validate_json(form["private_metadata"]) == origin
    assert (deal.is_lost, deal.loss_reason, deal.changes[-1].via) == (True, "price", Via.FORM)
    assert reply.place is Place.INSTEAD
    assert reply.then is not None
    assert (reply.then.place, reply.then.text) == (Place.CHANNEL, "Ann marked *Acme* as lost: price")


@pytest.mark.parametrize(("channel", "told"), [("C1", ":tada: Ann won *Acme*!"), ("D1", None)])
def test_a_deal_won_by_a_button_is_told_to_the_channel_if_there_is_one(
    desk: Desk, channel: str, told: str | None
) -> None:
    deal = desk.team.adds("Acme", stage="Negotiation")

    reply = click(desk, "deal.advance", seen(deal, channel=channel))

    assert deal.is_won
    assert reply.place is Place.INSTEAD
    assert (reply.then.text if reply.then else None) == told


def test_a_loss_in_a_conversation_with_the_bot_is_told_there_only(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    reply = submit(desk, "form.lost", seen(deal, block_id="deal-7", channel="D1"), reason="price")

    assert (reply.settles, reply.then) == ("deal-7", None)


@pytest.mark.parametrize("reason", ["  ", "-", "…"])
def test_a_loss_needs_a_reason(desk: Desk, reason: str) -> None:
    deal = desk.team.adds("Acme")

    with pytest.raises(LossReasonMissing):
        submit(desk, "form.lost", seen(deal), reason=reason)
    assert deal.is_open


def test_a_note_is_written_in_a_form_whatever_stage_the_deal_is_in(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    before = seen(deal)
    desk.types("/deal advance Acme")

    form = click(desk, "deal.note", before).form
    reply = submit(desk, "form.note", before, kind="call", note="They want a demo")

    assert form is not None
    assert (deal.activities[-1].kind, deal.activities[-1].text) == (ActivityKind.CALL, "They want a demo")
    assert reply.place is Place.INSTEAD
    assert "Call: They want a demo" in words_in(reply)


def test_a_kind_that_was_left_alone_is_a_note(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    reply = submit(desk, "form.note", seen(deal, block_id="deal-7"), kind="", note="Hello")

    assert deal.activities[-1].kind is ActivityKind.NOTE
    assert (reply.place, reply.settles) == (Place.INSTEAD, "deal-7")
    with pytest.raises(TextMissing):
        submit(desk, "form.note", seen(deal), kind="", note=" ")


def test_a_snoozed_deal_is_quiet_until_then(desk: Desk) -> None:
    deal = desk.team.adds("Acme", at=MONDAY)
    desk.now = MONDAY + days(20)

    reply = click(desk, "deal.snooze", seen(deal, block_id="deal-7"), "3")

    assert not deal.is_stalled(MONDAY + days(22))
    assert deal.is_stalled(MONDAY + days(24))
    assert reply.settles == "deal-7"
    assert reply.text.startswith(":zzz: *Acme* is snoozed until Mar 25")


def test_a_deal_is_snoozed_until_a_date_that_a_form_asks_for(desk: Desk) -> None:
    deal = desk.team.adds("Acme", at=MONDAY - days(30))
    origin = seen(deal, block_id="deal-7")

    assert click(desk, "deal.snooze", origin, "until").form is not None
    reply = submit(desk, "form.snooze", origin, until="next friday")

    assert reply.settles == "deal-7"
    assert not deal.is_stalled(datetime(2026, 3, 12, 22, 59, tzinfo=UTC))
    assert deal.is_stalled(datetime(2026, 3, 12, 23, tzinfo=UTC))  # midnight in Berlin
    with pytest.raises(SnoozeInThePast):
        submit(desk, "form.snooze", origin, until="today")


def test_show_shows_the_card_to_the_person_alone(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    reply = click(desk, "deal.show", seen(deal))

    assert (reply.place, reply.text) == (Place.PRIVATE, "Acme · Lead identified")


def test_why_is_told_to_the_person_alone(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    reply = click(desk, "deal.why", seen(deal))

    assert reply.place is Place.PRIVATE
    assert "What speaks for moving forward" in words_in(reply)


def test_a_button_carries_the_deal_the_stage_and_the_rest(desk: Desk) -> None:
    deal = desk.team.adds("Acme")

    assert read_value(button_value(deal, "3")) == (deal.id, deal.stage_id, "3")
    with pytest.raises(ValueError, match="invalid literal"):
        read_value("x:y")


def test_who_says_first_that_they_are_on_it_is_and_it_is_shown(desk: Desk) -> None:
    deal = desk.team.adds("Acme")
    desk.now = MONDAY + days(1)

    reply = click(desk, "deal.take", seen(deal, block_id="deal-7"))
    again = click(desk, "deal.take", seen(deal, block_id="deal-7"))

    assert (reply.settles, reply.text) == ("deal-7", again.text)
    assert "Ann has been on *Acme* since" in reply.text
    assert "Ann has been on it since" in words_in(desk.types("/deal show Acme"))
    desk.types("/deal advance Acme")
    assert "has been on it" not in words_in(desk.types("/deal show Acme"))
