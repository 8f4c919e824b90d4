"""A snapshot that is broken down says of each part what the whole says of all, and the parts make up the whole."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from models.deal import DealField
from models.funnel_figures import Part
from models.period import Period
from models.timeline import DealHistory
from scoring.breakdown import SHOWN
from scoring.funnel_reports import FunnelPast
from tests.models.test_stage_flow import EVERYBODY, MARCH, PERIODS, PIPELINE, STAGES
from tests.pasts import IN_DOLLARS, a_past, pasts


def parts(*histories: DealHistory, by: DealField | str = DealField.SOURCE) -> tuple[Part, ...]:
    return FunnelPast(histories, STAGES, IN_DOLLARS).snapshot(MARCH, EVERYBODY, by=by).now.parts


def test_each_value_has_its_own_deals_and_win_rate() -> None:
    fair, web = parts(
        a_past(PIPELINE, ("Lead", 1), ("Won", 5), source="Fair", amount=700),
        a_past(PIPELINE, ("Lead", 1), ("Lost", 5), source="fair"),
        a_past(PIPELINE, ("Lead", 2), source="fair"),
        a_past(PIPELINE, ("Lead", -60), ("Won", 5), source="web", amount=None),
        a_past(PIPELINE, ("Lead", -60), ("Won", -5), source="phone"),
    )

    assert (fair.value, fair.begun, fair.won, fair.lost, fair.won_amount) == ("Fair", 3, 1, 1, Money(700, "USD"))
    assert fair.win_rate is not None
    assert fair.win_rate.share == 0.5
    assert (web.value, web.begun, web.won, web.won_amount) == ("web", 0, 1, Money(0, "USD"))


def test_deals_without_a_value_are_a_part_too() -> None:
    (nobody,) = parts(a_past(PIPELINE, ("Lead", 1)), by=DealField.OWNER)

    assert (nobody.value, nobody.begun, nobody.win_rate) == ("", 1, None)


def test_beyond_the_ten_with_the_most_deals_all_others_are_one_part() -> None:
    deals = [a_past(PIPELINE, ("Lead", 1), source=f"Source {number}") for number in range(13)]

    found = parts(*deals, a_past(PIPELINE, ("Lead", 1), source="Source 12"))

    assert (found[0].value, found[0].begun) == ("Source 12", 2)
    assert (len(found), found[-1].value, found[-1].begun) == (SHOWN + 1, None, 3)


@given(pasts(PIPELINE), PERIODS, st.sampled_from([DealField.OWNER, DealField.SOURCE, "Industry"]))
def test_the_parts_make_up_the_whole(histories: list[DealHistory], period: Period, by: DealField | str) -> None:
    whole = FunnelPast(histories, STAGES, IN_DOLLARS).snapshot(period, EVERYBODY, by=by).now

    assert sum(each.begun for each in whole.parts) == whole.begun
    assert sum(each.won for each in whole.parts) == whole.won
    assert sum(each.lost for each in whole.parts) == whole.lost
    amounts = sum((Decimal(each.won_amount.amount) for each in whole.parts), Decimal())
    assert amounts == whole.velocity.won_amount.amount
