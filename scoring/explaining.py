"""Why a deal's chance is what it is: what speaks for it and against it, compared with the team's average deal.

The model is a sum, so its reasons are its summands: each is the weight (in log-odds) by which one thing about the deal
moves the chance away from the average deal's. Nothing is guessed afterwards.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from models.activity import ActivityKind
from models.score import Reason
from models.timeline import DealHistory
from scoring.features import AMOUNT, CUSTOM, Row

Floats = NDArray[np.float64]
Usual = dict[str, dict[str, float]]
"""For each duration the team's usual number of days, by the id of the stage; under "" that of all stages."""

DURATIONS = ("days_in_stage", "days_since_creation", "days_since_activity")
"""The features that are told beside the team's usual."""
MOST_REASONS = 6
LEAST_WEIGHT = 0.05
"""A summand that moves the chance by about one point in a hundred is no reason."""

_SUBJECTS = {
    "stage_position": "stage",
    "amount_known": "amount",
    "next_step_set": "next_step",
    "next_step_in": "next_step",
    **{f"{kind}_{span}": f"{kind}" for kind in ActivityKind for span in ("recent", "total")},
}
"""Features that one reason tells together; all others speak for themselves."""

REASONS: dict[str, tuple[str, ...]] = {
    "reason.stage_rate": ("stage", "rate", "count"),
    "reason.stage": ("stage",),
    "reason.days_in_stage": ("stage", "days", "usual"),
    "reason.days_since_creation": ("stage", "days", "usual"),
    "reason.days_since_activity": ("stage", "days", "usual"),
    "reason.no_activity": (),
    "reason.moves_forward": ("count",),
    "reason.moves_back": ("count",),
    "reason.stages_skipped": ("count",),
    "reason.close_date_slips": ("count",),
    "reason.close_date_ahead": ("days",),
    "reason.close_date_passed": ("days",),
    "reason.no_close_date": (),
    "reason.amount": ("amount", "currency"),
    "reason.no_amount": (),
    "reason.source": ("source",),
    "reason.no_source": (),
    "reason.owner": ("owner",),
    "reason.no_owner": (),
    "reason.company_known": (),
    "reason.company_unknown": (),
    "reason.notes": ("recent", "total"),
    "reason.calls": ("recent", "total"),
    "reason.emails": ("recent", "total"),
    "reason.meetings": ("recent", "total"),
    "reason.next_step_set": (),
    "reason.next_step_ahead": ("days",),
    "reason.next_step_overdue": ("days",),
    "reason.no_next_step": (),
    "reason.own_field": ("field", "value"),
    "reason.own_field_missing": ("field",),
}
"""Every reason there is, with the values that its sentence may use."""


@dataclass(frozen=True)
class Telling:
    """What the words of a reason may need: the deal as it was known, its features, names, and the team's usual."""

    known: DealHistory
    row: Row
    stage: str
    owner: str
    usual: Usual

    def number(self, feature: str) -> float:
        value = self.row.get(feature, math.nan)
        return math.nan if isinstance(value, str) else value


def contributions(pipeline: Pipeline, encoded: Floats) -> tuple[list[str], Floats]:
    """For rows that the pipeline's first step has encoded: the subjects of reasons, and each row's summand of each."""
    subjects = [_subject(feature) for feature in pipeline[0].features_]
    named = list(dict.fromkeys(subjects))
    belongs = np.array([[subject == name for name in named] for subject in subjects], dtype=np.float64)
    return named, (encoded * pipeline[-1].coef_[0]) @ belongs.reshape(len(subjects), len(named))


def reasons(telling: Telling, subjects: list[str], summands: Floats) -> tuple[Reason, ...]:
    """The strongest reasons first, whichever way they speak."""
    strongest = [place for place in np.argsort(-np.abs(summands))[:MOST_REASONS] if abs(summands[place]) > LEAST_WEIGHT]
    return tuple(_reason(telling, subjects[place], float(summands[place])) for place in strongest)


def stage_reason(stage: str, *, rate: float, count: int, weight: float) -> Reason:
    """The one reason of a base rate: how often deals of this team move on from the stage."""
    return Reason("reason.stage_rate", {"stage": stage, "rate": rate, "count": count}, weight)


def _reason(telling: Telling, subject: str, weight: float) -> Reason:
    tell = _TELLERS.get(subject)
    key, values = tell(telling) if tell else _own_field(telling, subject)
    return Reason(key, values, weight)


def _subject(feature: str) -> str:
    return "amount" if feature.startswith(AMOUNT) else _SUBJECTS.get(feature, feature)


Told = tuple[str, dict[str, Any]]


def _stage(telling: Telling) -> Told:
    return "reason.stage", {"stage": telling.stage}


def _duration(feature: str, missing: str = "") -> Callable[[Telling], Told]:
    def tell(telling: Telling) -> Told:
        days = telling.number(feature)
        if math.isnan(days):
            return missing, {}
        usual = telling.usual[feature]
        typical = usual.get(str(telling.row["stage"]), usual.get("", days))
        return f"reason.{feature}", {"stage": telling.stage, "days": round(days), "usual": round(typical)}

    return tell


def _count(feature: str) -> Callable[[Telling], Told]:
    return lambda telling: (f"reason.{feature}", {"count": round(telling.number(feature))})


def _activity(kind: ActivityKind) -> Callable[[Telling], Told]:
    return lambda telling: (
        f"reason.{kind}s",
        {"recent": round(telling.number(f"{kind}_recent")), "total": round(telling.number(f"{kind}_total"))},
    )


def _close_date(telling: Telling) -> Told:
    days = telling.number("close_date_in")
    if math.isnan(days):
        return "reason.no_close_date", {}
    return "reason.close_date_passed" if days < 0 else "reason.close_date_ahead", {"days": round(abs(days))}


def _next_step(telling: Telling) -> Told:
    if math.isnan(telling.number("next_step_set")):
        return "reason.no_next_step", {}
    days = telling.number("next_step_in")
    if math.isnan(days):
        return "reason.next_step_set", {}
    return "reason.next_step_overdue" if days < 0 else "reason.next_step_ahead", {"days": round(abs(days))}


def _amount(telling: Telling) -> Told:
    if telling.known.amount is None:
        return "reason.no_amount", {}
    return "reason.amount", {"amount": float(telling.known.amount), "currency": telling.known.currency}


def _source(telling: Telling) -> Told:
    source = telling.known.source
    return ("reason.source", {"source": source}) if source else ("reason.no_source", {})


def _owner(telling: Telling) -> Told:
    return ("reason.no_owner", {}) if telling.known.owner_id is None else ("reason.owner", {"owner": telling.owner})


def _company(telling: Telling) -> Told:
    return "reason.company_known" if telling.known.company else "reason.company_unknown", {}


def _own_field(telling: Telling, subject: str) -> Told:
    name = subject.removeprefix(CUSTOM)
    value = telling.known.custom.get(name, "")
    if value in ("", None):
        return "reason.own_field_missing", {"field": name}
    return "reason.own_field", {"field": name, "value": str(value)}


_TELLERS: Mapping[str, Callable[[Telling], Told]] = {
    "stage": _stage,
    "days_in_stage": _duration("days_in_stage"),
    "days_since_creation": _duration("days_since_creation"),
    "days_since_activity": _duration("days_since_activity", missing="reason.no_activity"),
    "moves_forward": _count("moves_forward"),
    "moves_back": _count("moves_back"),
    "stages_skipped": _count("stages_skipped"),
    "close_date_slips": _count("close_date_slips"),
    "close_date_in": _close_date,
    "amount": _amount,
    "source": _source,
    "owner": _owner,
    "company_known": _company,
    "next_step": _next_step,
    **{f"{kind}": _activity(kind) for kind in ActivityKind},
}
