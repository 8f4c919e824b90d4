"""What was won before, added up by day, tells of records what every single win tells."""

import random
from datetime import timedelta
from decimal import Decimal

from moneyed import Money

from models.database import Database
from models.deals import Deals
from models.exchange import ExchangeRates
from models.history import Via
from models.past_wins import PastWins
from models.pricing import Rate
from models.records import Feat, Records, won_of
from tests.factories import MONDAY, Team, a_team, days

_SPAN = 500


def test_wins_added_up_by_day_are_the_records_that_each_of_them_is(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.workspace.time_zone = "Europe/Berlin"
        _years_of(team)
        at = MONDAY + days(_SPAN)
        pricing = ExchangeRates(session, team.workspace).pricing(at=at, since=MONDAY.date())
        won = won_of(Deals(session, team.workspace).won_pieces(), pricing)
        every = Records([], pricing).feats(won)

        assert {each.feat for each in every} == set(Feat)
        for since in (MONDAY + days(each) for each in range(-1, _SPAN, 45)):
            before = PastWins(session, team.workspace).days(until=since)
            assert sum(each.priced for each in before) == sum(
                each.at <= since and each.worth is not None for each in won
            )
            found = Records(before, pricing).feats(each for each in won if each.at > since)
            assert found == [each for each in every if each.win.at > since]


def test_what_is_won_no_more_is_in_no_record(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name, amount in (("Acme", 100), ("Globex", 900)):
            deal = team.adds(name, money=Money(amount, "USD"))
            deal.win(by=None, at=MONDAY + days(2), via=Via.COMMAND)
        deal.lose("price", by=None, at=MONDAY + days(3), via=Via.COMMAND)
        session.flush()

        (day,) = PastWins(session, team.workspace).days(until=MONDAY + days(9))

        assert (day.priced, day.total, day.largest) == (1, Decimal(100), Decimal(100))


def _years_of(team: Team) -> None:
    dice = random.Random(3)  # noqa: S311 - a game, not a secret
    ExchangeRates(team.session, team.workspace).keep(
        Rate("EUR", "USD", (MONDAY + days(each)).date(), Decimal(1) + Decimal(each % 7) / 10)
        for each in range(0, _SPAN, 30)
    )
    for number in range(160):
        owner = dice.choice((team.ann, team.bob))
        money = dice.choice((None, Money(dice.randint(1, 900), dice.choice(("USD", "EUR")))))
        deal = team.adds(f"Deal {number}", owner=owner, at=MONDAY, money=money)
        deal.win(by=None, at=MONDAY + timedelta(minutes=dice.randint(0, _SPAN * 24 * 60)), via=Via.COMMAND)
        if not number % 5:
            deal.owner = None
    team.session.flush()
