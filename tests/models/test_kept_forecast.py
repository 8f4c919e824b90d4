"""What was forecast in the night comes back as it was, while it still holds."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from moneyed import Money
from sqlalchemy import select

from models.database import Database
from models.forecast import Glance, KeptPrice, Range, Step
from models.kept_forecast import LASTS, KeptForecast, KeptForecasts
from models.period import Unit, whole_unit
from models.pricing import Unpriced
from models.schedule import Topic
from tests.factories import MONDAY, Team, a_team

QUARTER = whole_unit(Unit.QUARTER, MONDAY.date(), "UTC")
GLANCE = Glance(
    QUARTER,
    "USD",
    Step(3, Decimal("12000.50"), {"EUR": Decimal("70.25")}, largest=(1, 2)),
    Range(Decimal("1.10"), Decimal("2.20"), Decimal("3.30")),
    Money(Decimal("40000.00"), "USD"),
    0.25,
    (Unpriced(1, Money(Decimal("70.25"), "EUR")),),
    frozenset((3, 4)),
    (KeptPrice("GBP", MONDAY.date(), Decimal("1.3333333333333333333333333333")), KeptPrice("EUR", None, None)),
)


@pytest.fixture
def team(database: Database) -> Iterator[Team]:
    with database.begin() as session:
        yield a_team(session)


def kept(team: Team) -> KeptForecasts:
    return KeptForecasts(team.session, team.workspace)


def test_it_comes_back_to_the_cent(team: Team) -> None:
    whole = Topic(team.pipeline.id)
    kept(team).keep({whole: GLANCE}, at=MONDAY)
    team.session.expire_all()

    found = kept(team).of(whole, QUARTER, at=MONDAY + timedelta(hours=6))

    assert found is not None
    assert (found.at, found.glance, found.glance.won.largest) == (MONDAY, GLANCE, (1, 2))


def test_that_of_a_person_is_neither_that_of_their_team_nor_of_all(team: Team) -> None:
    whole = Topic(team.pipeline.id)
    topics = (whole, Topic(whole.pipeline_id, team.bob.id), Topic(whole.pipeline_id, team.bob.id, with_team=True))
    for topic in topics:
        kept(team).keep({topic: GLANCE}, at=MONDAY)

        assert [each for each in topics if kept(team).of(each, QUARTER, at=MONDAY)] == [topic]
    assert len(team.session.scalars(select(KeptForecast)).all()) == 1


def test_it_is_told_no_more_when_it_is_old_or_the_quarter_or_the_currency_are_others(team: Team) -> None:
    whole = Topic(team.pipeline.id)
    kept(team).keep({whole: GLANCE}, at=MONDAY)

    assert kept(team).of(whole, QUARTER, at=MONDAY + LASTS - timedelta(seconds=1))
    assert not kept(team).of(whole, QUARTER, at=MONDAY + LASTS)
    assert not kept(team).of(whole, QUARTER, at=MONDAY - timedelta(seconds=1))
    assert not kept(team).of(whole, whole_unit(Unit.QUARTER, date(2026, 4, 1), "UTC"), at=MONDAY)
    team.workspace.currency = "EUR"
    assert not kept(team).of(whole, QUARTER, at=MONDAY)


def test_only_pipelines_of_many_deals_have_one(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.kept_forecast.KEPT_FROM", 2)
    team.adds("Acme")
    team.adds("Globex")
    few = kept(team).are_for(team.pipeline.id)
    team.adds("Initech")

    assert (few, kept(team).are_for(team.pipeline.id)) == (False, True)
