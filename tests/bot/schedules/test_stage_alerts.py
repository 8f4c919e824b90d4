"""Managers hear once of a stage that loses more deals than its own history and chance explain."""

from datetime import datetime

from models.history import Via
from models.member import Role
from tests.bot.schedules.office import Office, utc
from tests.factories import Team, days
from tests.queries import queries_of

SUNDAY = utc(2026, 3, 1, 12)
MONDAY_NINE = utc(2026, 3, 2, 9)
_AGAIN = days(7)


def leave(team: Team, begun: datetime, *, lost: int, forward: int) -> None:
    """Deals that leave the first stage after two days."""
    for number in range(lost + forward):
        deal = team.adds(f"{begun:%m-%d} {number}", at=begun)
        if number < lost:
            deal.lose("price", by=None, at=begun + days(2), via=Via.COMMAND)
        else:
            deal.advance(by=None, at=begun + days(2), via=Via.COMMAND)


def stable(team: Team) -> None:
    for week in range(4, 20):
        leave(team, MONDAY_NINE - days(7 * week), lost=1, forward=5)


def leaking(team: Team) -> None:
    stable(team)
    for week in range(1, 4):
        leave(team, MONDAY_NINE - days(7 * week), lost=6, forward=1)


def test_a_stage_that_leaks_is_told_once_with_its_numbers(office: Office) -> None:
    office.arrange(leaking)
    office.tick(SUNDAY)

    office.tick(MONDAY_NINE)
    office.arrange(lambda team: leave(team, MONDAY_NINE, lost=6, forward=1))
    office.tick(MONDAY_NINE + _AGAIN)

    (told,) = (each for each in office.slack.direct_messages("UANN") if "out of line" in each.text)
    assert "Lead identified: 18 of 21 deals were lost in the last three weeks, usually 17% are" in told.text
    assert "100% of the deals lost in Lead identified went for “price”" in str(told.blocks)
    ((picture,),) = (each.files for each in office.slack.direct_messages("UANN") if each.files)
    assert str(picture.alt_text).startswith(
        "Stages week by week in half a year. Lead identified: 18 of 21 deals were lost in the last three weeks, "
        "usually 17% are; out of line from "
    )
    assert "Lost of each three weeks: 17%, 17%, 17%, 17%, 17%, 17%, and 86%." in str(picture.alt_text)
    assert not [each for each in office.slack.direct_messages("UBOB") if "out of line" in each.text]


def test_all_managers_hear_of_it_and_it_is_worked_out_once_for_them(office: Office) -> None:
    office.arrange(leaking)
    office.arrange(lambda team: setattr(team.bob, "role", Role.MANAGER))
    office.tick(SUNDAY)
    with queries_of(office.database) as asked:
        office.tick(MONDAY_NINE)

    for manager in ("UANN", "UBOB"):
        (told,) = (each for each in office.slack.direct_messages(manager) if "out of line" in each.text)
        assert "Lead identified: 18 of 21 deals were lost" in told.text
    read = [each for each in asked if each.startswith("SELECT stage_change") and "deal.entered_stage_at >=" in each]
    assert len(read) == 1


def test_a_picture_that_fails_neither_costs_the_message_nor_is_tried_again(office: Office) -> None:
    office.arrange(leaking)
    office.tick(SUNDAY)
    office.slack.fail_next("files.getUploadURLExternal", error="internal_error")

    office.tick(MONDAY_NINE)
    office.restart()
    office.tick(MONDAY_NINE + days(0.1))

    assert [each.files for each in office.slack.direct_messages("UANN") if "out of line" in each.text] == [[]]
    assert not [each for each in office.slack.direct_messages("UANN") if each.files]


def test_who_wants_one_message_finds_the_picture_in_its_thread(office: Office) -> None:
    office.arrange(leaking)
    office.arrange(lambda team: setattr(team.ann, "is_bundled", True))
    office.tick(SUNDAY)

    office.tick(MONDAY_NINE)

    told, picture = office.slack.direct_messages("UANN")
    assert "out of line" in told.text
    assert (picture.thread_ts, picture.files[0].name) == (told.ts, "stages.png")


def test_it_is_told_again_after_the_stage_was_back_to_normal(office: Office) -> None:
    office.arrange(leaking)
    office.tick(SUNDAY)
    office.tick(MONDAY_NINE)
    for week in range(12):
        lost, forward = (0, 7) if week < 8 else (7, 0)
        office.arrange(
            lambda team, week=week, kept=(lost, forward): leave(  # type: ignore[misc]  # bound now
                team, MONDAY_NINE + days(7 * week), lost=kept[0], forward=kept[1]
            )
        )
    office.tick(MONDAY_NINE + days(7 * 12))

    told = [each.text for each in office.slack.direct_messages("UANN") if "out of line" in each.text]
    assert len(told) == 2


def test_a_stage_that_slows_down_is_told_with_where_to_look(office: Office) -> None:
    def waiting(team: Team) -> None:
        for number in range(18):
            team.adds(f"waits {number}", at=MONDAY_NINE - days(3 + number))

    office.arrange(stable)
    office.arrange(waiting)
    office.tick(SUNDAY)

    office.tick(MONDAY_NINE)

    (told,) = (each for each in office.slack.direct_messages("UANN") if "out of line" in each.text)
    assert (
        "Lead identified: 0 of 18 deals left in the last three weeks, at the usual pace it would have been 18"
        in told.text
    )
    assert "`/deal list stalled`" in str(told.blocks)


def test_a_stable_or_young_team_hears_nothing(office: Office) -> None:
    office.arrange(stable)
    office.tick(SUNDAY)

    office.tick(MONDAY_NINE)

    assert not [each for each in office.slack.direct_messages("UANN") if "out of line" in each.text]


def test_a_new_manager_hears_of_stages(office: Office) -> None:
    office.arrange(lambda team: setattr(team.bob, "role", Role.MANAGER))

    office.tick(SUNDAY)

    assert ("stage", "UBOB") in office.schedules()
