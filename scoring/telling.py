"""How one thing about a deal is told as a reason: the key of its sentence, and the values that the sentence uses."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from models.activity import ActivityKind
from models.timeline import DealHistory
from scoring.features import CUSTOM, LENGTH, RECENTLY, Row
from scoring.usual import Usual

_A_MULTIPLE = 1.5
"""From so many times the usual on it is told as a multiple."""
_NEARLY = 1.1
"""An amount within so many times the usual one, or of which that is so many times, is about as usual."""
_CLEARLY = 0.5
"""So many doublings faster or slower than usual are worth a word."""

REASONS: dict[str, tuple[str, ...]] = {
    "reason.stage_rate": ("stage", "rate", "count"),
    "reason.stage_guess": ("stage", "rate"),
    "reason.stage_above": ("stage",),
    "reason.stage_below": ("stage",),
    "reason.days_in_stage": ("stage", "days"),
    "reason.days_in_stage_usual": ("stage", "days", "usual"),
    "reason.days_in_stage_twice": ("stage", "days"),
    "reason.days_in_stage_times": ("stage", "days", "times"),
    "reason.days_since_creation": ("days",),
    "reason.days_since_creation_usual": ("stage", "days", "usual"),
    "reason.days_since_creation_twice": ("stage", "days"),
    "reason.days_since_creation_times": ("stage", "days", "times"),
    "reason.days_since_activity": ("days",),
    "reason.no_activity": (),
    "reason.no_stage_left": (),
    "reason.pace_fast": (),
    "reason.pace_usual": (),
    "reason.pace_slow": (),
    "reason.moves_forward": ("count",),
    "reason.moves_back": ("count",),
    "reason.stages_skipped": ("count",),
    "reason.close_date_slips": ("count",),
    "reason.close_date_ahead": ("days",),
    "reason.close_date_passed": ("days",),
    "reason.no_close_date": (),
    "reason.amount": ("amount", "currency"),
    "reason.amount_usual": ("amount", "currency", "usual_amount"),
    "reason.amount_above": ("amount", "currency", "usual_amount"),
    "reason.amount_below": ("amount", "currency", "usual_amount"),
    "reason.no_amount": (),
    "reason.source": ("source",),
    "reason.no_source": (),
    "reason.owner": ("owner",),
    "reason.no_owner": (),
    "reason.company_new": (),
    "reason.company_again": ("count",),
    "reason.company_unknown": (),
    "reason.notes": ("count", "days"),
    "reason.notes_before": ("count", "days"),
    "reason.no_notes": (),
    "reason.calls": ("count", "days"),
    "reason.calls_before": ("count", "days"),
    "reason.no_calls": (),
    "reason.emails": ("count", "days"),
    "reason.emails_before": ("count", "days"),
    "reason.no_emails": (),
    "reason.meetings": ("count", "days"),
    "reason.meetings_before": ("count", "days"),
    "reason.no_meetings": (),
    "reason.next_step_set": (),
    "reason.next_step_ahead": ("days",),
    "reason.next_step_overdue": ("days",),
    "reason.no_next_step": (),
    "reason.month": (),
    "reason.quarter_ends_in": ("days",),
    "reason.own_field": ("field", "value"),
    "reason.own_field_missing": ("field",),
    "reason.own_text": ("field", "count"),
}
"""Every reason there is, with the values that its sentence may use."""


@dataclass(frozen=True)
class Telling:
    """What the words of a reason may need: the deal as it was known, its features, names, and the team's usual."""

    known: DealHistory
    at: datetime
    row: Row
    stage: str
    owner: str
    usual: Usual

    def number(self, feature: str) -> float:
        value = self.row.get(feature, math.nan)
        return math.nan if isinstance(value, str) else value


Told = tuple[str, dict[str, Any]]


def told(telling: Telling, subject: str, weight: float) -> Told:
    """A subject is what one reason is about, or the name of a feature of the workspace's own. A stage alone says
    little, so it is told which way it speaks."""
    if subject == "stage":
        return "reason.stage_above" if weight >= 0 else "reason.stage_below", {"stage": telling.stage}
    tell = _TELLERS.get(subject)
    return tell(telling) if tell else _own_field(telling, subject)


def _days_in_stage(telling: Telling) -> Told:
    usual = telling.usual.days_in_stage(telling.known.standing.stage_id, telling.at)
    return _against_usual(telling, "days_in_stage", usual)


def _days_since_creation(telling: Telling) -> Told:
    usual = telling.usual.age_on_leaving(telling.known.standing.stage_id, telling.at)
    return _against_usual(telling, "days_since_creation", usual)


def _against_usual(telling: Telling, feature: str, usual: float | None) -> Told:
    """So many days; beside what is usual, or as a multiple of it, in halves, where it is far more."""
    days = round(telling.number(feature))
    if usual is None:
        return f"reason.{feature}", {"days": days} | ({"stage": telling.stage} if feature == "days_in_stage" else {})
    times = round(2 * days / max(usual, 1)) / 2
    if times == 2:
        return f"reason.{feature}_twice", {"stage": telling.stage, "days": days}
    if times >= _A_MULTIPLE:
        return f"reason.{feature}_times", {"stage": telling.stage, "days": days, "times": times}
    return f"reason.{feature}_usual", {"stage": telling.stage, "days": days, "usual": round(usual)}


def _days_since_activity(telling: Telling) -> Told:
    days = telling.number("days_since_activity")
    return ("reason.no_activity", {}) if math.isnan(days) else ("reason.days_since_activity", {"days": round(days)})


def _pace_so_far(telling: Telling) -> Told:
    pace = telling.number("pace_so_far")
    if math.isnan(pace):
        return "reason.no_stage_left", {}
    if abs(pace) < _CLEARLY:
        return "reason.pace_usual", {}
    return "reason.pace_slow" if pace > 0 else "reason.pace_fast", {}


def _count(feature: str) -> Callable[[Telling], Told]:
    return lambda telling: (f"reason.{feature}", {"count": round(telling.number(feature))})


def _activity(kind: ActivityKind) -> Callable[[Telling], Told]:
    def tell(telling: Telling) -> Told:
        recent, total = (round(telling.number(f"{kind}_{span}")) for span in ("recent", "total"))
        if not total:
            return f"reason.no_{kind}s", {}
        key = f"reason.{kind}s" if recent else f"reason.{kind}s_before"
        return key, {"count": recent or total, "days": RECENTLY.days}

    return tell


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
    amount = float(telling.known.amount)
    told = {"amount": amount, "currency": telling.known.currency}
    price, currency = telling.usual.conversion.of(Decimal(1), telling.known.currency, telling.at)
    usual = telling.usual.amount(currency, telling.at)
    if usual is None:
        return "reason.amount", told
    usual = round(usual / float(price))
    side = "above" if amount > _NEARLY * usual else "below" if amount * _NEARLY < usual else "usual"
    return f"reason.amount_{side}", told | {"usual_amount": usual}


def _source(telling: Telling) -> Told:
    source = telling.known.source
    return ("reason.source", {"source": source}) if source else ("reason.no_source", {})


def _owner(telling: Telling) -> Told:
    return ("reason.no_owner", {}) if telling.known.owner_id is None else ("reason.owner", {"owner": telling.owner})


def _company(telling: Telling) -> Told:
    if not telling.known.company:
        return "reason.company_unknown", {}
    count = round(telling.number("company_deals"))
    return ("reason.company_again", {"count": count}) if count else ("reason.company_new", {})


def _month(_telling: Telling) -> Told:
    return "reason.month", {}


def _quarter_ends_in(telling: Telling) -> Told:
    return "reason.quarter_ends_in", {"days": round(telling.number("quarter_ends_in"))}


def _own_field(telling: Telling, subject: str) -> Told:
    if subject.startswith(LENGTH):
        name = subject.removeprefix(LENGTH)
        return "reason.own_text", {"field": name, "count": len(str(telling.known.custom.get(name, "")))}
    name = subject.removeprefix(CUSTOM)
    value = telling.known.custom.get(name, "")
    if value in ("", None):
        return "reason.own_field_missing", {"field": name}
    return "reason.own_field", {"field": name, "value": str(value)}


_TELLERS: Mapping[str, Callable[[Telling], Told]] = {
    "days_in_stage": _days_in_stage,
    "days_since_creation": _days_since_creation,
    "days_since_activity": _days_since_activity,
    "pace_so_far": _pace_so_far,
    "moves_forward": _count("moves_forward"),
    "moves_back": _count("moves_back"),
    "stages_skipped": _count("stages_skipped"),
    "close_date_slips": _count("close_date_slips"),
    "close_date_in": _close_date,
    "amount": _amount,
    "source": _source,
    "owner": _owner,
    "company": _company,
    "month": _month,
    "quarter_ends_in": _quarter_ends_in,
    "next_step": _next_step,
    **{f"{kind}": _activity(kind) for kind in ActivityKind},
}
