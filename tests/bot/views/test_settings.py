"""The settings and the digests of a team, as its people read them."""

import pytest

from bot.say import Say
from bot.views.schedules import days_of, schedule_list
from bot.views.settings import settings_view
from models.member import Role
from tests.bot.reading import words_in
from tests.factories import a_member, a_workspace

SAY = Say()


def test_the_settings_name_those_who_lead_and_those_who_are_led() -> None:
    ann, bob, cleo = a_member("Ann", role=Role.ADMIN), a_member("Bob"), a_member("Cleo")
    bob.manager = ann

    words = words_in(
        settings_view(a_workspace(custom_fields=["Industry"]), [ann, bob, cleo], None, SAY, may_change=False)
    )

    assert "Own fields: Industry" in words
    assert "Ann: admin\nBob: rep, reports to Ann" in words
    assert "Cleo" not in words


@pytest.mark.parametrize(
    ("weekdays", "said"),
    [
        ("mon,tue,wed,thu,fri,sat,sun", "every day"),
        ("mon,tue,wed,thu,fri", "Monday to Friday"),
        ("mon,wed", "Monday and Wednesday"),
        ("fri", "Friday"),
    ],
)
def test_days_are_said_in_short(weekdays: str, said: str) -> None:
    assert days_of(weekdays, SAY) == said


def test_without_digests_it_says_how_to_get_one() -> None:
    assert "`/funnel subscribe daily 9:00`" in words_in(schedule_list([], SAY))
