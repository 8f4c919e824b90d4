"""The scorer that serves a workspace: base rates first, a model once one is better, and base rates again if refused."""

import gc
import math
import shutil
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from moneyed import Money
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import tables
from models.activity import ActivityKind
from models.database import Database
from models.deal import DealField
from models.deals import Deals
from models.exchange import ExchangeRates
from models.history import Change, Via
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question
from models.pipelines import Pipelines
from models.pricing import Rate
from models.timelines import Timelines
from models.workspace import Workspace, workspace_of
from scoring.answering import ModelAnswers
from scoring.past import Past, past_of
from scoring.recording import record
from scoring.scorer import Scorer, Scorers, estimates_of
from scoring.training import Training, Verdict, train
from tests.scoring.conftest import TRAINED_AT
from tests.scoring.simulation import LOST, STAGES, START, a_deal, after, days, move

NOW = after(400)
TEAM = "T1"


def test_a_closed_deal_has_no_chance_to_tell(scorer: Scorer) -> None:
    lost = a_deal(move(Change.LOST, LOST, after(5)))

    assert scorer.score(lost, after(6)) is None
    assert scorer.score(lost, after(4)) is not None


def test_a_deal_that_is_not_there_yet_is_passed_over(scorer: Scorer) -> None:
    there = a_deal()
    later = replace(there, created_at=after(7))

    assert [each is None for each in scorer.score_all([later, there], after(6))] == [True, False]


def test_deals_scored_together_get_what_they_get_alone(scorer: Scorer, team: Past) -> None:
    histories = [each for each in team.histories if each.created_at <= TRAINED_AT][:200]

    together = scorer.score_all(histories, TRAINED_AT)

    alone = [scorer.score(each, TRAINED_AT) for each in histories]
    assert None in together
    for one, other in zip(together, alone, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.probability == pytest.approx(other.probability)
            assert [each.key for each in one.reasons] == [each.key for each in other.reasons]


def test_one_deal_is_scored_in_a_few_milliseconds(scorer: Scorer) -> None:
    took = []
    for _ in range(50):
        started = perf_counter()
        scorer.score(a_deal(), after(20))
        took.append(perf_counter() - started)

    assert median(took) < 0.02  # ten times what was measured, so that a busy machine does not fail the test


def test_every_deal_of_an_unheard_of_stage_is_still_answered(scorer: Scorer) -> None:
    stages = {**STAGES, 9: replace(STAGES[1], id=9, name="Trial")}
    deal = a_deal(move(Change.FORWARD, 9, after(5)))

    estimate = replace(scorer, stages=stages).score(deal, after(10))

    assert estimate is not None
    assert 0 < estimate.probability < 1


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty one."""
    yield from opened(tmp_path / "sluice.db")


@pytest.fixture(scope="module")
def trained_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of deals and the model that was learnt from them, written once for all tests that start from there."""
    file = tmp_path_factory.mktemp("trained") / "sluice.db"
    for database in opened(file):
        with database.begin() as session:
            workspace = workspace_of(session, TEAM, at=START)
            work_deals(session, workspace, count=160)
            learn(session, workspace)
    return file


@pytest.fixture
def trained(trained_file: Path, tmp_path: Path) -> Iterator[Session]:
    """A session on a copy of it."""
    for database in opened(Path(shutil.copy(trained_file, tmp_path / "trained.db"))):
        with database.begin() as session:
            yield session


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.begin() as session:
        yield session


@pytest.fixture
def workspace(session: Session) -> Workspace:
    return workspace_of(session, TEAM, at=START)


def opened(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    tables.Deal.metadata.create_all(database.engine)
    yield database
    database.close()


def work_deals(session: Session, workspace: Workspace, *, count: int) -> None:
    """A year of deals: those of partners move on when they have met us, the others seldom do; some are lost.

    What became of the last one nobody has written down.
    """
    pipeline = Pipelines(session, workspace).default()
    deals = Deals(session, workspace)
    for number in range(count):
        at = after(365 * number / count)
        from_partner = number % 2 == 0
        deal = deals.add(f"Deal {number}", stage=pipeline.first, owner=None, at=at, via=Via.COMMAND)
        deal.set_text(DealField.SOURCE, "partner" if from_partner else "web", by=None, at=at)
        if from_partner:
            deal.log(ActivityKind.MEETING, "Met", by=None, at=at + days(2))
        if from_partner or number % 7 == 0:
            deal.advance(by=None, at=at + days(4 + number % 20), via=Via.COMMAND)
        if number % 3 == 0:
            deal.lose("price", by=None, at=at + days(45), via=Via.COMMAND)
    session.flush()


def learn(session: Session, workspace: Workspace, *, at: datetime = NOW) -> ModelVersion:
    training = train(past_of(session, workspace, at=at), at=at)[Question.FORWARD]
    before = ModelVersions(session, workspace).champion(Question.FORWARD)
    report = replace(training.report, compared_with=before.number if before else None)
    came = record(session, workspace, replace(training, report=report), trained_by="test", at=at)
    version = ModelVersions(session, workspace).champion(Question.FORWARD)
    assert came.report.verdict is Verdict.PUBLISHED
    assert version is not None
    return version


def chance_of(scorer: Scorer, session: Session, workspace: Workspace, name: str, at: datetime) -> float:
    deal = Deals(session, workspace).named(name)
    estimate = scorer.score(Timelines(session, workspace).of([deal.id])[0], at)
    assert estimate is not None
    return estimate.probability


def test_from_deals_in_a_database_to_scores_with_reasons(trained: Session) -> None:
    workspace = workspace_of(trained, TEAM, at=NOW)
    first = Pipelines(trained, workspace).default().first
    fresh = Deals(trained, workspace)
    for source in ("partner", "web"):
        fresh.add(f"Fresh {source}", stage=first, owner=None, at=NOW, via=Via.COMMAND, source=source)

    scorer = Scorers().scorer_for(trained, workspace, at=NOW)
    of_partner = chance_of(scorer, trained, workspace, "Fresh partner", NOW)
    of_web = chance_of(scorer, trained, workspace, "Fresh web", NOW)

    assert of_partner > of_web + 0.3


def test_before_there_is_a_model_the_stages_rate_answers_and_says_so(session: Session, workspace: Workspace) -> None:
    work_deals(session, workspace, count=30)
    first = Pipelines(session, workspace).default().first
    deal = Deals(session, workspace).add("Fresh", stage=first, owner=None, at=NOW, via=Via.COMMAND)

    scorer = Scorers().scorer_for(session, workspace, at=NOW)
    estimate = scorer.score(Timelines(session, workspace).of([deal.id])[0], NOW)

    assert estimate is not None
    assert estimate.is_early
    assert estimate.learnt_from == 29
    (reason,) = estimate.reasons
    assert reason.key == "reason.stage_rate"
    assert reason.values == {"stage": first.name, "rate": estimate.probability, "count": 29}


def test_an_empty_workspace_is_answered_too(session: Session, workspace: Workspace) -> None:
    first = Pipelines(session, workspace).default().first
    Deals(session, workspace).add("Fresh", stage=first, owner=None, at=NOW, via=Via.COMMAND)

    scorer = Scorers().scorer_for(session, workspace, at=NOW)

    assert scorer.forward.version is None
    assert 0 < chance_of(scorer, session, workspace, "Fresh", NOW) < 1


def test_an_artifact_that_was_tampered_with_is_refused_and_base_rates_serve(
    trained: Session, caplog: pytest.LogCaptureFixture
) -> None:
    workspace = workspace_of(trained, TEAM, at=NOW)
    trained.execute(update(ModelVersion).values(artifact=b"something else"))

    scorer = Scorers().scorer_for(trained, workspace, at=NOW)

    assert scorer.forward.version is None
    assert "refused" in caplog.text


def test_a_model_for_another_horizon_does_not_answer(trained: Session) -> None:
    workspace = workspace_of(trained, TEAM, at=NOW)
    scorers = Scorers()
    assert scorers.scorer_for(trained, workspace, at=NOW).forward.version == 1

    workspace.horizon_days = 60

    scorer = scorers.scorer_for(trained, workspace, at=NOW)
    assert scorer.forward.version is None
    assert scorer.forward.days == 60


def test_a_new_champion_serves_at_once(trained: Session) -> None:
    workspace = workspace_of(trained, TEAM, at=NOW)
    scorers = Scorers()
    before = scorers.scorer_for(trained, workspace, at=NOW)

    assert scorers.cold(trained, [workspace.id], at=NOW) == []
    learn(trained, workspace, at=NOW + days(1))
    assert scorers.cold(trained, [workspace.id], at=NOW) == [workspace.id]

    now = scorers.scorer_for(trained, workspace, at=NOW + days(1))
    assert (before.forward.version, now.forward.version) == (1, 2)


def test_base_rates_are_counted_anew_after_a_day(session: Session, workspace: Workspace) -> None:
    scorers = Scorers()
    scorers.scorer_for(session, workspace, at=NOW)
    work_deals(session, workspace, count=12)

    same_day = scorers.scorer_for(session, workspace, at=NOW + days(0.9))
    next_day = scorers.scorer_for(session, workspace, at=NOW + days(1))

    assert (same_day.forward.learnt_from, next_day.forward.learnt_from) == (0, 11)


def test_after_an_import_base_rates_are_counted_anew_before_somebody_asks(
    session: Session, workspace: Workspace
) -> None:
    scorers = Scorers()
    assert scorers.cold(session, [workspace.id, "nobody"], at=NOW) == [workspace.id]
    scorers.keep_warm(session, workspace, at=NOW)
    assert scorers.cold(session, [workspace.id], at=NOW) == []
    work_deals(session, workspace, count=12)
    assert scorers.cold(session, [workspace.id], at=NOW) == [workspace.id]

    scorers.keep_warm(session, workspace, at=NOW + days(0.01))

    assert scorers.cold(session, [workspace.id], at=NOW + days(0.01)) == []
    assert scorers.cold(session, [workspace.id], at=NOW + days(1)) == [workspace.id]

    assert scorers.scorer_for(session, workspace, at=NOW + days(0.02)).forward.learnt_from == 11


def test_a_model_that_serves_no_longer_is_let_go(trained: Session) -> None:
    workspace = workspace_of(trained, TEAM, at=NOW)
    scorers = Scorers()
    scorer = scorers.scorer_for(trained, workspace, at=NOW)
    assert isinstance(scorer.forward, ModelAnswers)
    model = weakref.ref(scorer.forward.model)

    ModelVersions(trained, workspace).roll_back(Question.FORWARD, at=NOW)
    scorer = scorers.scorer_for(trained, workspace, at=NOW)
    gc.collect()

    assert scorer.forward.version is None
    assert model() is None


def test_a_workspace_learns_nothing_from_another(trained: Session) -> None:
    other = workspace_of(trained, "T2", at=START)

    scorer = Scorers().scorer_for(trained, other, at=NOW)

    assert scorer.forward.version is None
    assert scorer.forward.learnt_from == 0
    assert estimates_of(Timelines(trained, other).open(), scorer, at=NOW) == {}


def test_a_rejected_model_is_kept_and_does_not_serve(
    session: Session, workspace: Workspace, training: Training
) -> None:
    rejected = replace(training, report=replace(training.report, verdict=Verdict.NO_BETTER))

    record(session, workspace, rejected, trained_by="test", at=NOW)

    version = ModelVersions(session, workspace).challenger(Question.FORWARD)
    assert version is not None
    assert version.status is ModelStatus.CHALLENGER
    assert version.card["verdict"] == "no_better"
    assert ModelVersions(session, workspace).champion(Question.FORWARD) is None


def test_amounts_are_learnt_and_scored_by_the_rates_of_the_workspace(session: Session, workspace: Workspace) -> None:
    ExchangeRates(session, workspace).keep([Rate("EUR", "USD", START.date(), Decimal(2))])
    deals, stage = Deals(session, workspace), Pipelines(session, workspace).default().first
    for number, currency in enumerate(("USD", "EUR")):
        deal = deals.add(f"Deal {number}", stage=stage, owner=None, at=after(5), via=Via.COMMAND)
        deal.set_money(Money(63, currency), by=None, at=after(5))
    session.flush()

    past, scorer = past_of(session, workspace, at=after(9)), Scorers().scorer_for(session, workspace, at=after(9))

    rows = [past.row_of(history.deal_id, after(9)) for history in past.histories]
    assert [row["amount:USD"] for row in rows] == pytest.approx([6, math.log2(127)])
    assert scorer.usual.conversion.of(Decimal(63), "EUR", after(9)) == (Decimal(126), "USD")


def test_without_a_model_there_is_nothing_to_keep(session: Session, workspace: Workspace) -> None:
    training = train(past_of(session, workspace, at=NOW), at=NOW)[Question.FORWARD]

    assert record(session, workspace, training, trained_by="test", at=NOW).number is None
