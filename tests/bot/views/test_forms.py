"""The forms ask for what is needed and carry where they came from."""

from bot.say import Say
from bot.views.forms import lost_form, note_form
from models.activity import ActivityKind
from tests.factories import a_deal


def test_the_form_of_a_loss_asks_for_the_reason() -> None:
    form = lost_form(a_deal("Acme"), [], private='{"deal_id": 1}', say=Say())

    assert (form["callback_id"], form["private_metadata"]) == ("form.lost", '{"deal_id": 1}')
    assert [block["block_id"] for block in form["blocks"] if block["type"] == "input"] == ["reason", "note"]
    assert "*Acme*" in str(form["blocks"])


def test_the_form_of_a_note_begins_with_a_note() -> None:
    kind, note = [
        block
        for block in note_form(a_deal(), ActivityKind.NOTE, private="", say=Say())["blocks"]
        if block["type"] == "input"
    ]

    assert [option["value"] for option in kind["element"]["options"]] == ["note", "call", "email", "meeting"]
    assert kind["element"]["initial_option"]["value"] == "note"
    assert (note["block_id"], note["element"]["max_length"]) == ("note", 3_000)
