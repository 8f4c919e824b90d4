"""`/funnel notifications`: each person says when, how and whether they hear what they did not ask for."""

import re

import pytest

from bot.actions import ACTIONS, FORMS, Click, FieldsRefused, Submission
from bot.actions.origin import Origin
from bot.faults import SettingNotUnderstood
from models.working_days import country_of
from tests.bot.conftest import Desk
from tests.bot.reading import words_in


def test_it_tells_how_things_are_and_what_was_guessed(desk: Desk) -> None:
    desk.team.ann.time_zone = "Europe/Berlin"

    told = words_in(desk.types("/funnel notifications"))

    assert "at 09:00 (Europe/Berlin)" in told
    assert "go by your time zone: Germany" in told


def test_words_change_it_for_oneself_alone(desk: Desk) -> None:
    bob = desk.team.bob

    desk.types("/funnel notifications mute", by=bob)
    desk.types("/funnel notifications at 8:30", by=bob)
    desk.types("/funnel notifications one message", by=bob)
    desk.types("/funnel notifications country Germany", by=bob)

    assert (bob.is_muted, bob.notified_at, bob.is_bundled, bob.country) == (True, "08:30", True, "DE")
    ann = desk.team.ann
    assert (ann.is_muted, ann.notified_at, ann.is_bundled, ann.country) == (False, "09:00", False, "")
    assert words_in(desk.types("/funnel notifications", by=bob)).startswith("*What you get without asking*\nNothing")
    desk.types("/funnel notifications unmute", by=bob)
    desk.types("/funnel notifications apart", by=bob)
    desk.types("/funnel notifications country none", by=bob)
    assert (bob.is_muted, bob.is_bundled, bob.country) == (False, False, "")


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("静音", "is_muted", True),
        ("8点30", "notified_at", "08:30"),
        ("合并", "is_bundled", True),
        ("国家 中国", "country", "CN"),
        ("country il", "country", "IL"),
    ],
)
def test_it_is_said_in_chinese_or_by_code_as_well(desk: Desk, words: str, field: str, value: object) -> None:
    desk.types(f"/funnel 通知 {words}", locale="zh-CN")

    assert getattr(desk.team.ann, field) == value


@pytest.mark.parametrize("words", ["sometimes", "monday 8:30", "25:00", "country Atlantis", "country"])
def test_what_is_not_understood_changes_nothing(desk: Desk, words: str) -> None:
    with pytest.raises(SettingNotUnderstood, match="/funnel notifications"):
        desk.types(f"/funnel notifications {words}")

    assert (desk.team.ann.notified_at, desk.team.ann.country) == ("09:00", "")


def test_the_form_changes_what_was_changed(desk: Desk) -> None:
    asked = ACTIONS["notifications.change"](Click("", Origin()), desk.turn())
    entered = {"hour": "7:45", "unasked": "on", "alerts": "together", "country": "France", "language": "zh-CN"}

    reply = FORMS["form.notifications"].run(Submission(entered, Origin()), desk.turn())

    ann = desk.team.ann
    assert asked.form is not None
    assert (ann.notified_at, ann.is_muted, ann.is_bundled, ann.country) == ("07:45", False, True, "FR")
    assert ann.language == "zh-CN"
    assert "法国" in reply.text
    assert reply.text.startswith("今后我用中文和你交流")
    assert "7:45" in reply.text
    assert not re.search(r"[a-z]{3}", re.sub(r"`[^`]*`|Slack|Sluice|Europe/Berlin", "", reply.text))
    with pytest.raises(FieldsRefused):
        FORMS["form.notifications"].run(Submission(entered | {"hour": "soon"}, Origin()), desk.turn())


def test_only_a_country_whose_holidays_are_known_is_guessed() -> None:
    assert (country_of("Asia/Shanghai"), country_of("UTC")) == ("CN", "")
