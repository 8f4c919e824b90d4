"""A report is made of the history alone and stands beside earlier ones that are as old as it was."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import select

from models.database import Database
from models.deal import DealField
from models.funnel_figures import Dimension, PipelineFigures
from models.history import Change, StageChange, Via, moves_that
from models.known_deals import Selection
from models.period import Period, Unit, as_far_as, whole_unit
from models.pipeline import StageKind
from models.pipelines import Pipelines
from scoring.funnel_reports import FunnelPast, funnel_past, funnel_past_since, pipelines_past
from scoring.leaks import leaks, looked_back_on
from tests.factories import MONDAY, Team, a_team, days
from tests.models.test_stage_flow import APRIL, EVERYBODY, MARCH, PIPELINE, STAGES
from tests.pasts import IN_DOLLARS, a_past
from tests.recount import Told, assert_cohorts, assert_leaks, assert_parts, assert_snapshot, told_before
from tests.test_totals import EVENTS, NOW, Event, in_euros, live

INSERTS = st.lists(st.tuples(st.just("insert"), st.integers(0, 1), st.integers(0, 999), st.just(0.0)), max_size=2)
MERGES = st.lists(st.tuples(st.just("merge"), st.integers(0, 1), st.integers(0, 999), st.just(0.0)), max_size=2)


def test_figures_stand_beside_earlier_ones_where_the_history_reaches_back() -> None:
    old = a_past(PIPELINE, ("Lead", -400), ("Lost", -390))
    recent = a_past(PIPELINE, ("Lead", 5), ("Won", 9))

    short = FunnelPast([recent], STAGES, IN_DOLLARS).snapshot(APRIL, EVERYBODY)
    long = FunnelPast([old, recent], STAGES, IN_DOLLARS).snapshot(APRIL, EVERYBODY)

    assert (short.before, short.year_before) == (None, None)
    assert long.before is not None
    assert long.year_before is not None
    assert (long.now.won, long.before.won, long.year_before.won) == (0, 1, 0)
    assert long.before.win_rate is not None


def test_a_year_stands_beside_one_year_only() -> None:
    year = Period(Unit.YEAR, date(2026, 1, 1), date(2026, 12, 31), "UTC")
    past = FunnelPast([a_past(PIPELINE, ("Lead", -900))], STAGES, IN_DOLLARS)

    report = past.snapshot(year, EVERYBODY)

    assert report.before is not None
    assert report.earlier == (report.before,)


def test_an_earlier_cohort_is_followed_for_as_long_as_this_one() -> None:
    """Both deals were won 50 days after they began. On April 10, nine days after its month, March's is not won yet;
    February's is by then, but was not nine days after its own month."""
    first = a_past(PIPELINE, ("Lead", -70))
    february = a_past(PIPELINE, ("Lead", -20), ("Won", 30))
    march = a_past(PIPELINE, ("Lead", 10), ("Won", 60))
    past = FunnelPast([first, february, march], STAGES, IN_DOLLARS)

    soon = past.cohorts(MARCH, EVERYBODY, at=MONDAY + days(39))
    late = past.cohorts(MARCH, EVERYBODY, at=MONDAY + days(90))

    assert soon.before is not None
    assert late.before is not None
    assert (soon.now.whole.won, soon.before.whole.won) == (0, 0)
    assert soon.before.known_at == MONDAY + days(39 - 31)
    assert (late.now.whole.won, late.before.whole.won) == (1, 1)


def test_a_conversion_is_of_the_deals_that_began_in_the_period() -> None:
    old_but_moved_now = a_past(PIPELINE, ("Lead", -60), ("Demo", 5))
    lost = a_past(PIPELINE, ("Lead", 1), ("Lost", 3))
    past = FunnelPast([old_but_moved_now, lost], STAGES, IN_DOLLARS)

    view = past.cohorts(MARCH, EVERYBODY, at=MARCH.end).now

    assert view.conversions[0] is not None
    assert (view.conversions[0].hits, view.conversions[0].count) == (0, 1)
    assert view.overall is not None
    assert view.overall.share == 0


def test_an_empty_pipeline_has_an_empty_report() -> None:
    past = FunnelPast([], STAGES, IN_DOLLARS)

    assert past.snapshot(MARCH, EVERYBODY).now.is_empty
    assert past.cohorts(MARCH, EVERYBODY, at=MARCH.end).now.is_empty


def test_a_report_reads_one_workspace_s_pipeline_from_the_database(database: Database) -> None:
    with database.begin() as session:
        team, stranger = a_team(session), a_team(session, "T2")
        fair = team.adds("Fair", source="fair", money=Money(900, "USD"), at=MONDAY)
        fair.win(by=None, at=MONDAY + days(9), via=Via.COMMAND)
        moved = team.adds("Moved", source="web", owner=team.bob, at=MONDAY)
        moved.advance(by=None, at=MONDAY + days(2), via=Via.COMMAND)
        moved.set_text(DealField.SOURCE, "fair", by=None, at=MONDAY + days(40))
        stranger.adds("Secret", at=MONDAY)
        session.flush()
        past = funnel_past_since(session, team.workspace, team.pipeline.id, MONDAY - days(3_000), at=MONDAY + days(60))
        owners = team.ann.id, team.bob.id

    running = as_far_as(whole_unit(Unit.MONTH, date(2026, 3, 20), "UTC"), MONDAY + days(19))
    whole = past.snapshot(running, EVERYBODY).now
    apart = [past.snapshot(running, Selection(owner_ids=frozenset([each]))).now for each in owners]
    of_fair = past.snapshot(running, Selection(source="Fair")).now

    assert (whole.begun, whole.won) == (2, 1)
    assert [each.begun for each in apart] == [1, 1]
    assert of_fair.begun == 1  # the other was of the web then
    assert past.cohorts(running, Selection(source="fair"), at=MONDAY + days(50)).now.whole.deals == 2
    assert whole.velocity.a_day == Money(200, "USD")  # 2 deals × 100 % × 900 ÷ 9 days


MERGED_LATER: list[Event] = [("add", 0, 1, 1), ("advance", 0, 1, 3), ("advance", 0, 1, 3), ("merge", 1, 9, 0)]
INSERTED_LATER: list[Event] = [
    *[("add", 0, 2, 1), ("skip", 0, 3, 1), ("insert", 0, 1, 1), ("insert", 0, 2, 0)],
    *[("add", 0, 2, 1), ("skip", 1, 5, 1), ("lose", 1, 3, 1), ("lose", 0, 3, 1)],
]
WENT_ELSEWHERE: list[Event] = [
    *[("add", 0, 2, 1), ("add", 0, 2, 1), ("advance", 0, 1, 1), ("lose", 0, 3, 5), ("reopen", 0, 3, 1)],
    *[("transfer", 0, 2, 1), ("transfer", 1, 2, 1), ("transfer", 1, 2, 20)],
]
LOST_AGAIN: list[Event] = [("add", 0, 1, 1), ("lose", 0, 3, 3), ("add", 0, 1, 1), ("lose", 1, 3, 13)]


def with_edits(events: list[Event], inserts: list[Event], place: int, merges: list[Event]) -> list[Event]:
    """Stages put between others midway, and merged in the end."""
    return [*events[:place], *inserts, *events[place:], *merges]


@settings(max_examples=25)
@example(MERGED_LATER, 100, Unit.QUARTER, 10).via("moves between two stages that were merged")
@example(INSERTED_LATER, 100, Unit.QUARTER, 10).via("passes where stages were put in later")
@example(WENT_ELSEWHERE, 100, Unit.WEEK, 7).via("comes, is lost and goes elsewhere within one period, another later")
@example(LOST_AGAIN, 100, Unit.MONTH, 20).via("is lost for the same reason in both months")
@given(
    events=st.builds(with_edits, EVENTS, INSERTS, st.integers(0, 40), MERGES),
    ago=st.integers(20, 900),
    unit=st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR]),
    later=st.integers(0, 200),
)
def test_what_is_read_for_a_period_says_of_it_what_the_whole_past_says(
    sqlite: Database, events: list[Event], ago: int, unit: Unit, later: int
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        live(team, events, since=NOW - days(ago))
        period = as_far_as(whole_unit(unit, min(NOW, NOW - days(ago - later)).date(), "UTC"), NOW)
        mine = Selection(owner_ids=frozenset([team.ann.id]))
        assert_pipelines_reconcile(team, period)
        for pipeline in Pipelines(session, team.workspace).all():
            whole = funnel_past_since(session, team.workspace, pipeline.id, MONDAY - days(3_000), at=NOW)
            assert_periods_follow(team, whole, period)
            for selection in (EVERYBODY, mine):
                short = funnel_past(session, team.workspace, pipeline.id, at=NOW, of=period, selection=selection)
                assert short.snapshot(period, selection) == whole.snapshot(period, selection)
                assert short.parts(period, selection, Dimension.OWNER) == whole.parts(
                    period, selection, Dimension.OWNER
                )
                assert short.cohorts(period, selection, at=NOW) == whole.cohorts(period, selection, at=NOW)
                assert_recounted(team, pipeline.id, short, period, selection)
        session.rollback()


def assert_pipelines_reconcile(team: Team, period: Period) -> None:
    """Side by side they have the figures of their own reports, and together those of all their deals."""
    ids = [each.id for each in Pipelines(team.session, team.workspace).all()]
    together, apart = pipelines_past(team.session, team.workspace, ids, at=NOW, of=period)
    for selection in (EVERYBODY, Selection(owner_ids=frozenset([team.ann.id]))):
        snapshots, cohorts = [], []
        for each, past in apart.items():
            own = funnel_past(team.session, team.workspace, each, at=NOW, of=period, selection=selection)
            snapshots.append(past.in_short(period, selection))
            cohorts.append(past.in_short(period, selection, cohort_at=NOW))
            for found, told in zip(snapshots[-1].all, own.snapshot(period, selection).all, strict=True):
                assert (found and (found.begun, found.win_rate, found.velocity)) == (
                    told and (told.begun, told.win_rate, told.velocity)
                )
            for found, view in zip(cohorts[-1].all, own.cohorts(period, selection, at=NOW).all, strict=True):
                of_whole = view and (view.whole.deals, view.whole.open, view.whole.won, view.whole.lost, view.overall)
                assert (found and (*counts_of(found), found.win_rate)) == of_whole
        for parts, at in ((snapshots, None), (cohorts, NOW)):
            whole = together.in_short(period, selection, cohort_at=at).now
            assert counts_of(whole) == tuple(map(sum, zip(*(counts_of(each.now) for each in parts), strict=True)))
            amounts = [each.now.velocity.won_amount.amount for each in parts]
            assert abs(whole.velocity.won_amount.amount - sum(amounts)) <= Decimal("0.01")  # each is rounded
            assert whole.velocity.no_amount == sum(each.now.velocity.no_amount for each in parts)


def counts_of(found: PipelineFigures) -> tuple[int, int, int, int]:
    return found.begun, found.velocity.open, found.velocity.won, found.velocity.lost


def assert_periods_follow(team: Team, past: FunnelPast, period: Period) -> None:
    """What is still there at the end of one period is there at the start of the next, unless a move was undone in it,
    which then counts nowhere."""
    if team.session.scalar(select(StageChange.id).where(moves_that(Change.UNDONE)).limit(1)):
        return
    before = past.snapshot(whole_unit(period.unit, period.first - timedelta(days=1), period.zone), EVERYBODY).now
    now = past.snapshot(period, EVERYBODY).now
    assert [each.still_there for each in before.flows] == [each.at_start for each in now.flows]


def assert_recounted(team: Team, pipeline_id: int, past: FunnelPast, period: Period, selection: Selection) -> None:
    """Every figure of both views, of the parts and of the leaks, beside a plain recount of what was written down."""

    def told(
        end: datetime, owners: frozenset[int] | None = selection.owner_ids, since: datetime | None = None
    ) -> list[Told]:
        return told_before(team.session, pipeline_id, end, owners=owners, gone_since=since)

    parts = past.parts(period, selection, Dimension.OWNER)
    found = [
        (snapshot, [getattr(each, name) for each in parts])
        for name in ("now", "before", "year_before")
        if (snapshot := getattr(past.snapshot(period, selection), name))
    ]
    for snapshot, its_parts in found:
        known, start = told(snapshot.period.end), snapshot.period.start
        assert_snapshot(snapshot, told(snapshot.period.end, since=start), in_euros)
        assert_parts(its_parts, known, snapshot.period, in_euros)
    for view in past.cohorts(period, selection, at=NOW).all:
        if view:
            assert_cohorts(view, told(view.known_at))
    seen = funnel_past_since(team.session, team.workspace, pipeline_id, looked_back_on(period), at=NOW)
    lost = leaks(seen, period, selection, seen.pricing)
    assert_leaks(lost, told(period.end, since=period.start - days(800)), told(period.end, None), in_euros)


def test_deals_that_were_won_long_before_a_period_still_stand_there_by_their_fields_of_then(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        for number in range(4):
            deal = team.adds(f"Deal {number}", source="fair", at=MONDAY - days(900))
            deal.win(by=None, at=MONDAY - days(880), via=Via.COMMAND)
        deal.set_text(DealField.SOURCE, "web", by=None, at=MONDAY + days(40))
        session.flush()
        for selection, there, read in (
            (EVERYBODY, 4, [2]),
            (Selection(source="fair"), 4, [2, 1, 1, 1]),
            (Selection(source="web"), 0, [2, 1, 1, 1]),
        ):
            at = MONDAY + days(60)
            past = funnel_past(session, team.workspace, team.pipeline.id, at=at, of=MARCH, selection=selection)
            won = next(place for place, stage in enumerate(past.stages) if stage.kind is StageKind.WON)
            report = past.snapshot(MARCH, selection)
            assert [each.flows[won].still_there for each in report.all if each] == [there, there, there]
            assert [len(each.moves) for each in past.histories] == read


def test_a_move_that_was_taken_back_after_a_period_counts_in_it(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        for number in range(2):  # the very first deal is always read
            deal = team.adds(f"Deal {number}", at=MONDAY - days(900))
            deal.lose("price", by=None, at=MONDAY - days(880), via=Via.COMMAND)
        deal.reopen(by=None, at=MONDAY + days(5), via=Via.COMMAND)
        deal.undo(by=None, at=MONDAY + days(40), via=Via.COMMAND)
        session.flush()
        past = funnel_past(session, team.workspace, team.pipeline.id, at=MONDAY + days(60), of=MARCH)

        assert sum(each.still_there for each in past.snapshot(MARCH, EVERYBODY).now.flows) == 1
        session.rollback()
