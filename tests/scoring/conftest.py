"""One team whose deals follow known rules, and what was learnt from its first 600 days; made once for all tests."""

import pytest

from scoring.dataset import Past
from scoring.training import Training, train
from tests.scoring.simulation import SIGNAL, a_team, after

TRAINED_AT = after(600)


@pytest.fixture(scope="session")
def team() -> Past:
    return a_team(SIGNAL, deals=1200, over_days=900)


@pytest.fixture(scope="session")
def training(team: Past) -> Training:
    return train(team, at=TRAINED_AT)
