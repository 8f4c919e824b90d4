"""A model comes back as it was kept, and nothing else is let in."""

from dataclasses import replace
from io import BytesIO
from typing import Any, cast
from zipfile import ZipFile

import numpy as np
import pytest
from skops.io import dumps

from models.model_version import Question
from scoring.artifact import FittedModel, ModelRefused, dump, fingerprint, load
from scoring.calibrating import CALIBRATIONS
from scoring.dataset import datasets_of
from scoring.ensembles import Boosting, Forest
from scoring.lead_scorer import LeadScorer
from scoring.members import BOOSTING, FOREST, LOGISTIC, SMALL, Member
from scoring.past import Past
from tests.scoring.conftest import TRAINED_AT
from tests.scoring.leads import made_up


class Stranger:
    """A type that no artifact of ours holds."""


@pytest.fixture
def learnt() -> LeadScorer:
    leads = made_up(300)
    return LeadScorer(base=("source", "seats")).fit(leads.table.take(range(60)), leads.won[:60])


def test_a_model_answers_the_same_after_it_was_kept(model: FittedModel, team: Past) -> None:
    artifact = dump(model)
    table = datasets_of(team, end=TRAINED_AT)[Question.FORWARD].table

    back = load(artifact, sha256=fingerprint(artifact))

    assert np.array_equal(back.scorer.predict_proba(table), model.scorer.predict_proba(table))
    assert replace(back, scorer=model.scorer) == model


@pytest.mark.parametrize("calibration", CALIBRATIONS)
@pytest.mark.parametrize(
    "members", [(), (LOGISTIC,), (BOOSTING,), (FOREST,), (SMALL,), (LOGISTIC, BOOSTING, FOREST)], ids=" + ".join
)
def test_whatever_was_chosen_answers_the_same_with_the_same_reasons(
    learnt: LeadScorer, members: tuple[str, ...], calibration: str
) -> None:
    leads = made_up(300)
    learnt.choice_ = replace(learnt.choice_, members=members, calibration=calibration)
    learnt.calibration_ = CALIBRATIONS[calibration]().fit(np.linspace(-1, 1, 50), np.arange(50) % 3 > 0)
    scorer = learnt.refitted(leads.table, leads.won)
    artifact = dump(FittedModel(scorer, Question.FORWARD, 30, 300, TRAINED_AT))

    back = load(artifact, sha256=fingerprint(artifact)).scorer

    assert np.array_equal(back.predict_proba(leads.table), scorer.predict_proba(leads.table))
    one, few = leads.table.take([0]), leads.table.take(range(100))
    assert np.array_equal(back.contributions(one)[1], scorer.contributions(one)[1])
    assert back.explain(few) == scorer.explain(few)
    assert back.choice_ == scorer.choice_


def test_a_stranger_deep_within_a_model_is_refused(learnt: LeadScorer) -> None:
    learnt.columns_.kinds_ = {"source": Stranger()}  # type: ignore[dict-item]  # that is the point
    artifact = dump(FittedModel(learnt, Question.FORWARD, 30, 300, TRAINED_AT))

    assert _refused(artifact, fingerprint(artifact)) == "untrusted"


@pytest.mark.parametrize("member", [BOOSTING, FOREST])
@pytest.mark.parametrize("step", ["back", "out", "column"])
def test_a_tree_that_leads_astray_is_refused(learnt: LeadScorer, member: str, step: str) -> None:
    leads = made_up(300)
    learnt.choice_ = replace(learnt.choice_, members=(member,))
    scorer = learnt.refitted(leads.table, leads.won)
    _lead_astray(scorer.members_[0], step)
    artifact = dump(FittedModel(scorer, Question.FORWARD, 30, 300, TRAINED_AT))

    assert _refused(artifact, fingerprint(artifact)) == "unreadable"


@pytest.mark.parametrize("name", ["bitset_idx", "feature_idx"])
def test_a_split_of_a_category_that_leads_astray_is_refused(learnt: LeadScorer, name: str) -> None:
    leads = made_up(300)
    learnt.choice_ = replace(learnt.choice_, members=(BOOSTING,))
    scorer = learnt.refitted(leads.table, leads.won)
    boosting = cast(Boosting, scorer.members_[0])._boosting
    splits = [(tree.nodes, place) for (tree,) in boosting._predictors for place in _categories(tree.nodes)]
    for nodes, place in splits:
        nodes[name][place] = {"bitset_idx": 99, "feature_idx": boosting.n_features_in_ - 1}[name]
    artifact = dump(FittedModel(scorer, Question.FORWARD, 30, 300, TRAINED_AT))

    assert splits
    assert _refused(artifact, fingerprint(artifact)) == "unreadable"


def test_an_artifact_that_was_changed_is_refused(model: FittedModel) -> None:
    artifact = dump(model)
    changed = artifact[:-1] + bytes([artifact[-1] ^ 1])

    assert _refused(changed, fingerprint(artifact)) == "changed"


def test_an_artifact_that_holds_an_unknown_type_is_refused() -> None:
    content = {"pipeline": Stranger(), "usual": {}, "horizon_days": 30, "learnt_from": 1}

    assert _refused(*_sealed(content)) == "untrusted"


@pytest.mark.parametrize("content", [{"pipeline": None}, ["not", "a", "model"], {"unknown": 1}])
def test_an_artifact_that_is_no_model_is_refused(content: Any) -> None:
    assert _refused(*_sealed(content)) == "unreadable"


def test_bytes_that_are_no_archive_are_refused() -> None:
    assert _refused(b"no archive", fingerprint(b"no archive")) == "unreadable"


def test_an_archive_without_a_schema_is_refused() -> None:
    file = BytesIO()
    ZipFile(file, "w").close()

    assert _refused(file.getvalue(), fingerprint(file.getvalue())) == "unreadable"


def _lead_astray(member: Member, step: str) -> None:
    """Spoils the first step of a tree."""
    if isinstance(member, Boosting):
        nodes = member._boosting._predictors[0][0].nodes
        name, value = {"back": ("left", 0), "out": ("right", len(nodes)), "column": ("feature_idx", 99)}[step]
        nodes[name][0] = value
    elif isinstance(member, Forest):
        tree = member._forest.estimators_[0].tree_
        name, value = {
            "back": ("children_left", 0),
            "out": ("children_right", tree.node_count),
            "column": ("feature", 99),
        }[step]
        getattr(tree, name)[0] = value


def _categories(nodes: Any) -> list[int]:
    """The nodes that split a category."""
    places: list[int] = np.flatnonzero(nodes["is_categorical"]).tolist()
    return places


def _sealed(content: object) -> tuple[bytes, str]:
    """An artifact whose hash is right, whatever it holds."""
    artifact: bytes = dumps(content)
    return artifact, fingerprint(artifact)


def _refused(artifact: bytes, sha256: str) -> str:
    with pytest.raises(ModelRefused) as refused:
        load(artifact, sha256=sha256)
    return refused.value.reason
