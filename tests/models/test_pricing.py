"""Amounts are converted at the rate of the right day, exactly, and what has no rate is told and never guessed."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from models.history import Via
from models.money import rounded
from models.pricing import RATE_LASTS, Basis, Lot, Price, Pricing, Rate, Rates, Unpriced, Worth
from tests.factories import MONDAY, a_deal, days

TODAY = MONDAY.date()
CODES = ("CHF", "EUR", "GBP", "JPY", "USD")


def rate(base: str, currency: str, number: str, *, ago: int = 0) -> Rate:
    return Rate(base, currency, TODAY - timedelta(days=ago), Decimal(number))


def pricing(*rates: Rate, currency: str = "USD", time_zone: str = "UTC") -> Pricing:
    return Pricing(currency, time_zone, TODAY, Rates(rates))


def price(rates: Rates, currency: str, into: str, *, ago: int = 0) -> Price:
    found = rates.price(currency, into, TODAY - timedelta(days=ago))
    assert found is not None
    return found


numbers = st.decimals("0.0001", "20000", places=6).filter(lambda number: number > 0)
amounts = st.decimals(0, 10**11, places=2)
some_days = st.integers(0, 200).map(lambda ago: TODAY - timedelta(days=ago))
some_rates = st.lists(
    st.builds(
        lambda pair, day, number: Rate(pair[0], pair[1], day, number),
        st.permutations(CODES),
        some_days,
        numbers,
    ),
    max_size=30,
)


def test_a_rate_leads_both_ways() -> None:
    rates = Rates([rate("EUR", "USD", "1.25")])

    assert price(rates, "EUR", "USD").of(Decimal(100)) == 125
    assert price(rates, "USD", "EUR").of(Decimal(125)) == 100


def test_two_currencies_are_compared_across_a_third() -> None:
    rates = Rates([rate("EUR", "USD", "1.25"), rate("EUR", "JPY", "150", ago=3)])

    assert price(rates, "JPY", "USD").of(Decimal(1_200)) == 10
    assert price(rates, "JPY", "USD").day == TODAY - timedelta(days=3)


def test_a_rate_counts_from_its_day_on_and_for_a_quarter_at_most() -> None:
    rates = Rates([rate("EUR", "USD", "1.1", ago=100), rate("EUR", "USD", "1.2", ago=10)])

    assert rates.price("EUR", "USD", TODAY - timedelta(days=101)) is None
    assert price(rates, "EUR", "USD", ago=100).numerator == Decimal("1.1")
    assert price(rates, "EUR", "USD", ago=11).numerator == Decimal("1.1")
    assert price(rates, "EUR", "USD", ago=10).numerator == Decimal("1.2")
    last = TODAY - timedelta(days=10) + RATE_LASTS - timedelta(days=1)
    assert rates.price("EUR", "USD", last) is not None
    assert rates.price("EUR", "USD", last + timedelta(days=1)) is None


def test_the_latest_rate_counts_and_of_one_day_the_pair_s_own() -> None:
    crossing = [rate("EUR", "USD", "1.25"), rate("EUR", "GBP", "0.85")]
    own = rate("GBP", "USD", "1.5")
    older = rate("GBP", "USD", "1.5", ago=1)

    assert price(Rates([*crossing, own]), "GBP", "USD").of(Decimal(1)) == Decimal("1.5")
    assert rounded(price(Rates([*crossing, older]), "GBP", "USD").of(Decimal(1)), "USD") == Decimal("1.47")


def test_no_way_leads_across_two_currencies_that_only_chains_connect() -> None:
    rates = Rates([rate("EUR", "USD", "1.25"), rate("USD", "JPY", "150"), rate("JPY", "KRW", "9")])

    assert rates.price("EUR", "KRW", TODAY) is None


@given(some_rates, amounts, st.sampled_from(CODES), st.sampled_from(CODES))
def test_there_and_back_is_the_same_to_the_smallest_coin(
    known: list[Rate], amount: Decimal, one: str, other: str
) -> None:
    rates = Rates(known)
    there, back = rates.price(one, other, TODAY), rates.price(other, one, TODAY)

    assert (there is None) == (back is None)
    if one != other and there and back:
        assert rounded(back.of(there.of(amount)), "USD") == amount


@given(some_rates, some_days, some_days)
def test_a_later_day_never_has_an_earlier_rate(known: list[Rate], one: date, other: date) -> None:
    rates = Rates(known)
    before, after = (rates.price("USD", "EUR", day) for day in sorted((one, other)))

    if before and after:
        assert before.day <= after.day
    for found, day in ((before, min(one, other)), (after, max(one, other))):
        assert found is None or timedelta(0) <= day - found.day < RATE_LASTS


@given(some_rates, st.lists(st.tuples(st.sampled_from(CODES), amounts), max_size=8))
def test_the_whole_is_the_sum_of_its_parts_within_a_coin_each(
    known: list[Rate], held: list[tuple[str, Decimal]]
) -> None:
    team = pricing(*known)
    lots = [Lot(1, code, amount) for code, amount in held]

    whole = team.total([*lots, Lot(0, "CHF", Decimal(0))])
    parts = [team.total([lot]) for lot in lots if lot.currency != "USD"]
    own = sum((lot.amount for lot in lots if lot.currency == "USD"), Decimal(0))

    assert whole is not None
    summed = sum((part.total.amount for part in parts if part and part.total), own)
    assert abs((whole.total.amount if whole.total else Decimal(0)) - summed) <= Decimal("0.005") * (len(lots) + 1)
    assert sum(each.count for each in whole.unpriced) == sum(
        each.count for part in parts if part for each in part.unpriced
    )


@given(some_rates, st.lists(amounts, min_size=1, max_size=8))
def test_converting_the_sum_is_summing_the_converted(known: list[Rate], held: list[Decimal]) -> None:
    team = pricing(*known)

    together = team.total([Lot(len(held), "EUR", sum(held, Decimal(0)))])

    assert together == team.total([Lot(1, "EUR", amount) for amount in held])


def test_a_total_is_rounded_once_at_its_end_halves_up() -> None:
    team = pricing(rate("EUR", "USD", "1.001"))
    half_a_cent = Lot(1, "EUR", Decimal(5))

    assert team.total([half_a_cent]) == Worth(Money("5.01", "USD"), ())
    assert team.total([half_a_cent] * 3) == Worth(Money("15.02", "USD"), ())


def test_what_is_in_the_workspace_s_currency_alone_needs_no_total() -> None:
    team = pricing(rate("EUR", "USD", "1.25"))

    assert team.total([Lot(2, "USD", Decimal(10))]) is None
    assert team.basis([Lot(2, "USD", Decimal(10))]) is None
    assert team.total([]) is None


def test_an_amount_without_a_rate_is_told_beside_the_total_and_not_counted_in_it() -> None:
    team = pricing(rate("EUR", "USD", "1.25"))

    worth = team.total(
        [Lot(1, "USD", Decimal(10)), Lot(1, "EUR", Decimal(8)), Lot(2, "JPY", Decimal(900)), Lot(1, "JPY", Decimal(1))]
    )

    assert worth == Worth(Money(20, "USD"), (Unpriced(3, Money(901, "JPY")),))
    assert worth.told == (Money(20, "USD"), Money(901, "JPY"))
    assert team.total([Lot(1, "JPY", Decimal(1))]) == Worth(None, (Unpriced(1, Money(1, "JPY")),))


def test_a_basis_tells_which_rates_were_used() -> None:
    team = pricing(rate("EUR", "USD", "1.25"), rate("GBP", "USD", "1.5", ago=20))
    closed = TODAY - timedelta(days=7)

    basis = team.basis(
        [
            Lot(1, "EUR", Decimal(1)),
            Lot(1, "GBP", Decimal(1)),
            Lot(1, "GBP", Decimal(1), closed),
            Lot(1, "EUR", Decimal(1), closed),
            Lot(1, "USD", Decimal(1)),
        ]
    )

    assert basis == Basis(
        currency="USD",
        converted=("EUR", "GBP"),
        first=TODAY - timedelta(days=20),
        last=TODAY,
        has_closed=True,
        unpriced=(Unpriced(1, Money(1, "EUR")),),
    )


def test_an_open_deal_is_priced_today_and_a_closed_one_on_the_day_it_was_closed_where_the_team_is() -> None:
    rates = [rate("EUR", "USD", "1.25"), rate("EUR", "USD", "1.1", ago=2), rate("EUR", "USD", "1.2", ago=1)]
    going_on = a_deal(money=Money(100, "EUR"))
    won = a_deal(money=Money(100, "EUR"), at=MONDAY - days(9))
    won.win(by=None, at=MONDAY - days(2) + timedelta(hours=14), via=Via.COMMAND)  # 23:00 in London, 8:00 in Tokyo

    assert pricing(*rates).worth_of(going_on) == 125
    assert pricing(*rates, time_zone="Europe/London").worth_of(won) == 110
    assert pricing(*rates, time_zone="Asia/Tokyo").worth_of(won) == 120


def test_a_deal_without_an_amount_or_a_rate_is_worth_nobody_knows_what() -> None:
    assert pricing().worth_of(a_deal()) is None
    assert pricing().worth_of(a_deal(money=Money(5, "EUR"))) is None
    assert pricing().worth_of(a_deal(money=Money(5, "USD"))) == 5
