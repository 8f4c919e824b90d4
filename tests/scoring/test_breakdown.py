"""A snapshot that is broken down says of each part what the whole says of all, and the parts make up the whole."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from models.funnel_figures import Dimension, Part
from models.period import Period
from models.timeline import DealHistory
from scoring.breakdown import SHOWN
from scoring.funnel_reports import FunnelPast
from tests.factories import MONDAY, days
from tests.models.test_stage_flow import EVERYBODY, MARCH, PERIODS, PIPELINE, STAGES
from tests.pasts import IN_DOLLARS, a_past, pasts


def parts(*histories: DealHistory, by: Dimension | str = Dimension.SOURCE) -> list[Part]:
    return [each.now for each in FunnelPast(histories, STAGES, IN_DOLLARS).parts(MARCH, EVERYBODY, by)]


def test_each_value_has_its_own_deals_and_win_rate() -> None:
    fair, web, _ = parts(
        a_past(PIPELINE, ("Lead", 1), ("Won", 5), source="Fair", amount=700),
        a_past(PIPELINE, ("Lead", 1), ("Lost", 5), source="fair"),
        a_past(PIPELINE, ("Lead", 2), source="fair"),
        a_past(PIPELINE, ("Lead", -60), ("Won", 5), source="web", amount=None),
        a_past(PIPELINE, ("Lead", -60), ("Won", -5), source="phone"),
    )

    assert (fair.value, fair.begun, fair.won, fair.lost, fair.won_amount.total) == ("Fair", 3, 1, 1, Money(700, "USD"))
    assert fair.win_rate is not None
    assert fair.win_rate.share == 0.5
    assert (web.value, web.begun, web.won, web.won_amount.total) == ("web", 0, 1, Money(0, "USD"))


def test_deals_without_a_value_are_a_part_too() -> None:
    (nobody,) = parts(a_past(PIPELINE, ("Lead", 1)), by=Dimension.OWNER)

    assert (nobody.value, nobody.begun, nobody.win_rate) == ("", 1, None)


def test_beyond_the_ten_with_the_most_deals_all_others_are_one_part() -> None:
    deals = [a_past(PIPELINE, ("Lead", 1), source=f"Source {number}") for number in range(13)]

    found = parts(*deals, a_past(PIPELINE, ("Lead", 1), source="Source 12"))

    assert (found[0].value, found[0].begun) == ("Source 12", 2)
    assert (len(found), found[-1].value, found[-1].begun) == (SHOWN + 1, None, 3)


def test_each_value_stands_beside_what_it_had_in_the_period_before_and_a_year_ago() -> None:
    past = FunnelPast(
        [
            a_past(PIPELINE, ("Lead", -400), source="web"),
            a_past(PIPELINE, ("Lead", -350), ("Won", -340), source="fair", amount=50),
            a_past(PIPELINE, ("Lead", -20), ("Lost", -10), source="FAIR"),
            a_past(PIPELINE, ("Lead", -20), source="phone"),
            a_past(PIPELINE, ("Lead", 1), source="fair"),
        ],
        STAGES,
        IN_DOLLARS,
    )

    fair, phone = past.parts(MARCH, EVERYBODY, Dimension.SOURCE)

    assert fair.before is not None
    assert fair.year_before is not None
    assert (fair.now.begun, fair.before.begun, fair.before.lost, fair.year_before.won) == (1, 1, 1, 1)
    assert (phone.now.value, phone.now.begun, phone.before and phone.before.begun) == ("phone", 0, 1)


def test_a_team_is_its_manager_s_and_who_is_in_none_is_told_apart() -> None:
    histories = [a_past(PIPELINE, ("Lead", 1), owner_id=each) for each in (1, 2, 2, 3, None)]
    past = FunnelPast(histories, STAGES, IN_DOLLARS, heads={1: 1, 2: 1})

    found = [(each.now.value, each.now.begun) for each in past.parts(MARCH, EVERYBODY, Dimension.TEAM)]

    assert found == [(1, 3), ("", 2)]


def test_a_cohort_is_broken_down_by_what_became_of_its_deals() -> None:
    histories = [
        a_past(PIPELINE, ("Lead", 1), ("Won", 45), source="fair", amount=70),
        a_past(PIPELINE, ("Lead", 1), ("Lost", 2), source="fair"),
        a_past(PIPELINE, ("Lead", -60), ("Won", 5), source="web"),
    ]
    past = FunnelPast(histories, STAGES, IN_DOLLARS)

    (fair, _) = past.parts(MARCH, EVERYBODY, Dimension.SOURCE)
    (later,) = past.parts(MARCH, EVERYBODY, Dimension.SOURCE, cohort_at=MONDAY + days(60))

    assert (fair.now.begun, fair.now.won, fair.now.lost) == (2, 0, 1)
    assert (later.now.begun, later.now.won, later.now.lost, later.now.won_amount.total) == (2, 1, 1, Money(70, "USD"))


@given(pasts(PIPELINE), PERIODS, st.sampled_from([*Dimension, "Industry"]), st.booleans())
def test_the_parts_make_up_the_whole(
    histories: list[DealHistory], period: Period, by: Dimension | str, is_cohort: bool
) -> None:
    past, at = FunnelPast(histories, STAGES, IN_DOLLARS, heads={1: 1, 2: 1}), period.end + days(20)
    snapshot, cohort = past.snapshot(period, EVERYBODY).now, past.cohorts(period, EVERYBODY, at=at).now.whole

    parts = [each.now for each in past.parts(period, EVERYBODY, by, cohort_at=at if is_cohort else None)]

    assert [sum(getattr(each, name) for each in parts) for name in ("begun", "won", "lost")] == (
        [cohort.deals, cohort.won, cohort.lost] if is_cohort else [snapshot.begun, snapshot.won, snapshot.lost]
    )
    if not is_cohort:
        amounts = sum((Decimal(each.won_amount.amount) for each in parts), Decimal())
        assert amounts == snapshot.velocity.won_amount.amount
