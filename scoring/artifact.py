"""A trained model as bytes that can be kept in a database and are not believed blindly when they come back.

Kept with skops, which, other than pickle, runs nothing while it reads; types beyond those that it trusts by itself are
named here.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zipfile import ZIP_DEFLATED, BadZipFile

from skops.io import dumps, get_untrusted_types, loads

from models.model_version import Question
from scoring.lead_scorer import LeadScorer

TRUSTED = frozenset(
    {
        "scoring.calibrating.AsItIs",
        "scoring.calibrating.Isotonic",
        "scoring.calibrating.Sigmoid",
        "scoring.choosing.Choice",
        "scoring.columns.Columns",
        "scoring.evaluation.Figures",
        "scoring.evaluation.Gain",
        "scoring.lead_scorer.LeadScorer",
        "scoring.ensembles.Boosting",
        "scoring.members.Flat",
        "scoring.ensembles.Forest",
        "scoring.members.Logistic",
        "scoring.members.Narrow",
        "scoring.rates.Rates",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.tree._tree.Tree",
    }
)
"""Types that an artifact may hold besides those that skops trusts by itself.

skops leaves scikit-learn's trees out because a crafted one can end the process; members check theirs as they are read.
"""


@dataclass(eq=False)
class ModelRefused(Exception):
    """An artifact is not what was recorded (`reason` "changed"), holds what we do not trust ("untrusted"), or cannot
    be read ("unreadable"). No person is told: base rates answer instead."""

    reason: str


@dataclass(frozen=True)
class FittedModel:
    """A model that can answer one question.

    `horizon_days` is how long after a moment its answer counts as known, `learnt_from` counts the deals whose answers
    it has seen, `knew_until` is when the last of them became known.
    """

    scorer: LeadScorer
    question: Question
    horizon_days: int
    learnt_from: int
    knew_until: datetime


def dump(model: FittedModel) -> bytes:
    content = {
        "scorer": model.scorer,
        "question": model.question.value,
        "horizon_days": model.horizon_days,
        "learnt_from": model.learnt_from,
        "knew_until": model.knew_until.isoformat(),
    }
    return cast(bytes, dumps(content, compression=ZIP_DEFLATED))


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
        return FittedModel(
            scorer=content["scorer"],
            question=Question(content["question"]),
            horizon_days=content["horizon_days"],
            learnt_from=content["learnt_from"],
            knew_until=datetime.fromisoformat(content["knew_until"]),
        )
    except (BadZipFile, AttributeError, ImportError, LookupError, TypeError, ValueError) as error:
        raise ModelRefused("unreadable") from error
