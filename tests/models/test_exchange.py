"""The rates of a workspace are kept exactly, one a pair and day, and those that count are found again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from moneyed import Money
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import Database
from models.exchange import ExchangeRate, ExchangeRates, Kept
from models.pricing import RATE_LASTS, Lot, Rate
from models.reading_errors import RateOutOfRange
from tests.factories import MONDAY, a_team, days

TODAY = MONDAY.date()


def rate(base: str, currency: str, number: str, *, ago: int = 0) -> Rate:
    return Rate(base, currency, TODAY - timedelta(days=ago), Decimal(number))


def rates_of(session: Session, team_id: str = "T1") -> ExchangeRates:
    return ExchangeRates(session, a_team(session, team_id).workspace)


def worth(rates: ExchangeRates, currency: str, *, since: date | None = None, on: date | None = None) -> Decimal | None:
    """What a thousand of a currency are in the workspace's own."""
    found = rates.pricing(at=MONDAY, since=since).total([Lot(1, currency, Decimal(1_000), on)])
    return found.total.amount if found and found.total else None


def test_a_rate_comes_back_with_all_its_digits(database: Database) -> None:
    with database.begin() as session:
        rates_of(session).keep([rate("EUR", "USD", "1.234567890123"), rate("EUR", "VND", "30441.5")])
    with database.begin() as session:
        known = rates_of(session).pricing(at=MONDAY).rates
        dollar, dong = known.price("EUR", "USD", TODAY), known.price("EUR", "VND", TODAY)

    assert dollar is not None
    assert dong is not None
    assert (dollar.numerator, dong.numerator) == (Decimal("1.234567890123"), Decimal("30441.5"))


def test_what_was_said_last_of_a_pair_and_a_day_counts_in_whatever_direction(database: Database) -> None:
    with database.begin() as session:
        rates = rates_of(session)
        first = rates.keep([rate("EUR", "USD", "1.1"), rate("EUR", "USD", "1.1", ago=1)])
        again = rates.keep([rate("EUR", "USD", "1.1"), rate("EUR", "USD", "1.10", ago=1)])
        turned = rates.keep([rate("USD", "EUR", "0.8"), rate("GBP", "USD", "1.5")])
        number = session.scalar(select(func.count()).select_from(ExchangeRate))

        assert (first, again, turned) == (Kept(added=2), Kept(unchanged=2), Kept(added=1, changed=1))
        assert number == 3
        assert worth(rates, "EUR") == 1_250


def test_only_the_rates_that_still_count_price_what_is_open(database: Database) -> None:
    with database.begin() as session:
        rates = rates_of(session)
        rates.keep(
            [
                rate("EUR", "USD", "1.1", ago=30),
                rate("EUR", "USD", "1.2", ago=3),
                rate("EUR", "USD", "9", ago=-1),
                rate("GBP", "USD", "1.5", ago=RATE_LASTS.days),
                rate("CHF", "USD", "1.5", ago=RATE_LASTS.days - 1),
            ]
        )

        assert [worth(rates, code) for code in ("EUR", "GBP", "CHF")] == [1_200, None, 1_500]


def test_what_was_closed_earlier_is_priced_by_the_rates_of_then(database: Database) -> None:
    won = TODAY - timedelta(days=200)
    with database.begin() as session:
        rates = rates_of(session)
        rates.keep([rate("EUR", "USD", "1.1", ago=200 + RATE_LASTS.days - 1), rate("EUR", "USD", "1.2")])

        assert worth(rates, "EUR", since=won, on=won) == 1_100
        assert worth(rates, "EUR", since=won, on=won + timedelta(days=1)) is None
        assert worth(rates, "EUR", since=won) == 1_200


def test_the_day_is_the_workspace_s(database: Database) -> None:
    evening = MONDAY + timedelta(hours=8)  # Tuesday in Shanghai
    with database.begin() as session:
        team = a_team(session)
        team.workspace.time_zone = "Asia/Shanghai"

        assert rates_of(session).pricing(at=evening).today == TODAY + timedelta(days=1)


def test_many_rates_are_kept_at_once(database: Database) -> None:
    many = [rate("EUR", code, str(ago + 1), ago=ago) for ago in range(3_000) for code in ("CHF", "GBP", "JPY", "USD")]
    with database.begin() as session:
        rates = rates_of(session)

        assert rates.keep(many) == Kept(added=12_000)
        assert rates.keep([*many[1:], rate("EUR", "CHF", "7")]) == Kept(unchanged=11_999, changed=1)


@pytest.mark.parametrize("number", ["0", "-1", "1e-10", "1e10", "0.1234567890123", "NaN", "Infinity"])
def test_a_rate_that_none_can_be_is_refused_with_all_beside_it(database: Database, number: str) -> None:
    with database.begin() as session:
        rates = rates_of(session)
        with pytest.raises(RateOutOfRange):
            rates.keep([rate("EUR", "GBP", "0.8"), rate("EUR", "USD", number)])

        assert session.scalar(select(func.count()).select_from(ExchangeRate)) == 0


def test_the_currencies_that_deals_need_rates_of(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name, money in (
            ("One", Money(1, "JPY")),
            ("Two", Money(2, "EUR")),
            ("Three", Money(3, "EUR")),
            ("Own", Money(4, "USD")),
        ):
            team.adds(name, money=money)
        team.adds("Unknown", money=Money(5, "GBP")).set_money(None, by=None, at=MONDAY + days(1))

        assert rates_of(session).needed() == ["EUR", "JPY"]
