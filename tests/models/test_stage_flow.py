"""What comes into a stage goes out of it or is still there, in every period, whatever is done to the deals."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.history import Change
from models.known_deals import Selection, known_before
from models.period import Period, Unit
from models.pipeline import StageKind, StagePlan
from models.stage_flow import StageFlow, stage_flows, stays_begun
from models.timeline import DealHistory
from tests.factories import a_pipeline
from tests.pasts import DAYS, a_past, facts_of, pasts

PIPELINE = a_pipeline(
    StagePlan("Lead"),
    StagePlan("Demo"),
    StagePlan("Offer"),
    StagePlan("Won", StageKind.WON),
    StagePlan("Care", StageKind.AFTER_SALES),
    StagePlan("Lost", StageKind.LOST),
)
STAGES = facts_of(PIPELINE)
MARCH = Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 31), "UTC")
APRIL = Period(Unit.MONTH, date(2026, 4, 1), date(2026, 4, 30), "UTC")
PERIODS = st.builds(
    lambda first, length: Period(Unit.DAYS, first, first + timedelta(days=length), "UTC"),
    st.dates(date(2026, 3, 1), date(2026, 3, 1) + timedelta(days=DAYS)),
    st.integers(0, 90),
)
EVERYBODY = Selection()


def flows(histories: list[DealHistory], period: Period, selection: Selection = EVERYBODY) -> dict[str, StageFlow]:
    deals = known_before(histories, period.end, selection)
    return {flow.stage.name: flow for flow in stage_flows(deals, STAGES, period)}


def figures(flow: StageFlow) -> tuple[int, ...]:
    """At the start, entered; forward, back, lost, still there; skipped."""
    return flow.at_start, flow.entered, flow.forward, flow.back, flow.lost, flow.still_there, flow.skipped


def test_moves_are_counted_where_they_come_from_and_where_they_go() -> None:
    histories = [
        a_past(PIPELINE, ("Lead", 0), ("Offer", 5), ("Demo", 10), ("Lost", 20)),  # skips Demo, comes back to it
        a_past(PIPELINE, ("Lead", 1), ("Demo", 2), ("Won", 40)),  # won in April
        a_past(PIPELINE, ("Demo", 40)),
    ]

    march, april = flows(histories, MARCH), flows(histories, APRIL)

    assert figures(march["Lead"]) == (0, 2, 2, 0, 0, 0, 0)
    assert figures(march["Demo"]) == (0, 2, 0, 0, 1, 1, 1)
    assert figures(march["Offer"]) == (0, 1, 0, 1, 0, 0, 0)
    assert figures(april["Demo"]) == (1, 1, 1, 0, 0, 1, 0)
    assert figures(april["Offer"]) == (0, 0, 0, 0, 0, 0, 1)
    assert figures(april["Won"]) == (0, 1, 0, 0, 0, 1, 0)


def test_lost_deals_are_not_still_there_and_reopened_ones_are_back() -> None:
    lost = a_past(PIPELINE, ("Lead", 0), ("Lost", 3))
    reopened = a_past(PIPELINE, ("Lead", 0), ("Won", 3), ("Lead", 5))

    march = flows([lost, reopened], MARCH)

    assert figures(march["Lead"]) == (0, 3, 1, 0, 1, 1, 0)
    assert figures(march["Won"]) == (0, 1, 0, 1, 0, 0, 0)


def test_a_move_that_was_undone_counts_nowhere() -> None:
    plain = a_past(PIPELINE, ("Lead", 0), ("Demo", 9))
    with_mistake = a_past(PIPELINE, ("Lead", 0), ("Lost", 2), ("undo", 2.1), ("Demo", 9))

    assert flows([with_mistake], MARCH) == flows([plain], MARCH)


def test_a_period_has_its_first_moment_and_not_its_last() -> None:
    first, last = -1.375, 29.625  # the midnights at which March begins and ends
    histories = [
        a_past(PIPELINE, ("Lead", first), ("Demo", last)),
        a_past(PIPELINE, ("Lead", -9), ("Demo", first), ("Offer", 4)),
        a_past(PIPELINE, ("Lead", last)),
    ]

    march, april = flows(histories, MARCH), flows(histories, APRIL)

    assert (figures(march["Lead"]), figures(march["Demo"])) == ((1, 1, 1, 0, 0, 1, 0), (0, 1, 1, 0, 0, 0, 0))
    assert (figures(april["Lead"]), figures(april["Demo"])) == ((1, 1, 1, 0, 0, 1, 0), (0, 1, 0, 0, 0, 1, 0))
    stays = stays_begun(known_before(histories, MARCH.end, EVERYBODY), STAGES, MARCH)
    assert [(each.ended, each.lasting) for each in stays.values()][:2] == [((), (31.0,)), ((5.375,), ())]


def test_a_mistake_that_is_undone_after_the_period_stays_in_what_was_reported_of_it() -> None:
    known_in_march = a_past(PIPELINE, ("Lead", 0), ("Demo", 28))
    undone_in_april = a_past(PIPELINE, ("Lead", 0), ("Demo", 28), ("undo", 31))

    assert flows([undone_in_april], MARCH) == flows([known_in_march], MARCH)
    assert figures(flows([undone_in_april], APRIL)["Lead"]) == (1, 0, 0, 0, 0, 1, 0)


def test_stays_that_have_not_ended_count_as_far_as_they_have_come() -> None:
    histories = [
        a_past(PIPELINE, ("Lead", 0), ("Demo", 4), ("Lost", 10)),
        a_past(PIPELINE, ("Lead", 0), ("Demo", 15)),
        a_past(PIPELINE, ("Lead", -10), ("Demo", 1)),  # began in February
    ]

    stays = stays_begun(known_before(histories, MARCH.end, EVERYBODY), STAGES, MARCH)
    lead, demo = (stays[stage.id] for stage in STAGES[:2])

    assert (lead.ended, lead.lasting) == ((4.0, 15.0), ())
    assert demo.ended == (6.0,)
    assert [round(each, 3) for each in demo.lasting] == [14.625, 28.625]  # from nine in the morning to midnight


@given(pasts(PIPELINE), PERIODS)
def test_what_was_there_and_came_in_went_out_or_is_still_there(histories: list[DealHistory], period: Period) -> None:
    for flow in flows(histories, period).values():
        assert flow.at_start + flow.entered == flow.forward + flow.back + flow.lost + flow.still_there


@given(pasts(PIPELINE), PERIODS)
def test_figures_equal_those_of_a_naive_count(histories: list[DealHistory], period: Period) -> None:
    for stage_id, flow in ((each.stage.id, each) for each in flows(histories, period).values()):
        entered = left = standing = 0
        for history in histories:
            place: list[int] = []
            seen: list[tuple[int | None, int, bool]] = []
            for move in history.moves:
                if move.at >= period.end:
                    break
                if move.change is Change.UNDONE:
                    seen.pop()
                    place.pop()
                else:
                    seen.append((place[-1] if place else None, move.to_stage_id, move.at >= period.start))
                    place.append(move.to_stage_id)
            entered += sum(to == stage_id and within for _, to, within in seen)
            left += sum(origin == stage_id and within for origin, _, within in seen)
            standing += bool(place) and place[-1] == stage_id

        assert (flow.entered, flow.forward + flow.back + flow.lost, flow.still_there) == (entered, left, standing)


@given(pasts(PIPELINE), PERIODS, st.integers(0, DAYS))
def test_a_stage_is_skipped_by_nobody_before_it_was_put_between_others(
    histories: list[DealHistory], period: Period, day: int
) -> None:
    first = MARCH.first + timedelta(days=day)
    inserted_at = Period(Unit.DAYS, first, first, "UTC").start
    late = [replace(stage, inserted_at=inserted_at if stage.name == "Demo" else None) for stage in STAGES]
    deals = known_before(histories, period.end, EVERYBODY)
    plain = stage_flows(deals, STAGES, period)
    since = Period(Unit.DAYS, max(first, period.first), period.last, "UTC")
    young = stage_flows(deals, STAGES, since)[1].skipped if first <= period.last else 0

    found = stage_flows(deals, late, period)

    assert [figures(each)[:-1] for each in found] == [figures(each)[:-1] for each in plain]
    assert [each.skipped for each in found] == [plain[0].skipped, young, *(each.skipped for each in plain[2:])]


@given(pasts(PIPELINE), PERIODS)
def test_the_figures_of_all_owners_add_up_to_the_whole(histories: list[DealHistory], period: Period) -> None:
    owners: list[int | None] = [1, 2, None]
    parts = [flows(histories, period, Selection(owner_ids=frozenset([owner]))) for owner in owners]  # type: ignore[list-item]  # nobody

    for name, flow in flows(histories, period).items():
        assert figures(flow) == tuple(map(sum, zip(*(figures(part[name]) for part in parts), strict=True)))


@given(pasts(PIPELINE), PERIODS)
def test_what_is_done_later_changes_nothing(histories: list[DealHistory], period: Period) -> None:
    as_it_was = [
        history.as_of(period.end - timedelta(microseconds=1))
        for history in histories
        if history.created_at < period.end
    ]

    assert flows(histories, period) == flows(as_it_was, period)
    assert flows(histories, period, Selection(owner_ids=frozenset([1]))) == flows(
        as_it_was, period, Selection(owner_ids=frozenset([1]))
    )
