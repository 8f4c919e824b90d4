"""On workday mornings owners hear in one message of their deals that need them, and nobody else does."""

from typing import Any

from bot.schedules.nudges import compose
from bot.schedules.occasion import Occasion
from bot.views.blocks import section
from models.deal import Deal
from models.nudge import Arm, Nudges, Tried
from models.period import Period, Unit
from models.schedule import ScheduleKind
from scoring.stage_news import StageNews
from tests.bot.schedules.office import Office, actions_of, block_ids, utc
from tests.factories import Team, a_team, days

SUNDAY = utc(2026, 3, 1, 12)
NINE = utc(2026, 3, 2, 9)


def adds(team: Team, name: str, **known: Any) -> Deal:
    """A deal for which all is done that its stage asks for."""
    deal = team.adds(name, **known)
    for task in deal.to_do:
        task.done_at = deal.created_at
    return deal


def test_only_the_owner_hears_and_only_of_what_has_stalled(office: Office) -> None:
    office.arrange(lambda team: adds(team, "Acme", owner=team.bob, at=NINE - days(21)))
    office.arrange(lambda team: adds(team, "Fresh", owner=team.bob, at=NINE - days(18)))
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    assert "Acme" in nudge.text
    assert "Fresh" not in nudge.text
    assert "Quiet for 15 working days" in nudge.text
    assert office.slack.direct_messages("UANN") == []
    assert ("UANN", "2026-03-02", "let_go", "nothing to say") in office.deliveries(ScheduleKind.NUDGE)


def test_it_comes_once_a_day_and_not_on_weekends(office: Office) -> None:
    office.arrange(lambda team: adds(team, "Acme", owner=team.bob, at=SUNDAY - days(30)))
    office.tick(SUNDAY)

    for number in range(24 * 8):
        office.tick(SUNDAY + days(number / 24))

    periods = [period for target, period, state, _ in office.deliveries(ScheduleKind.NUDGE) if state == "posted"]
    assert periods == [f"2026-03-0{day}" for day in (2, 3, 4, 5, 6, 9)]
    assert len(office.slack.direct_messages("UBOB")) == 6


def test_each_deal_comes_with_its_buttons(office: Office) -> None:
    office.arrange(lambda team: adds(team, "Acme", owner=team.bob, at=NINE - days(21)))
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    deal = office.deal("Acme")
    advance, note, step, snooze, lost = actions_of(nudge)
    assert f"deal-{deal.id}" in block_ids(nudge)
    named = [each["action_id"] for each in (advance, note, step, snooze, lost)]
    assert named == ["deal.advance", "deal.note", "deal.step", "deal.snooze", "deal.lost"]
    assert advance["value"] == lost["value"] == f"{deal.id}:{deal.stage_id}"
    spans = [each["value"].rpartition(":")[2] for each in snooze["options"]]
    assert spans == ["1", "3", "7", "until"]


def test_a_snoozed_deal_is_not_nudged_about_before_its_time(office: Office) -> None:
    office.arrange(lambda team: adds(team, "Acme", owner=team.bob, at=NINE - days(30)))
    office.arrange(lambda team: team.deals.named("Acme").snooze(NINE + days(1)))
    office.arrange(lambda team: team.deals.named("Acme").plan("Call", due=SUNDAY.date() - days(7), by=None, at=SUNDAY))
    office.tick(SUNDAY)

    office.tick(NINE)
    assert office.slack.direct_messages("UBOB") == []
    office.tick(NINE + days(1))

    assert len(office.slack.direct_messages("UBOB")) == 1


def test_a_next_step_that_falls_due_while_its_deal_is_snoozed_is_told_alone(office: Office) -> None:
    def work(team: Team) -> None:
        deal = adds(team, "Acme", owner=team.bob, at=NINE - days(60))
        deal.plan("Call Ann", due=NINE.date(), by=None, at=NINE - days(50))
        deal.snooze(NINE + days(9))

    office.arrange(work)
    office.tick(SUNDAY)

    office.tick(NINE)
    office.tick(NINE + days(1))

    (nudge,) = office.slack.direct_messages("UBOB")
    assert "Call Ann" in nudge.text
    assert "Quiet for" not in nudge.text


def test_what_is_due_and_what_should_have_closed_comes_in_the_same_message(office: Office) -> None:
    def work(team: Team) -> None:
        adds(team, "Stuck", owner=team.bob, at=NINE - days(30))
        adds(team, "Late", owner=team.bob, at=NINE - days(1), close_date=NINE.date() - days(1))
        adds(team, "Busy", owner=team.bob, at=NINE - days(1)).plan("Call Ann", due=NINE.date(), by=None, at=SUNDAY)
        later = NINE.date() + days(1)
        adds(team, "Ahead", owner=team.bob, at=NINE - days(1), close_date=later).plan(
            "Wait", due=later, by=None, at=NINE
        )

    office.arrange(work)
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    assert nudge.text.startswith("3 of your deals need you today")
    assert (
        nudge.text.index("Busy") < nudge.text.index("Call Ann") < nudge.text.index("Late") < nudge.text.index("Stuck")
    )
    assert "Ahead" not in nudge.text


def test_nobody_is_nudged_on_a_public_holiday_of_their_country(office: Office) -> None:
    def work(team: Team) -> None:
        adds(team, "Acme", owner=team.bob, at=SUNDAY - days(60))
        adds(team, "Globex", owner=team.ann, at=SUNDAY - days(60))
        team.bob.country = "DE"

    office.arrange(work)
    office.tick(utc(2026, 4, 2, 12))

    office.tick(utc(2026, 4, 3, 9))  # Good Friday

    assert office.slack.direct_messages("UBOB") == []
    assert len(office.slack.direct_messages("UANN")) == 1


def test_who_works_on_sundays_is_nudged_then(office: Office) -> None:
    def work(team: Team) -> None:
        adds(team, "Acme", owner=team.bob, at=SUNDAY - days(60))
        team.bob.country = "IL"

    office.arrange(work)
    office.tick(utc(2026, 3, 6, 12))

    office.tick(utc(2026, 3, 7, 9))
    assert office.slack.direct_messages("UBOB") == []
    office.tick(utc(2026, 3, 8, 9))

    assert len(office.slack.direct_messages("UBOB")) == 1


def test_of_a_deal_that_is_held_back_nobody_is_told_until_it_moves_and_that_is_remembered(office: Office) -> None:
    names = [f"Deal {number}" for number in range(40)]
    lot: set[str] = set()

    def work(team: Team) -> None:
        for number, name in enumerate(names):
            adds(team, name, owner=team.bob, at=NINE - days(21 + number / 24))
        team.workspace.nudge_holdback = 50
        stalled = team.open_deals.stalled(NINE, owner=team.bob)
        drawn = Nudges(team.session, team.workspace).held_back(stalled)
        lot.update(deal.name for deal in stalled if deal.id in drawn)

    def snooze_what_was_told(team: Team) -> None:
        for name in told[0]:
            team.deals.named(name).snooze(NINE + days(30))

    office.arrange(work)
    office.tick(SUNDAY)

    told: list[set[str]] = []
    for morning in range(3):
        office.tick(NINE + days(morning))
        told.append({name for name in names if f"*{name}*" in office.slack.direct_messages("UBOB")[-1].text})
        office.arrange(snooze_what_was_told)

    drawn = office.nudges()
    held = {name for name, is_held_back in drawn if is_held_back}
    assert told[0].isdisjoint(told[1])
    assert len(drawn) == len({name for name, _ in drawn})
    assert {name for name, is_held_back in drawn if not is_held_back} == set().union(*told)
    assert held
    assert held <= lot
    assert lot.isdisjoint(set().union(*told))


def test_a_deal_whose_nudge_never_arrived_counts_from_the_one_that_did(office: Office) -> None:
    office.arrange(lambda team: adds(team, "Acme", owner=team.bob, at=NINE - days(21)))
    office.tick(SUNDAY)
    office.slack.fail_next("chat.postMessage", error="restricted_action")

    office.tick(NINE)
    office.tick(NINE + days(1))

    with office.database.reading() as session:
        nudges = Nudges(session, a_team(session).workspace)
        period = Period(Unit.DAYS, SUNDAY.date(), NINE.date() + days(7), "UTC")
        assert len(office.slack.direct_messages("UBOB")) == 1
        assert nudges.tried(period, at=NINE + days(7)) == Tried(Arm(), Arm(), 1)
        assert nudges.tried(period, at=NINE + days(8)) == Tried(Arm(1, 0), Arm(), 0)


def test_where_all_are_held_back_nothing_is_said_and_the_lot_is_remembered(office: Office) -> None:
    def work(team: Team) -> None:
        for number in range(12):
            adds(team, f"Deal {number}", owner=team.bob, at=NINE - days(21 + number))
        team.workspace.nudge_holdback = 50
        stalled = team.open_deals.stalled(NINE, owner=team.bob)
        told = {deal.id for deal in stalled} - Nudges(team.session, team.workspace).held_back(stalled)
        for deal in stalled:
            if deal.id in told:
                deal.snooze(NINE + days(30))

    office.arrange(work)
    office.tick(SUNDAY)

    office.tick(NINE)

    assert office.slack.direct_messages("UBOB") == []
    assert office.nudges()
    assert all(is_held_back for _, is_held_back in office.nudges())


def test_a_held_back_deal_with_something_due_is_told_all_the_same(office: Office) -> None:
    def work(team: Team) -> None:
        team.workspace.nudge_holdback = 50
        for number in range(8):
            adds(team, f"Deal {number}", owner=team.bob, at=NINE - days(30), close_date=NINE.date() - days(1))

    office.arrange(work)
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    assert all(f"Deal {number}" in nudge.text for number in range(8))
    assert office.nudges() == []


def test_only_deals_that_fit_into_the_message_count_as_told(office: Office) -> None:
    office.arrange(lambda team: [adds(team, f"Deal {n}", owner=team.bob, at=NINE - days(21 + n)) for n in range(8)])
    office.arrange(lambda team: team.nudged(at=NINE))
    crowd = [section("x" * 2_900)] * 2 + [section("x" * 1_200)]

    with office.database.begin() as session:
        team = a_team(session)
        occasion = Occasion(
            session=session,
            workspace=team.workspace,
            target="UBOB",
            schedule=None,
            period="2026-03-02",
            time_zone="UTC",
            now=NINE,
            since=None,
            scorers=office.services.scorers,
            delivery_id=1,
            stage_news=StageNews(),
        )
        nudge = compose(occasion, beside=crowd)
        assert nudge is not None
        assert nudge.note is not None
        nudge.note(session, team.workspace)

    told = [name for name, _ in office.nudges()]
    assert 0 < len(told) < 8
    assert all(name in nudge.text for name in told)
