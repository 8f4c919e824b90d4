"""What somebody earns: the plan's rates, the helpers' shares, and no coin lost or made on the way."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.attainment import Record, wins
from models.commission import ALL, Commissions, Terms, earned, percent_of
from models.database import Database
from models.errors import PercentOutOfRange, PlanNotFound, SharesBeyondAll
from models.known_deals import Selection, known_before
from models.period import Unit, whole_unit
from models.pricing import Pricing, Rate, Rates
from models.timeline import DealHistory
from tests.factories import MONDAY, a_pipeline, a_team, days
from tests.pasts import DAYS, a_past, facts_of, pasts

PIPELINE = a_pipeline()
STAGES = {stage.id: stage for stage in facts_of(PIPELINE)}
RATES = Rates([Rate("EUR", "USD", MONDAY.date(), Decimal("1.25"))])
PRICING = Pricing("USD", "UTC", (MONDAY + days(2 * DAYS)).date(), RATES)
MARCH = whole_unit(Unit.MONTH, MONDAY.date(), "UTC")
PLAN = Terms(Decimal(5), Decimal(1000), Decimal(8))


def record(*histories: DealHistory) -> Record:
    return Record(histories, STAGES, (), PRICING)


@pytest.mark.parametrize(("won", "paid"), [(0, "0"), (1000, "50"), (1001, "50.08"), (2000, "130")])
def test_beyond_the_threshold_the_higher_rate_is_paid_for_what_is_beyond_it(won: int, paid: str) -> None:
    assert PLAN.of(Decimal(won)) == Decimal(paid)


def test_owner_and_helper_share_what_a_deal_brings() -> None:
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=1000, owner_id=1)
    shares = {deal.deal_id: {2: Decimal(30)}}

    assert earned(record(deal), shares, PLAN, 1, MARCH).won == 700
    assert earned(record(deal), shares, PLAN, 2, MARCH).won == 300
    assert earned(record(deal), shares, PLAN, 3, MARCH).credits == ()


def test_a_helper_who_becomes_the_owner_has_what_the_others_leave() -> None:
    assert percent_of(2, 2, {2: Decimal(30), 3: Decimal(20)}) == 80


def test_a_coin_is_rounded_once_and_halves_go_up() -> None:
    deals = [a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=1, owner_id=1) for _ in range(3)]
    third = Terms(Decimal("0.5"))

    assert earned(record(*deals), {}, third, 1, MARCH).paid == Decimal("0.02")


def test_a_win_that_was_reopened_earns_nothing_and_one_without_a_rate_is_told() -> None:
    reopened = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("Proposal", 6), owner_id=1)
    unpriced = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), currency="GBP", owner_id=1)

    found = earned(record(reopened, unpriced), {}, PLAN, 1, MARCH)

    assert (found.won, [each.amount for each in found.credits]) == (Decimal(), [None])


@given(
    histories=pasts(PIPELINE, most=10),
    helpers=st.fixed_dictionaries({3: st.integers(0, 50).map(Decimal), 4: st.integers(0, 50).map(Decimal)}),
    month=st.integers(0, 6),
)
def test_what_all_have_together_is_what_was_won(
    histories: list[DealHistory], helpers: Mapping[int, Decimal], month: int
) -> None:
    period = whole_unit(Unit.MONTH, date(2026, 3 + month, 1), "UTC")
    known = known_before(histories, period.end, Selection())
    owned = [deal for deal in wins(known, STAGES, period) if deal.fields.owner_id]
    shares = {deal.fields.deal_id: helpers for deal in owned}
    found = [earned(record(*histories), shares, PLAN, member, period) for member in (1, 2, 3, 4)]

    assert sum(credit.percent for each in found for credit in each.credits) == ALL * len(owned)
    parts = [credit.amount for each in found for credit in each.credits if credit.amount is not None]
    whole = Decimal()
    for deal in owned:
        won_on = deal.closed_at
        assert won_on is not None
        in_time = (won_on.date() - MONDAY.date()).days < 92
        amount = deal.fields.amount or Decimal()
        whole += amount if deal.fields.currency == "USD" else amount * Decimal("1.25") * in_time
    assert sum(parts, Decimal()) == whole


def test_one_s_own_plan_goes_before_everybody_s_and_the_past_keeps_its_own(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        plans = Commissions(session, team.workspace)

        def agree(rate: int | None, since: date, *, bob: bool = False) -> None:
            terms = None if rate is None else Terms(Decimal(rate))
            plans.agree(terms, Unit.QUARTER, member=team.bob if bob else None, since=since, by=team.ann, at=MONDAY)

        with pytest.raises(PlanNotFound):
            plans.plan_of(team.bob, date(2026, 3, 1))
        agree(5, date(2026, 1, 1))
        agree(6, date(2026, 4, 1))
        agree(9, date(2026, 4, 1), bob=True)

        assert plans.plan_of(team.bob, date(2026, 3, 1)).rate == 5
        assert plans.plan_of(team.bob, date(2026, 5, 1)).rate == 9
        assert plans.plan_of(team.ann, date(2026, 5, 1)).rate == 6
        agree(None, date(2026, 7, 1), bob=True)
        assert plans.plan_of(team.bob, date(2026, 8, 1)).rate == 6


def test_helpers_have_no_more_than_all_and_the_last_word_counts(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal, plans = team.adds("Acme"), Commissions(session, team.workspace)
        session.flush()
        plans.split(deal, team.bob, Decimal(60), by=team.ann, at=MONDAY)
        plans.split(deal, team.bob, Decimal(30), by=team.ann, at=MONDAY + days(2))

        assert plans.shares([deal.id]) == {deal.id: {team.bob.id: Decimal(30)}}
        assert plans.shares([deal.id], before=MONDAY + days(1)) == {deal.id: {team.bob.id: Decimal(60)}}
        eve = team.members.known_as("Eve", at=MONDAY)
        with pytest.raises(SharesBeyondAll):
            plans.split(deal, eve, Decimal(71), by=team.ann, at=MONDAY)
        with pytest.raises(PercentOutOfRange):
            plans.split(deal, eve, Decimal(101), by=team.ann, at=MONDAY)
