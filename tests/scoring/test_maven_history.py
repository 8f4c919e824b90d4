"""In the history of a set without signal no model is better than the base rates, and training says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models import tables
from models.database import Database
from models.importing import import_deals
from models.model_version import Question
from models.pipeline import stages_from_text
from models.workspace import workspace_of
from scoring.past import Past, past_of
from scoring.training import Verdict, train
from tests.models.imports import NOW, TEAM
from tests.models.test_maven import MAVEN

pytestmark = pytest.mark.skipif(not MAVEN.exists(), reason="the Maven data set does not lie beside the repository")


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    database = Database(f"sqlite:///{tmp_path / 'maven.db'}")
    tables.Deal.metadata.create_all(database.engine)
    stages = stages_from_text("Prospecting,Engaging,Won:won,Lost:lost")
    import_deals(database, TEAM, MAVEN, at=NOW, rejects=tmp_path / "rejects.csv", pipeline="Maven", stages=stages)
    with database.reading() as session:
        yield past_of(session, workspace_of(session, TEAM, at=NOW), at=NOW)
    database.close()


def test_no_model_of_either_question_is_published(past: Past) -> None:
    found = train(past, at=NOW)

    assert [found[question].report.verdict for question in Question] == [Verdict.NO_BETTER, Verdict.NO_BETTER]
    assert all(training.report.outcomes > 2_000 for training in found.values())
