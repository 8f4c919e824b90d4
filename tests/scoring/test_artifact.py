"""A model comes back as it was kept, and nothing else is let in."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from skops.io import dumps

from models.model_version import Question
from scoring.artifact import FittedModel, ModelRefused, dump, fingerprint, load
from scoring.dataset import Past, datasets_of
from tests.scoring.conftest import TRAINED_AT


class Stranger:
    """A type that no artifact of ours holds."""


def test_a_model_answers_the_same_after_it_was_kept(model: FittedModel, team: Past) -> None:
    artifact = dump(model)
    table = datasets_of(team, end=TRAINED_AT)[Question.FORWARD].table

    back = load(artifact, sha256=fingerprint(artifact))

    assert np.array_equal(back.scorer.predict_proba(table), model.scorer.predict_proba(table))
    assert replace(back, scorer=model.scorer) == model


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


def _sealed(content: object) -> tuple[bytes, str]:
    """An artifact whose hash is right, whatever it holds."""
    artifact: bytes = dumps(content)
    return artifact, fingerprint(artifact)


def _refused(artifact: bytes, sha256: str) -> str:
    with pytest.raises(ModelRefused) as refused:
        load(artifact, sha256=sha256)
    return refused.value.reason
