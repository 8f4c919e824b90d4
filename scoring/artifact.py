"""A trained model as bytes that can be kept in a database and are not believed blindly when they come back.

Kept with skops, which, other than pickle, runs nothing while it reads; types beyond scikit-learn's own are named here.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar, cast
from zipfile import BadZipFile

from sklearn.pipeline import Pipeline
from skops.io import dumps, get_untrusted_types, loads

from models.errors import DomainError
from scoring.explaining import Usual

TRUSTED = frozenset({"scoring.estimator.Steps"})
"""Types that an artifact may hold besides those that skops trusts by itself."""


@dataclass(eq=False)
class ModelRefused(DomainError):
    """An artifact is not what was recorded (`reason` "changed"), holds what we do not trust ("untrusted"), or cannot
    be read ("unreadable"). `reason` is a catalogue key under `error.model.`"""

    key: ClassVar[str] = "error.model_refused"
    reason: str


@dataclass(frozen=True)
class FittedModel:
    """A model that can answer; `learnt_from` counts the deals whose outcomes it has seen."""

    pipeline: Pipeline
    usual: Usual
    horizon_days: int
    learnt_from: int


def dump(model: FittedModel) -> bytes:
    content = {
        "pipeline": model.pipeline,
        "usual": model.usual,
        "horizon_days": model.horizon_days,
        "learnt_from": model.learnt_from,
    }
    return cast(bytes, dumps(content))


def fingerprint(artifact: bytes) -> str:
    return hashlib.sha256(artifact).hexdigest()


def load(artifact: bytes, *, sha256: str) -> FittedModel:
    """The model in an artifact. Raises ModelRefused."""
    if fingerprint(artifact) != sha256:
        raise ModelRefused("changed")
    try:
        unknown = set(get_untrusted_types(data=artifact)) - TRUSTED
        if unknown:
            raise ModelRefused("untrusted")
        content: dict[str, Any] = loads(artifact, trusted=sorted(TRUSTED))
        return FittedModel(**content)
    except (BadZipFile, AttributeError, ImportError, LookupError, TypeError, ValueError) as error:
        raise ModelRefused("unreadable") from error
