"""How far targets are reached, held against a plain recount of the raw moves, and what on pace means."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from models.activity import ActivityKind
from models.attainment import PERIODS, LoggedActivity, Progress, Reached, Record, elapsed, people_of, progress
from models.database import Database
from models.exchange import ExchangeRates
from models.history import Change, Via
from models.period import Period, Unit, whole_unit
from models.pipeline import StageKind
from models.pricing import Pricing, Rate, Rates, Unpriced
from models.target import Aim, Measure, Scope, Target, Targets
from models.timeline import DealHistory
from tests.factories import MONDAY, a_member, a_pipeline, a_team, days
from tests.pasts import DAYS, a_past, facts_of, pasts

PIPELINE = a_pipeline()
STAGES = {stage.id: stage for stage in facts_of(PIPELINE)}
RATES = Rates([Rate("EUR", "USD", MONDAY.date(), Decimal("1.25"))])
PRICING = Pricing("USD", "UTC", (MONDAY + days(2 * DAYS)).date(), RATES)
MARCH = Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 31), "UTC")
CONTACT = PIPELINE.stage_named("First contact")
ALL_DEALS = (Measure.NEW, Measure.WON, Measure.ENTERED, Measure.AMOUNT)


def record(histories: Sequence[DealHistory], activities: Sequence[LoggedActivity] = ()) -> Record:
    return Record(histories, STAGES, activities, PRICING)


def aim(measure: Measure) -> Aim:
    return Aim(measure, Unit.MONTH, stage_id=CONTACT.id if measure is Measure.ENTERED else None)


def naive(past: DealHistory, measure: Measure, period: Period, people: frozenset[int] | None) -> Decimal:
    """Walks through the moves as they were written, one by one, with a list of what stands so far."""
    standing: list[tuple[datetime, Change, int]] = []
    for move in past.moves:
        if move.at >= period.end:
            break
        if move.change is Change.UNDONE:
            standing = standing[:-1]
        else:
            standing = [*standing, (move.at, move.change, move.to_stage_id)]
    owner = past.owner_id
    for revision in reversed(past.revisions):
        if revision.at >= period.end:
            owner = int(revision.old) if revision.old else None
    if not standing or (people is not None and owner not in people):
        return Decimal()
    if measure is Measure.NEW:
        return Decimal(period.start <= standing[0][0])
    if measure is Measure.ENTERED:
        return Decimal(sum(stage == CONTACT.id and at >= period.start for at, _, stage in standing))
    closings = [(at, change) for at, change, _ in standing if change in (Change.WON, Change.LOST, Change.REOPENED)]
    if not closings or closings[-1][1] is Change.REOPENED or closings[-1][0] < period.start:
        return Decimal()
    if STAGES[standing[-1][2]].kind not in (StageKind.WON, StageKind.AFTER_SALES):
        return Decimal()
    worth = (past.amount or Decimal()) * (Decimal("1.25") if past.currency == "EUR" else 1)
    in_time = past.currency == "USD" or (closings[-1][0].date() - MONDAY.date()).days < 92
    return Decimal(1) if measure is Measure.WON else worth if in_time else Decimal()


@given(
    histories=pasts(PIPELINE),
    unit=st.sampled_from([Unit.DAYS, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.QUARTER]),
    day=st.integers(0, DAYS * 3 // 2),
    people=st.sampled_from([None, frozenset({1}), frozenset({1, 2})]),
)
def test_what_is_reached_is_what_a_plain_recount_of_the_moves_finds(
    histories: list[DealHistory], unit: Unit, day: int, people: frozenset[int] | None
) -> None:
    period = whole_unit(unit, (MONDAY + days(day)).date(), "UTC")

    for measure in ALL_DEALS:
        found = record(histories).reached(aim(measure), period, people)

        assert found.done == sum((naive(each, measure, period, people) for each in histories), Decimal())


def test_a_deal_that_began_in_a_stage_came_into_it() -> None:
    assert record([a_past(PIPELINE, ("First contact", 0))]).reached(aim(Measure.ENTERED), MARCH, None).done == 1


def test_a_win_that_was_reopened_or_undone_is_none() -> None:
    histories = [
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5)),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("Negotiation", 6)),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("undo", 6)),
    ]

    assert record(histories).reached(aim(Measure.WON), MARCH, None).done == 1
    assert record(histories).reached(aim(Measure.AMOUNT), MARCH, None).done == 1000


def test_a_win_without_a_rate_or_an_amount_is_told_not_counted() -> None:
    histories = [
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=80, currency="EUR"),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), currency="GBP"),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=None),
    ]

    found = record(histories).reached(aim(Measure.AMOUNT), MARCH, None)

    assert (int(found.done), found.unpriced, found.no_amount) == (100, (Unpriced(1, Money(1000, "GBP")),), 1)


def test_what_was_done_counts_for_who_did_it() -> None:
    activities = [
        LoggedActivity(ActivityKind.MEETING, 1, MONDAY),
        LoggedActivity(ActivityKind.MEETING, 2, MONDAY),
        LoggedActivity(ActivityKind.CALL, 1, MONDAY),
        LoggedActivity(ActivityKind.MEETING, 1, MONDAY + days(60)),
    ]

    assert record((), activities).reached(aim(Measure.MEETING), MARCH, frozenset({1})).done == 1
    assert record((), activities).reached(aim(Measure.MEETING), MARCH, None).done == 2


def test_a_team_is_its_manager_and_who_reports_to_them() -> None:
    ann, bob, eve = a_member("Ann"), a_member("Bob"), a_member("Eve")
    bob.manager_id = ann.id

    assert people_of(Scope.TEAM, ann.id, [ann, bob, eve]) == frozenset({ann.id, bob.id})
    assert people_of(Scope.REP, bob.id, [ann, bob, eve]) == frozenset({bob.id})
    assert people_of(Scope.WORKSPACE, None, [ann, bob, eve]) is None


@pytest.mark.parametrize(
    ("at", "share"),
    [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), "0"),
        (datetime(2026, 3, 2, 13, 30, tzinfo=UTC), "0.1"),
        (datetime(2026, 3, 4, 18, tzinfo=UTC), "0.6"),
        (datetime(2026, 3, 6, 23, tzinfo=UTC), "1"),
        (datetime(2026, 3, 8, 12, tzinfo=UTC), "1"),
    ],
)
def test_of_a_week_weekdays_between_nine_and_six_count_as_time(at: datetime, share: str) -> None:
    assert elapsed(whole_unit(Unit.WEEK, MONDAY.date(), "UTC"), at) == Decimal(share)


def test_at_a_third_of_the_day_one_of_three_is_missing() -> None:
    target = Target(measure=Measure.NEW, unit=Unit.DAYS, scope=Scope.WORKSPACE, goal=Decimal(3))
    today = whole_unit(Unit.DAYS, MONDAY.date(), "UTC")
    third = elapsed(today, datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert Progress(target, Decimal(3), Reached(today, Decimal()), third).behind == 1


def test_a_day_off_asks_for_no_pace_and_stands_among_the_days_before_only_where_something_was_done(
    sqlite: Database,
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        team.workspace.time_zone = "Europe/Berlin"
        calls = Aim(Measure.CALL, Unit.DAYS)
        Targets(session, team.workspace).set(
            calls, Decimal(4), currency="", since=date(2026, 3, 1), by=team.ann, at=MONDAY
        )
        deal = team.adds("Acme", at=datetime(2026, 3, 1, tzinfo=UTC))
        for day, many in ((2, 1), (3, 2), (4, 4), (7, 3)):  # from a Monday on, and a Saturday
            for _ in range(many):
                deal.log(ActivityKind.CALL, "Called", by=team.ann, at=datetime(2026, 3, day, 12, tzinfo=UTC))
        session.flush()

        def on(month: int, day: int, clock: int = 12) -> Progress:
            (found,) = progress(
                session,
                team.workspace,
                [team.ann],
                at=datetime(2026, month, day, clock, tzinfo=UTC),
                looking_back=PERIODS,
            )
            return found

        sunday, monday, easter = on(3, 8), on(3, 9, 20), on(4, 6)
        assert (sunday.is_free, float(sunday.elapsed), sunday.is_on_pace) == (True, 0, True)
        assert (monday.is_free, float(monday.elapsed), float(monday.behind)) == (False, 1, 4)
        assert [past.share for past in monday.pasts] == [0.25, 0.5, 1, 0, 0, 0.75]
        assert easter.is_free
        assert [on(3, day, 13).is_reached for day in (3, 4)] == [False, True]


def test_a_period_before_has_the_goal_that_held_on_its_last_day_and_counts_from_its_first_moment(
    sqlite: Database,
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        calls = Aim(Measure.CALL, Unit.MONTH)
        for goal, since in ((8, date(2026, 1, 10)), (4, date(2026, 2, 10))):
            Targets(session, team.workspace).set(calls, Decimal(goal), currency="", since=since, by=team.ann, at=MONDAY)
        deal = team.adds("Acme", at=datetime(2025, 12, 1, tzinfo=UTC))
        deal.log(ActivityKind.CALL, "Called", by=team.ann, at=datetime(2026, 1, 1, tzinfo=UTC))
        session.flush()

        (found,) = progress(session, team.workspace, [team.ann], at=MONDAY, looking_back=2)
        assert [past.goal for past in found.pasts] == [8, 4]
        assert [past.share for past in found.pasts] == [0.125, 0]


def test_a_goal_in_a_former_currency_counts_at_the_rate_of_its_first_day_and_a_win_at_that_of_its_own(
    sqlite: Database,
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        new_year, march = date(2026, 1, 1), date(2026, 3, 1)
        rates = ((new_year, "0.333333"), (march, "0.5"))
        ExchangeRates(session, team.workspace).keep(Rate("USD", "EUR", day, Decimal(rate)) for day, rate in rates)
        Targets(session, team.workspace).set(
            Aim(Measure.AMOUNT, Unit.MONTH), Decimal(1000), currency="USD", since=new_year, by=team.ann, at=MONDAY
        )
        team.workspace.currency = "EUR"
        for day in (15, 60):
            at = datetime(2026, 1, 1, tzinfo=UTC) + days(day)
            deal = team.adds(f"Acme {day}", at=at, money=Money(300, "USD"))
            deal.win(by=team.ann, at=at, via=Via.COMMAND)
        session.flush()

        (found,) = progress(session, team.workspace, [team.ann], at=MONDAY, looking_back=2)
        assert {found.goal, *(past.goal for past in found.pasts)} == {Decimal("333.33")}
        assert [each.done for each in (found.reached, *(past.reached for past in found.pasts))] == [150, 100, 0]


def test_a_goal_that_is_less_than_a_coin_in_another_currency_is_still_one(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        ExchangeRates(session, team.workspace).keep([Rate("USD", "EUR", MONDAY.date(), Decimal("0.000001"))])
        Targets(session, team.workspace).set(
            Aim(Measure.AMOUNT, Unit.MONTH), Decimal(1000), currency="USD", since=MONDAY.date(), by=team.ann, at=MONDAY
        )
        team.workspace.currency = "EUR"

        (found,) = progress(session, team.workspace, [team.ann], at=MONDAY)
        assert (found.goal, found.share, found.is_reached) == (Decimal("0.001"), 0, False)


def test_a_goal_in_a_former_currency_counts_long_after_it_was_set(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        years_ago = date(2024, 1, 1)
        ExchangeRates(session, team.workspace).keep([Rate("USD", "EUR", years_ago, Decimal("0.5"))])
        Targets(session, team.workspace).set(
            Aim(Measure.AMOUNT, Unit.MONTH), Decimal(1000), currency="USD", since=years_ago, by=team.ann, at=MONDAY
        )
        team.workspace.currency = "EUR"

        (found,) = progress(session, team.workspace, [team.ann], at=MONDAY, looking_back=1)
        assert {found.goal, found.pasts[0].goal} == {Decimal(500)}


@given(
    st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER]),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.times(),
    st.sampled_from([("Europe/Berlin", "DE"), ("America/New_York", "US"), ("UTC", "")]),
)
def test_time_passes_on_working_days_of_the_country_by_its_clock(
    unit: Unit, today: date, clock: time, where: tuple[str, str]
) -> None:
    zone, country = where
    period = whole_unit(unit, today, zone)
    off = country_holidays(country, years=today.year) if country else {}
    over = whole = 0
    day = period.first
    while day <= period.last:
        if day.weekday() < 5 and day not in off:
            whole += 9 * 60
            passed = ((today - day).days * 24 - 9 + clock.hour) * 60 + clock.minute
            over += min(max(passed, 0), 9 * 60)
        day += timedelta(days=1)

    found = elapsed(period, datetime.combine(today, clock, ZoneInfo(zone)))

    assert round(found, 20) == round(Decimal(over) / whole, 20)
