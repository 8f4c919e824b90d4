"""The deals that deserve a look today come first."""

from datetime import date

from moneyed import Money

from models.attention import Why, is_high_value, worth_a_look
from models.deal import Deal
from models.score import Estimate
from tests.factories import MONDAY, a_deal, a_workspace, days

NOW = MONDAY + days(1)


def looks(*deals: Deal, most: int = 5, chance: float = 0.5) -> list[tuple[str, Why]]:
    estimates = {deal.id: Estimate(chance, 30, None, 10) for deal in deals}
    found = worth_a_look(deals, estimates, a_workspace(), at=NOW, most=most)
    return [(look.deal.name, look.why) for look in found]


def usd(amount: int) -> Money:
    return Money(amount, "USD")


def test_each_cause_is_told() -> None:
    passed = a_deal("Passed", close_date=date(2026, 3, 2))
    today = a_deal("Today", close_date=date(2026, 3, 3))
    soon = a_deal("Soon", close_date=date(2026, 3, 10))
    later = a_deal("Later", close_date=date(2026, 3, 11), money=usd(100))
    stalled = a_deal("Stalled", at=NOW - days(14))

    assert dict(looks(passed, today, soon, later, stalled)) == {
        "Passed": Why.CLOSE_DATE_PASSED,
        "Today": Why.CLOSING_SOON,
        "Soon": Why.CLOSING_SOON,
        "Later": Why.VALUABLE,
        "Stalled": Why.STALLED,
    }


def test_those_with_a_cause_come_first_and_then_the_value_expected_counts() -> None:
    big, small = a_deal("Big", money=usd(900)), a_deal("Small", money=usd(10))
    stalled = a_deal("Stalled", at=NOW - days(14), money=usd(1))

    assert [name for name, _ in looks(small, big, stalled)] == ["Stalled", "Big", "Small"]
    assert [name for name, _ in looks(small, big, stalled, most=2)] == ["Stalled", "Big"]


def test_the_expected_value_is_the_chance_times_the_amount() -> None:
    likely, big = a_deal("Likely", money=usd(100)), a_deal("Big", money=usd(300))
    estimates = {likely.id: Estimate(0.9, 30, None, 10), big.id: Estimate(0.2, 30, None, 10)}

    first, second = worth_a_look([big, likely], estimates, a_workspace(), at=NOW, most=5)

    assert (first.deal, second.deal) == (likely, big)
    assert first.expected is not None
    assert round(first.expected) == 90


def test_a_deal_without_a_cause_or_a_comparable_amount_can_wait() -> None:
    assert looks(a_deal("No amount"), a_deal("Euros", money=Money(9_000, "EUR"))) == []


def test_high_value_begins_at_the_amount_and_in_the_currency_of_the_workspace() -> None:
    team = a_workspace()

    assert is_high_value(a_deal(money=usd(50_000)), team)
    assert not is_high_value(a_deal(money=Money("49999.99", "USD")), team)
    assert not is_high_value(a_deal(money=Money(90_000, "EUR")), team)
    assert not is_high_value(a_deal(), team)
