"""Everybody has their nudge, managers their alert, and the night its scoring, without anybody setting them up."""

from models.member import Role
from tests.bot.schedules.office import Office, utc
from tests.factories import MONDAY, Team, days


def test_members_managers_and_the_night_have_their_schedules(office: Office) -> None:
    office.tick(MONDAY)

    assert set(office.schedules()) == {
        ("rescore", ""),
        ("retrain", ""),
        ("pace", ""),
        ("renew", ""),
        ("nudge", "UANN"),
        ("nudge", "UBOB"),
        ("alert", "UANN"),
        ("model", "UANN"),
        ("stage", "UANN"),
    }


def test_a_new_manager_gets_alerts(office: Office) -> None:
    office.tick(MONDAY)
    office.arrange(lambda team: setattr(team.bob, "role", Role.MANAGER))

    office.tick(MONDAY)

    assert ("alert", "UBOB") in office.schedules()
    assert ("model", "UBOB") not in office.schedules()


def test_somebody_known_from_an_import_only_is_left_in_peace(office: Office) -> None:
    office.arrange(lambda team: team.members.known_as("Zoe", at=MONDAY))

    office.tick(MONDAY)

    assert len(office.schedules()) == 9


def test_a_nudge_goes_along_to_another_time_zone(office: Office) -> None:
    office.tick(MONDAY)
    office.arrange(lambda team: setattr(team.bob, "time_zone", "America/New_York"))

    office.tick(MONDAY + days(0.1))

    nudge = office.schedules()["nudge", "UBOB"]
    assert nudge.time_zone == "America/New_York"
    assert nudge.next_due_at == utc(2026, 3, 2, 14)


def test_what_is_due_comes_before_the_move(office: Office) -> None:
    """Otherwise the morning in the old zone would be lost."""
    tuesday = utc(2026, 3, 3, 9)
    office.tick(MONDAY)

    def move(team: Team) -> None:
        team.adds("Acme", owner=team.bob, at=MONDAY - days(30))
        team.bob.time_zone = "Asia/Tokyo"

    office.arrange(move)

    office.tick(tuesday)
    office.tick(tuesday)

    assert len(office.slack.direct_messages("UBOB")) == 1
    assert office.schedules()["nudge", "UBOB"].next_due_at == utc(2026, 3, 4, 0)
