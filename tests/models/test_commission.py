"""What somebody earns: the plan's rates, the helpers' shares, and no coin lost or made on the way."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from models.attainment import wins
from models.commission import ALL, Commissions, DealShare, Earned, Shares, Terms, earned, helpers_of, percent_of
from models.database import Database
from models.errors import PercentOutOfRange, PlanNotFound, SharesBeyondAll
from models.history import Change
from models.known_deals import Selection, known_before
from models.member import Member
from models.period import Period, Unit, whole_unit
from models.pricing import Pricing, Rate, Rates, Unpriced
from models.timeline import DealHistory, PastMove, PastRevision
from models.wins import won_in
from tests.factories import MONDAY, a_pipeline, a_team, days
from tests.pasts import DAYS, a_past, facts_of, pasts

PIPELINE = a_pipeline()
STAGES = {stage.id: stage for stage in facts_of(PIPELINE)}
RATES = Rates([Rate("EUR", "USD", MONDAY.date(), Decimal("1.25"))])
PRICING = Pricing("USD", "UTC", (MONDAY + days(2 * DAYS)).date(), RATES)
MARCH = whole_unit(Unit.MONTH, MONDAY.date(), "UTC")
MONTHS = [whole_unit(Unit.MONTH, date(2026, 3 + number, 1), "UTC") for number in range(4)]
PLAN = Terms(Decimal(5), Decimal(1000), Decimal(8))


def earned_by(
    member_id: int, *histories: DealHistory, shares: Shares | None = None, terms: Terms = PLAN, period: Period = MARCH
) -> Earned:
    (won,) = won_in(histories, STAGES, [period])
    return earned(won, shares or {}, terms, member_id, PRICING)


def share(member_id: int, percent: Decimal | int, *, at: datetime = MONDAY) -> DealShare:
    return DealShare(member_id=member_id, percent=Decimal(percent), at=at)


@pytest.mark.parametrize(("won", "paid"), [(0, "0"), (1000, "50"), (1001, "50.08"), (2000, "130")])
def test_beyond_the_threshold_the_higher_rate_is_paid_for_what_is_beyond_it(won: int, paid: str) -> None:
    assert PLAN.of(Decimal(won)) == Decimal(paid)


def test_owner_and_helper_share_what_a_deal_brings() -> None:
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=1000, owner_id=1)
    shares = {deal.deal_id: [share(2, 30)]}

    assert earned_by(1, deal, shares=shares).won == 700
    assert earned_by(2, deal, shares=shares).won == 300
    assert earned_by(3, deal, shares=shares).credits == ()


def test_a_share_counts_from_the_moment_it_is_given_on_and_not_for_what_was_over_by_then() -> None:
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=1000, owner_id=1)
    shares = {deal.deal_id: [share(2, 30, at=MARCH.end - timedelta(microseconds=1)), share(2, 60, at=MARCH.end)]}

    assert [earned_by(who, deal, shares=shares).won for who in (1, 2)] == [700, 300]


def test_a_helper_who_becomes_the_owner_has_what_the_others_leave() -> None:
    assert percent_of(2, 2, {2: Decimal(30), 3: Decimal(20)}) == 80


def test_a_coin_is_rounded_once_and_halves_go_up() -> None:
    deals = [a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=1, owner_id=1) for _ in range(3)]
    third = Terms(Decimal("0.5"))

    assert earned_by(1, *deals, terms=third).paid == Decimal("0.02")


def test_a_win_that_was_reopened_earns_nothing_and_one_without_a_rate_is_told() -> None:
    reopened = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("Proposal", 6), owner_id=1)
    unpriced = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), currency="GBP", owner_id=1)

    found = earned_by(1, reopened, unpriced)

    assert (found.won, [each.amount for each in found.credits]) == (Decimal(), [None])
    assert (found.is_least, found.unpriced) == (True, (Unpriced(1, Money(1000, "GBP")),))


@settings(max_examples=50)
@given(
    histories=pasts(PIPELINE, most=10),
    helpers=st.fixed_dictionaries({3: st.integers(0, 50).map(Decimal), 4: st.integers(0, 50).map(Decimal)}),
    month=st.integers(0, 3),
)
def test_what_all_have_together_is_what_was_won(
    histories: list[DealHistory], helpers: Mapping[int, Decimal], month: int
) -> None:
    period = whole_unit(Unit.MONTH, date(2026, 3 + month, 1), "UTC")
    histories = [replace(each, amount=Decimal(place * 777) / 8) for place, each in enumerate(histories)]
    shares = {each.deal_id: [share(*helper) for helper in helpers.items()] for each in histories}

    found = {each: earned_by(each, *histories, shares=shares, period=period) for each in (1, 2, 3, 4)}

    won = {owner: plain_wins(histories, period, owner) for owner in (1, 2)}
    owned, nobodys = won[1] + won[2], plain_wins(histories, period, None)
    for member, each in found.items():
        part = ALL - helpers[3] - helpers[4] if member in won else helpers[member]
        of = won.get(member, owned + nobodys)
        total = sum(of, Decimal()) * part / ALL
        paid = (min(total, Decimal(1000)) * 5 + max(total - 1000, Decimal()) * 8) / ALL
        assert (each.won, each.paid) == (cents(total), cents(paid))
        assert len(each.credits) == (len(of) if part else 0)
    parts = [credit.amount for each in found.values() for credit in each.credits if credit.amount is not None]
    assert sum(parts, Decimal()) == sum(owned) + sum(nobodys) * (helpers[3] + helpers[4]) / ALL


@settings(max_examples=50)
@given(histories=pasts(PIPELINE, most=6), unpaid=st.integers(0, 4))
def test_periods_count_together_what_stands_at_the_end_of_the_last(histories: list[DealHistory], unpaid: int) -> None:
    """Also where nothing is paid for the days between two of them."""
    counted: list[int] = []
    paid = [*MONTHS[:unpaid], *MONTHS[unpaid + 1 :]]

    for place, won in enumerate(won_in(histories, STAGES, paid)):
        for back in won.taken_back:
            counted.remove(back.deal.fields.deal_id)
            assert back.at >= back.counted_in.end
        counted += [deal.fields.deal_id for deal in won.deals]
        known = known_before(histories, won.period.end, Selection())
        standing = [deal for period in paid[: place + 1] for deal in wins(known, STAGES, period)]
        assert sorted(counted) == sorted(deal.fields.deal_id for deal in standing)


def test_a_win_of_an_earlier_period_that_is_reopened_is_taken_back_as_it_was_counted_whoever_has_it_now() -> None:
    given = PastRevision(MARCH.end + days(4), "owner", "1", "2")
    again = a_past(
        *(PIPELINE, ("Proposal", 0), ("Won", 5), ("After-sales", 31), ("Proposal", 33), ("Won", 40)),
        owner_id=2,
        revisions=(PastRevision(MARCH.end + days(3), "amount", "600 USD", "1000 USD"), given),
    )
    unpriced = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("Proposal", 33), currency="GBP", owner_id=1)
    shares = {again.deal_id: [share(3, 50, at=MARCH.start), share(3, 10, at=MARCH.end)]}

    march, april, _, _ = won_in([again, unpriced], STAGES, MONTHS)
    told = [[earned(each, shares, PLAN, who, PRICING) for each in (march, april)] for who in (1, 2, 3)]

    assert [[each.won for each in some] for some in told] == [[300, -300], [0, 900], [300, -200]]
    assert [each.paid for each in told[0]] == [15, -15]
    (back,) = told[0][1].credits
    assert (back.counted_in, back.day, back.amount) == (MARCH, date(2026, 4, 4), Decimal(-300))
    assert told[0][1].won_by(date(2026, 4, 3)) == 0


def test_a_win_that_comes_to_another_amount_is_paid_or_taken_back_by_the_difference_as_it_was_counted() -> None:
    later, later_still = MARCH.end + days(3), MARCH.end + days(40)
    revisions = (
        PastRevision(later, "amount", "600 USD", "1000 USD"),
        PastRevision(later, "owner", "1", "2"),
        PastRevision(later_still, "amount", "1000 USD", "100 USD"),
    )
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), owner_id=2, amount=100, revisions=revisions)
    shares = {deal.deal_id: [share(3, 50, at=MARCH.start), share(3, 10, at=MARCH.end)]}
    unknown = a_past(
        *(PIPELINE, ("Proposal", 0), ("Won", 5)),
        amount=700,
        owner_id=4,
        revisions=(PastRevision(later, "amount", "", "700 USD"),),
    )

    told = [
        [earned(each, shares, PLAN, who, PRICING).won for each in won_in([deal, unknown], STAGES, MONTHS)]
        for who in (1, 2, 3, 4)
    ]

    assert told == [[300, 200, -450, 0], [0, 0, 0, 0], [300, 200, -450, 0], [0, 700, 0, 0]]
    (raised,) = earned(won_in([deal], STAGES, MONTHS)[1], shares, PLAN, 1, PRICING).credits
    assert (raised.is_amended, raised.counted_in, raised.day) == (True, MARCH, later.date())


def test_a_win_that_was_amended_to_an_amount_without_a_rate_is_told_beside_what_is_taken_back() -> None:
    later = MARCH.end + days(3)
    abroad, unnamed = (
        a_past(
            *(PIPELINE, ("Proposal", 0), ("Won", 5)),
            owner_id=1,
            currency=currency,
            revisions=(PastRevision(later, "amount", "600 USD", new),),
        )
        for currency, new in (("GBP", "1000 GBP"), ("USD", ""))
    )
    unnamed = replace(unnamed, amount=None)

    _, april, may, _ = (earned(each, {}, PLAN, 1, PRICING) for each in won_in([abroad, unnamed], STAGES, MONTHS))

    assert (april.won, april.is_least) == (Decimal(-1200), True)
    assert april.unpriced == (Unpriced(1, Money(1000, "GBP")),)
    assert [(each.amount, each.unpriced) for each in april.credits if not each.is_amended] == [
        (None, Money(1000, "GBP")),
        (None, None),
    ]
    assert may.credits == ()


def test_an_amended_win_is_taken_back_as_it_was_counted_last() -> None:
    raised = PastRevision(MARCH.end + days(3), "amount", "600 USD", "1000 USD")
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("Proposal", 80), owner_id=1, amount=1000, revisions=(raised,))

    told = [earned(each, {}, PLAN, 1, PRICING).won for each in won_in([deal], STAGES, MONTHS)]

    assert told == [600, 400, -1000, 0]


def test_a_win_that_stands_again_as_its_reopening_was_undone_is_counted_again() -> None:
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), ("Proposal", 33), ("undo", 65), owner_id=1)

    told = [earned(each, {}, PLAN, 1, PRICING).won for each in won_in([deal], STAGES, MONTHS)]

    assert told == [1000, -1000, 1000, 0]


@pytest.mark.parametrize("meanwhile", [("After-sales", 33), ("Proposal", 33)])
def test_a_win_is_taken_back_on_the_day_it_ended_whatever_was_undone_before(meanwhile: tuple[str, float]) -> None:
    deal = a_past(PIPELINE, ("Proposal", 0), ("Won", 5), meanwhile, ("undo", 34), ("Proposal", 69), owner_id=1)

    taken_back = [back for won in won_in([deal], STAGES, MONTHS) for back in won.taken_back]

    assert [(back.counted_in, back.at) for back in taken_back] == [(MARCH, MONDAY + days(69))]


def plain_wins(histories: Sequence[DealHistory], period: Period, owner: int | None) -> list[Decimal]:
    """What each deal brought that somebody, or nobody, won in a period, nothing where that has no rate."""
    found = []
    for past in histories:
        kept: list[PastMove] = []
        for move in past.moves:
            if move.at < period.end:
                kept = kept[:-1] if move.change is Change.UNDONE else [*kept, move]
        earlier = [each.old for each in past.revisions if each.at >= period.end]
        owner_then = earlier[0] if earlier else str(past.owner_id or "")
        closings = [each for each in kept if each.change in (Change.WON, Change.LOST, Change.REOPENED)]
        if (
            owner_then == str(owner or "")
            and closings
            and closings[-1].change is Change.WON
            and period.has(closings[-1].at)
        ):
            euro = Decimal("1.25") if (closings[-1].at.date() - MONDAY.date()).days < 92 else Decimal()
            found.append((past.amount or Decimal()) * (1 if past.currency == "USD" else euro))
    return found


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_one_s_own_plan_goes_before_everybody_s_and_the_past_keeps_its_own(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        plans = Commissions(session, team.workspace)

        def agree(rate: int | None, since: date, *, bob: bool = False) -> None:
            terms = None if rate is None else Terms(Decimal(rate))
            plans.agree(terms, Unit.QUARTER, member=team.bob if bob else None, since=since, by=team.ann, at=MONDAY)

        def rate(member: Member, day: date) -> Decimal | None:
            (paid,) = plans.periods(member, day, day)
            return paid.plan.rate

        with pytest.raises(PlanNotFound):
            rate(team.bob, date(2026, 3, 1))
        agree(5, date(2026, 1, 1))
        agree(6, date(2026, 4, 1))
        agree(9, date(2026, 4, 1), bob=True)

        assert rate(team.bob, date(2026, 3, 1)) == 5
        assert rate(team.bob, date(2026, 5, 1)) == 9
        assert rate(team.ann, date(2026, 5, 1)) == 6
        agree(None, date(2026, 7, 1), bob=True)
        assert rate(team.bob, date(2026, 8, 1)) == 6
        agree(0, date(2026, 10, 1), bob=True)
        assert rate(team.bob, date(2026, 10, 1)) == 0


AGREED = st.lists(
    st.tuples(st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER]), st.integers(0, 11), st.booleans(), st.booleans()),
    min_size=1,
    max_size=5,
)


@given(AGREED)
@settings(max_examples=20)
def test_no_day_is_paid_by_two_plans_and_none_that_has_a_plan_is_left_out(
    sqlite: Database, agreed: list[tuple[Unit, int, bool, bool]]
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        plans = Commissions(session, team.workspace)
        kept: list[tuple[date, int, bool, bool]] = []
        for number, (unit, month, is_bobs, ends) in enumerate(agreed, start=1):
            since = whole_unit(unit, date(2026, 1 + month, 10), "UTC").first
            terms = None if ends else Terms(Decimal(number))
            plans.agree(terms, unit, member=team.bob if is_bobs else None, since=since, by=team.ann, at=MONDAY)
            kept.append((since, number, is_bobs, ends))
        paid: dict[date, list[Decimal | None]] = {}
        with suppress(PlanNotFound):
            for each in plans.periods(team.bob, date(2026, 1, 1), date(2026, 12, 31)):
                assert whole_unit(each.plan.unit, each.period.first, "UTC").last >= each.period.last
                for number in range(each.period.days):
                    paid.setdefault(each.period.first + timedelta(number), []).append(each.plan.rate)

        for number in range(365):
            day = date(2026, 1, 1) + timedelta(number)
            by_hand: list[int] = []
            for whose in (True, False):
                begun = [each for each in kept if each[0] <= day and each[2] is whose]
                if begun and not begun[-1][3] and not by_hand:
                    by_hand = [begun[-1][1]]
            assert paid.get(day, []) == by_hand
        session.rollback()


def test_a_plan_holds_from_its_first_day_on_for_its_whole_periods_and_pays_all_at_most(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        plans, since = Commissions(session, team.workspace), date(2026, 1, 1)
        for terms in (Terms(Decimal(101)), Terms(Decimal(5), Decimal(1000), Decimal(101)), Terms(Decimal(-1))):
            with pytest.raises(PercentOutOfRange):
                plans.agree(terms, Unit.QUARTER, member=None, since=since, by=team.ann, at=MONDAY)
        plans.agree(Terms(ALL), Unit.QUARTER, member=None, since=since, by=team.ann, at=MONDAY)

        assert [len(plans.plans_on(day)) for day in (since - timedelta(1), since)] == [0, 1]
        assert [plans.plan_for(None, day) is None for day in (since - timedelta(1), since)] == [True, False]
        (paid,) = plans.periods(team.bob, since, date(2026, 3, 31))
        assert paid.period == whole_unit(Unit.QUARTER, since, "UTC")


def test_helpers_have_all_of_a_deal_at_most_and_the_last_word_counts(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal, plans = team.adds("Acme"), Commissions(session, team.workspace)
        session.flush()
        eve = team.members.known_as("Eve", at=MONDAY)

        def split(helper: Member, percent: int, after: float) -> None:
            plans.split(deal, helper, Decimal(percent), by=team.ann, at=MONDAY + days(after))

        split(team.bob, 100, 0)
        split(team.bob, 60, 0)
        split(team.bob, 30, 2)
        split(team.bob, 90, 1)  # by a clock that is slow

        assert plans.helpers(deal) == {team.bob.id: Decimal(30)}
        assert helpers_of(plans.shares(since=MONDAY)[deal.id], before=MONDAY + days(1)) == {team.bob.id: Decimal(60)}
        assert plans.shares(since=MONDAY + days(1)) == {}  # as it has not moved since
        with pytest.raises(SharesBeyondAll) as refused:
            split(eve, 71, 3)
        assert refused.value.left == "70"
        with pytest.raises(PercentOutOfRange):
            split(eve, 101, 3)
        split(eve, 70, 3)
        assert plans.helpers(deal) == {team.bob.id: Decimal(30), eve.id: Decimal(70)}
