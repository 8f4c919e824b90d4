"""The year that the demo invents is one that a team could have had, and always the same."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from bot.demo.generator import DEALS, found, invent
from bot.demo.people import INDUSTRY_FIELD, MAYA, TEAM_ID
from models.database import Database
from models.deal import Deal
from models.funnel import Funnel
from models.history import Change, standings
from models.members import Members
from models.migrations import migrate
from models.model_version import Question
from models.pipelines import Pipelines
from models.timeline import DealHistory
from models.timelines import Timelines
from models.workspace import workspace_of
from scoring.past import past_of
from scoring.training import Verdict, train

NOW = datetime(2026, 11, 23, 14, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Year:
    """A year as the demo writes it: in a database, and the deals as they were left in memory."""

    database: Database
    deals: list[Deal]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with closing(a_database(tmp_path_factory.mktemp("demo"))) as database:
        with database.begin() as session:
            deals = invented(session)
        yield Year(database, deals)


def a_database(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'demo.db'}")
    migrate(database.engine)
    return database


def invented(session: Session) -> list[Deal]:
    return list(invent(found(session, at=NOW, time_zone="Europe/Berlin"), at=NOW))


def histories(session: Session) -> list[DealHistory]:
    return Timelines(session, workspace_of(session, TEAM_ID, at=NOW)).all()


def test_the_same_seed_and_moment_invent_the_same_year(year: Year, tmp_path: Path) -> None:
    with closing(a_database(tmp_path)) as again:
        with again.begin() as session:
            invented(session)

        with year.database.reading() as first, again.reading() as second:
            assert histories(first) == histories(second)


def test_every_deal_stands_where_its_history_left_it(year: Year) -> None:
    for deal in year.deals:
        standing = standings(deal.changes)[-1]
        assert (deal.stage_id, deal.entered_stage_at) == (standing.stage_id, standing.entered_at), deal.name
        assert (deal.closed_at, deal.loss_reason) == (standing.closed_at, standing.loss_reason), deal.name
        latest = max((activity.at for activity in deal.activities), default=None)
        assert deal.last_activity_at == latest, deal.name


def test_all_that_was_invented_is_in_the_database(year: Year) -> None:
    assert all(not inspect(deal).modified for deal in year.deals)

    with year.database.reading() as session:
        written = histories(session)

    assert len(year.deals) == len(written) == DEALS
    assert {each.deal_id: each.standing.stage_id for each in written} == {deal.id: deal.stage_id for deal in year.deals}


def test_every_stage_has_deals_and_a_sixth_or_so_are_open(year: Year) -> None:
    stages = Counter(deal.stage.name for deal in year.deals)

    assert set(stages) == {stage.name for stage in year.deals[0].pipeline.stages}
    assert 45 <= sum(deal.is_open for deal in year.deals) <= 100


def test_every_kind_of_change_within_a_pipeline_happens_in_the_year(year: Year) -> None:
    happened = {change.change for deal in year.deals for change in deal.changes}

    assert happened == set(Change) - {Change.TRANSFERRED}


def test_nothing_happens_before_the_deal_or_after_today(year: Year) -> None:
    for deal in year.deals:
        moments = [change.at for change in deal.changes] + [activity.at for activity in deal.activities]
        assert deal.created_at == min(moments), deal.name
        assert max(moments) <= NOW, deal.name


def test_every_lost_deal_says_why(year: Year) -> None:
    assert all(deal.loss_reason for deal in year.deals if deal.is_lost)


def test_every_deal_has_an_owner_an_amount_a_source_and_an_industry(year: Year) -> None:
    for deal in year.deals:
        assert all((deal.owner, deal.money, deal.source, deal.custom[INDUSTRY_FIELD])), deal.name


def test_no_deal_of_the_funnel_lacks_an_exchange_rate(year: Year) -> None:
    with year.database.reading() as session:
        workspace = workspace_of(session, TEAM_ID, at=NOW)
        pipeline = Pipelines(session, workspace).default()
        report = Funnel(session, workspace).report(pipeline, at=NOW, since=NOW - timedelta(days=7))

    assert {deal.currency for deal in year.deals} == {"USD", "EUR"}
    assert report.basis
    assert not report.basis.unpriced


def test_who_opens_the_page_has_stalled_deals_and_her_team_has_big_ones(year: Year) -> None:
    stalled = [deal for deal in year.deals if deal.is_stalled(NOW)]

    hers = [deal for deal in stalled if deal.owner and deal.owner.name == MAYA.name]
    of_others = [deal.amount for deal in stalled if deal not in hers and deal.currency == "USD"]
    assert hers
    assert len([amount for amount in of_others if amount and amount >= 50_000]) >= 2


def test_the_lead_hears_of_her_team_s_deals(year: Year) -> None:
    with year.database.reading() as session:
        members = Members(session, workspace_of(session, TEAM_ID, at=NOW))
        [rep] = [member for member in members.all() if member.name == "Ben Okafor"]

        assert [member.name for member in members.managers_of(rep)] == [MAYA.name]


def test_a_model_learns_more_from_the_year_than_base_rates_do(year: Year) -> None:
    with year.database.reading() as session:
        past = past_of(session, workspace_of(session, TEAM_ID, at=NOW), at=NOW)

    report = train(past, at=NOW)[Question.FORWARD].report

    assert report.verdict is Verdict.PUBLISHED
    assert report.model
    assert report.base_rate
    assert report.model.log_loss < report.base_rate.log_loss
