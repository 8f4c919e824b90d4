"""The deals that deserve a look today come first."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from moneyed import Money

from models.attention import Why, by_expected_value, calls_for_attention, high_value_from, is_high_value, worth_a_look
from models.bands import Band, Bands
from models.deal import Deal
from models.deals import Piece
from models.pricing import Pricing, Rate, Rates
from models.score import Estimate, Prospect
from tests.factories import MONDAY, a_deal, a_workspace, days

NOW = MONDAY + days(1)
NO_RATES = Pricing.without_rates(a_workspace(), at=NOW)
EUROS_AT_A_TENTH = replace(NO_RATES, rates=Rates([Rate("EUR", "USD", NOW.date(), Decimal("0.1"))]))
BANDS = Bands(hot_from=0.4, warm_from=0.15)


def looks(*deals: Deal, most: int = 5, chance: float = 0.5) -> list[tuple[str, Why]]:
    prospects = {deal.id: Prospect(chance, is_of_winning=False) for deal in deals}
    found = worth_a_look(deals, prospects, NO_RATES, at=NOW, most=most)
    return [(look.deal.name, why) for look in found.shown for why in look.whys]


def usd(amount: int) -> Money:
    return Money(amount, "USD")


def test_each_cause_is_told() -> None:
    passed = a_deal("Passed", close_date=date(2026, 3, 2))
    today = a_deal("Today", close_date=date(2026, 3, 3))
    soon = a_deal("Soon", close_date=date(2026, 3, 10))
    later = a_deal("Later", close_date=date(2026, 3, 11), money=usd(100))
    stalled = a_deal("Stalled", at=NOW - days(20))

    assert dict(looks(passed, today, soon, later, stalled)) == {
        "Passed": Why.CLOSE_DATE_PASSED,
        "Today": Why.CLOSING_SOON,
        "Soon": Why.CLOSING_SOON,
        "Later": Why.VALUABLE,
        "Stalled": Why.STALLED,
    }


def test_each_kind_has_its_turn_and_in_it_the_value_expected_counts() -> None:
    valuable = [a_deal(f"Valuable {number}", money=usd(900 - number)) for number in range(9)]
    stalled = [a_deal(f"Stalled {number}", at=NOW - days(20), money=usd(90 - number)) for number in range(9)]
    passed = [a_deal(f"Passed {number}", close_date=date(2026, 3, 2)) for number in range(9)]
    closing = a_deal("Closing", close_date=date(2026, 3, 4))
    put_off = a_deal("Put off", close_date=date(2026, 6, 2))
    deals = [*valuable, *stalled, *passed, closing, put_off]
    prospects = {deal.id: Prospect(0.5, is_of_winning=False) for deal in deals}

    found = worth_a_look(deals, prospects, NO_RATES, {put_off.id: days(3)}, at=NOW, most=6)

    assert [look.deal.name for look in found.shown] == [
        *("Valuable 0", "Passed 0", "Stalled 0", "Closing"),
        *("Valuable 1", "Passed 1"),
    ]
    assert found.more == 7 + 8 + 1
    alone = worth_a_look([put_off], prospects, NO_RATES, {put_off.id: days(3)}, at=NOW, most=6)
    assert [(look.whys, look.put_off_by) for look in alone.shown] == [((Why.PUT_OFF,), days(3))]


def test_a_deal_is_shown_once_with_all_there_is_a_cause_for() -> None:
    busy = a_deal("Busy", at=NOW - days(20), money=usd(900), close_date=date(2026, 3, 3))

    assert looks(busy, a_deal("Other", money=usd(1))) == [
        ("Busy", Why.STALLED),
        ("Busy", Why.CLOSING_SOON),
        ("Other", Why.VALUABLE),
    ]


def test_the_expected_value_is_the_chance_times_the_amount() -> None:
    likely, big = a_deal("Likely", money=usd(100)), a_deal("Big", money=usd(300))
    prospects = {likely.id: Prospect(0.9, is_of_winning=False), big.id: Prospect(0.2, is_of_winning=True)}

    first, second = worth_a_look([big, likely], prospects, NO_RATES, at=NOW, most=5).shown

    assert (first.deal, second.deal) == (likely, big)
    assert first.expected is not None
    assert round(first.expected) == 90


def test_the_chance_of_being_won_counts_where_it_is_known() -> None:
    moving, winning = a_deal("Moving", money=usd(100)), a_deal("Winning", money=usd(100))
    estimates = {moving.id: Estimate(0.9, 30, 1, 10, won=0.1), winning.id: Estimate(0.2, 30, 1, 10, won=0.6)}

    prospects = {deal_id: each.prospect for deal_id, each in estimates.items()}

    found = worth_a_look([moving, winning], prospects, NO_RATES, at=NOW, most=5)
    first, second = found.told(estimates, BANDS).shown

    assert (first.deal, first.band, second.deal, second.band) == (winning, Band.HOT, moving, Band.COLD)


def test_deals_are_ranked_by_what_can_be_expected_of_them_and_then_by_how_far_they_are() -> None:
    deals = [
        a_deal("Zeta"),
        a_deal("Euros", stage="Proposal", money=Money(9_000, "EUR")),
        a_deal("Alpha"),
        a_deal("Unscored", stage="Qualified", money=usd(9_000)),
        a_deal("Small", money=usd(100)),
        a_deal("Big", money=usd(900)),
        a_deal("Nothing", money=usd(0)),
    ]
    prospects = {deal.id: Prospect(0.5, is_of_winning=True) for deal in deals if deal.name != "Unscored"}

    ranked = by_expected_value(deals, prospects, NO_RATES)
    with_rates = by_expected_value(deals, prospects, EUROS_AT_A_TENTH)

    assert [deal.name for deal in ranked] == ["Big", "Small", "Nothing", "Euros", "Unscored", "Alpha", "Zeta"]
    # A rate of a tenth puts 9,000 euros level with 900 dollars, and the furthest along goes first.
    assert [deal.name for deal in with_rates][:3] == ["Euros", "Big", "Small"]


def test_a_deal_without_a_cause_or_a_comparable_amount_can_wait() -> None:
    assert looks(a_deal("No amount"), a_deal("Euros", money=Money(9_000, "EUR"))) == []


def test_an_amount_that_there_is_a_rate_for_is_compared_by_what_it_is_worth() -> None:
    dollars, euros = a_deal("Dollars", money=usd(800)), a_deal("Euros", money=Money(9_000, "EUR"))
    prospects = {deal.id: Prospect(0.5, is_of_winning=False) for deal in (dollars, euros)}

    first, second = worth_a_look([dollars, euros], prospects, EUROS_AT_A_TENTH, at=NOW, most=5).shown

    assert (first.deal, first.expected, second.deal) == (euros, Decimal(450), dollars)


FIFTY_THOUSAND = Decimal(50_000)


def test_high_value_is_the_workspace_s_amount_or_the_top_share_of_what_is_open() -> None:
    team = a_workspace()
    pieces = [Piece(number, None, "USD", Decimal(1_000 * number), None) for number in range(1, 21)]
    pieces.append(Piece(21, None, "EUR", Decimal(900_000), None))

    assert high_value_from(team, pieces, NO_RATES) == FIFTY_THOUSAND
    team.high_value_top = 10
    assert high_value_from(team, pieces, NO_RATES) == Decimal(19_000)
    assert high_value_from(team, pieces, EUROS_AT_A_TENTH) == Decimal(19_000)
    assert high_value_from(team, [], NO_RATES) == FIFTY_THOUSAND


def test_high_value_begins_at_the_amount_and_in_the_currency_of_the_workspace() -> None:
    assert is_high_value(a_deal(money=usd(50_000)), FIFTY_THOUSAND, NO_RATES)
    assert not is_high_value(a_deal(money=Money("49999.99", "USD")), FIFTY_THOUSAND, NO_RATES)
    assert not is_high_value(a_deal(money=Money(90_000, "EUR")), FIFTY_THOUSAND, NO_RATES)
    assert not is_high_value(a_deal(), FIFTY_THOUSAND, NO_RATES)


def test_an_amount_in_another_currency_is_high_by_what_it_is_worth() -> None:
    assert is_high_value(a_deal(money=Money(500_000, "EUR")), FIFTY_THOUSAND, EUROS_AT_A_TENTH)
    assert not is_high_value(a_deal(money=Money("499999.99", "EUR")), FIFTY_THOUSAND, EUROS_AT_A_TENTH)
    assert not is_high_value(a_deal(money=Money(900_000, "GBP")), FIFTY_THOUSAND, EUROS_AT_A_TENTH)


def test_what_calls_for_its_owner_comes_by_cause_and_then_by_worth() -> None:
    due, calm = a_deal("Due"), a_deal("Calm")
    small, large = a_deal("Small", money=usd(1)), a_deal("Large", money=usd(2))
    due.plan("Call", due=NOW.date(), by=None, at=MONDAY)
    moved = {small.id: -0.1, large.id: 0.3, calm.id: 0.09}

    found = calls_for_attention([calm, small, large, due], moved, NO_RATES, today=NOW.date(), at=NOW)

    assert [(call.deal.name, call.whys) for call in found] == [
        ("Due", (Why.DUE,)),
        ("Large", (Why.SCORE_MOVED,)),
        ("Small", (Why.SCORE_MOVED,)),
    ]
