"""What people hear without having asked: once a day at their hour, all in one message or nothing, as they want it."""

from collections import Counter

import pytest
from moneyed import Money

from bot.schedules import SCHEDULES
from bot.views.blocks import MESSAGE_BLOCKS
from models.member import Role
from models.schedule import ScheduleKind
from tests.bot.schedules.office import Office, utc
from tests.factories import Team, days

SATURDAY = utc(2026, 2, 28, 12)
NINE = utc(2026, 3, 2, 9)
NAMES = [f"{whose} {number:02}" for whose in ("Big", "Mine") for number in range(12)]
ALERTS = {ScheduleKind.ALERT, ScheduleKind.MODEL, ScheduleKind.STAGE}


def busy(office: Office) -> None:
    """Ann leads Bob; both have deals that wait, Bob's are big, and tasks fall due all the time."""

    def work(team: Team) -> None:
        team.bob.role, team.bob.manager = Role.MANAGER, team.ann
        for number in range(3):
            for owner in (team.ann, team.bob):
                deal = team.adds(f"{owner.name} {number}", owner=owner, at=NINE - days(30), money=Money(90_000, "USD"))
                deal.close_date = (NINE + days(number)).date()
                deal.plan("Call", due=(NINE + days(number)).date(), by=owner, at=NINE - days(9))

    office.arrange(work)


def fortnight(office: Office) -> None:
    for day in range(14):
        for hour in (0, 9, 18):
            office.tick(utc(2026, 2, 28, hour) + days(day))


def heard(office: Office, user: str) -> Counter[str]:
    """How many messages by day."""
    return Counter(
        f"{utc(1970, 1, 1) + days(float(each.ts) / 86_400):%m-%d}" for each in office.slack.direct_messages(user)
    )


def test_every_post_to_a_person_is_the_one_of_the_morning_or_an_alert() -> None:
    """Whoever adds another has to decide which of both it is."""
    to_people = {kind for kind in SCHEDULES if kind not in (ScheduleKind.DIGEST, ScheduleKind.WIN)}

    assert to_people == {ScheduleKind.NUDGE} | ALERTS


def test_nobody_hears_more_than_once_a_day_alerts_aside(office: Office) -> None:
    """Also on the day on which a digest that nobody looks at asks whether once a week would do. That a post could not
    be made is an alert, too, and told once to whoever set it up."""
    busy(office)
    office.subscribe(at=SATURDAY - days(25))
    office.slack.add_channel("C3", "old", members=["UANN"], is_archived=True)
    office.subscribe("C3", at=SATURDAY)

    fortnight(office)

    assert sum("Would once a week do?" in post.text for post in office.posts()) == 1
    alerts = [each for kind in ALERTS for each in office.deliveries(kind) if each[2] == "posted"]
    assert alerts
    for user in ("UANN", "UBOB"):
        of_alerts = Counter(period[5:] for target, period, *_ in alerts if target == user)
        of_failures = Counter(period[5:] for _, period, state, _ in office.deliveries() if state == "failed")
        assert sum(of_failures.values()) == 1
        unasked = heard(office, user) - of_alerts - (of_failures if user == "UANN" else Counter())
        assert set(unasked.values()) == {1}
        assert len(unasked) == 10


def test_who_wants_one_message_hears_alerts_within_it(office: Office) -> None:
    busy(office)
    office.arrange(lambda team: setattr(team.ann, "is_bundled", True))

    fortnight(office)

    told = office.slack.direct_messages("UANN")
    assert set(heard(office, "UANN").values()) == {1}
    assert any("high-value deal" in each.text and "of your deals" in each.text for each in told)
    assert office.slack.refused == []


def test_what_one_message_does_not_hold_is_said_and_told_the_next_time(office: Office) -> None:
    def work(team: Team) -> None:
        team.bob.role, team.bob.manager, team.ann.is_bundled = Role.MANAGER, team.ann, True
        for number in range(12):
            big = team.adds(f"Big {number:02}", owner=team.bob, at=NINE - days(30), money=Money(90_000 - number, "USD"))
            mine = team.adds(f"Mine {number:02}", at=NINE - days(30 + number))
            mine.plan("Call", due=NINE.date(), by=None, at=NINE - days(9))
            for task in big.to_do:
                task.done_at = NINE - days(29)
            for task in mine.to_do:
                task.due = NINE.date()

    office.arrange(work)
    office.tick(SATURDAY)

    office.tick(NINE)
    office.tick(NINE + days(1))

    first, second = office.slack.direct_messages("UANN")
    for message in (first, second):
        assert len(message.blocks) <= MESSAGE_BLOCKS
        assert "all fit in one message" not in message.text
        shown = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
        assert [name for name in NAMES if name in message.text] == [
            name for name in NAMES if any(name in text for text in shown)
        ]
    assert [f"Big {number:02}" in first.text for number in range(12)] == [True] * 10 + [False] * 2
    assert [f"Big {number:02}" in second.text for number in range(12)] == [False] * 10 + [True] * 2
    assert "and 2 more" in first.text
    assert 0 < sum("Mine" in block["text"]["text"] for block in first.blocks if block["type"] == "section") < 10
    assert first.blocks[-1]["elements"][0]["text"].startswith("and ")


def test_who_is_muted_hears_nothing_and_others_go_on(office: Office) -> None:
    busy(office)
    office.arrange(lambda team: setattr(team.ann, "is_muted", True))

    office.tick(SATURDAY)
    office.tick(NINE)

    assert office.slack.direct_messages("UANN") == []
    assert office.slack.direct_messages("UBOB")


def test_everybody_hears_at_their_own_hour(office: Office) -> None:
    busy(office)
    office.tick(SATURDAY)
    office.arrange(lambda team: setattr(team.bob, "notified_at", "07:30"))

    office.tick(SATURDAY + days(1))
    office.tick(utc(2026, 3, 2, 7, 29))
    assert office.slack.direct_messages("UBOB") == []
    office.tick(utc(2026, 3, 2, 7, 30))

    assert office.slack.direct_messages("UBOB")
    assert office.slack.direct_messages("UANN") == []


def test_who_chooses_a_later_hour_after_the_message_waits_for_the_next_day(office: Office) -> None:
    busy(office)
    office.tick(SATURDAY)
    office.tick(NINE)
    before = len(office.slack.direct_messages("UBOB"))
    office.arrange(lambda team: setattr(team.bob, "notified_at", "15:00"))

    office.tick(NINE + days(0.1))
    office.tick(utc(2026, 3, 2, 15))

    assert len(office.slack.direct_messages("UBOB")) == before
    assert [each[1] for each in office.deliveries(ScheduleKind.NUDGE) if each[0] == "UBOB"][-1] == "2026-03-02"


@pytest.mark.parametrize("is_bundled", [True, False])
def test_managers_are_left_in_peace_on_their_holidays(office: Office, is_bundled: bool) -> None:
    busy(office)

    def away(team: Team) -> None:
        team.ann.country, team.ann.is_bundled = "DE", is_bundled

    office.arrange(away)
    office.tick(utc(2026, 4, 2, 12))

    office.tick(utc(2026, 4, 3, 9))  # Good Friday

    assert office.slack.direct_messages("UANN") == []
