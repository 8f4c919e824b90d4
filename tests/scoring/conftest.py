"""One team whose deals follow known rules, and what was learnt from its first 600 days; made once for all tests."""

from collections.abc import Mapping

import pytest

from models.model_version import Question
from scoring.answering import ModelAnswers
from scoring.artifact import FittedModel
from scoring.past import Past
from scoring.scorer import Scorer
from scoring.training import Training, train
from tests.scoring.simulation import SIGNAL, a_team, after

TRAINED_AT = after(600)


@pytest.fixture(scope="session")
def team() -> Past:
    return a_team(SIGNAL, deals=1200, over_days=900)


@pytest.fixture(scope="session")
def trainings(team: Past) -> Mapping[Question, Training]:
    return train(team, at=TRAINED_AT)


@pytest.fixture(scope="session")
def training(trainings: Mapping[Question, Training]) -> Training:
    """Of the question whether a deal moves forward."""
    return trainings[Question.FORWARD]


@pytest.fixture(scope="session")
def model(training: Training) -> FittedModel:
    assert training.model is not None
    return training.model


@pytest.fixture(scope="session")
def scorer(trainings: Mapping[Question, Training], team: Past) -> Scorer:
    """It serves both questions with what was learnt."""
    forward, won = (trainings[question].model for question in (Question.FORWARD, Question.WON))
    assert forward is not None
    assert won is not None
    return Scorer(ModelAnswers(forward, 1), ModelAnswers(won, 2), team.stages, {1: "Ana"}, team.usual)
