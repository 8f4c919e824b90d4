"""An answer becomes a message of Slack's, and always says where it goes."""

import pytest

from bot.reply import Place, Reply
from bot.views.blocks import Block, section

ROWS: list[Block] = [{"type": "section", "block_id": f"deal-{number}"} for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (Place.PRIVATE, {"response_type": "ephemeral", "replace_original": False}),
        (Place.CHANNEL, {"response_type": "in_channel", "replace_original": False}),
        (Place.INSTEAD, {"replace_original": True}),
    ],
)
def test_a_message_says_where_it_belongs(place: Place, named: dict[str, object]) -> None:
    assert Reply("Hello", place=place).as_message() == {"text": "Hello"} | named


def test_a_settled_block_gives_way_and_its_neighbours_stay() -> None:
    done = section("done")

    message = Reply("Done", (done,), Place.INSTEAD, settles="deal-2").as_message(ROWS)

    assert message["blocks"] == [ROWS[0], done, ROWS[2]]


def test_what_was_settled_before_leaves_the_list_as_it_is() -> None:
    message = Reply("Done", (section("done"),), Place.INSTEAD, settles="deal-9").as_message(ROWS)

    assert message["blocks"] == ROWS


def test_where_the_list_is_not_known_the_person_is_told_alone() -> None:
    message = Reply("Done", (section("done"),), Place.INSTEAD, settles="deal-2").as_message()

    assert message == {"text": "Done", "response_type": "ephemeral", "replace_original": False}


def test_another_answer_may_follow_after_what_follows_already() -> None:
    told, chart = Reply("Lost", place=Place.CHANNEL), Reply("Chart")

    assert Reply("Card").followed_by(told).then is told
    assert Reply("Card", then=chart).followed_by(told) == Reply("Card", then=Reply("Chart", then=told))
