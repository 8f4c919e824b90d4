"""The public sets are split as their READMEs ask, so that nothing leaks."""

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.data import b2b, bank_in_time, maven

DATA = Path(os.environ.get("SLUICE_BENCHMARK_DATA", Path(__file__).parents[3] / "shared" / "data"))

pytestmark = pytest.mark.skipif(
    not (DATA / "b2b-sales").is_dir(), reason="needs the public sets, see docs/benchmarks.md"
)


def test_later_calls_are_asked_about_and_their_length_is_not_known() -> None:
    bank = bank_in_time(DATA)

    assert "duration" not in bank.table.names
    assert all(seen.max() < unseen.min() for seen, unseen in bank.splits)


def test_opportunities_with_equal_inputs_are_on_the_same_side() -> None:
    found = b2b(DATA)
    assert found.groups is not None

    for seen, unseen in found.splits:
        assert not set(found.groups[seen]) & set(found.groups[unseen])


def test_deals_are_learnt_from_only_when_they_were_closed_before_the_others_began() -> None:
    found = maven(DATA)
    assert found.moments is not None

    assert not {"close_value", "close_date", "deal_stage"} & set(found.table.names)
    for seen, unseen in found.splits:
        assert found.moments[seen].max() < found.moments[unseen].min()
        assert 0.5 < np.mean(found.won[seen]) < 0.8
