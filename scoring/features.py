"""What is known of a deal at one moment, as the plain facts that a model learns from and a reason can name.

Training calls it with past moments and scoring with now. It takes the history back to the moment by itself, so that
nothing later can slip in, whoever calls it.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta

from models.activity import ActivityKind
from models.deal import DealField
from models.history import Change, kept_moves, standings
from models.timeline import DealHistory, PastMove, PastRevision, PastStep, StageFacts
from scoring.usual import Usual, log_amount, log_days

Row = dict[str, float | str]
"""One deal at one moment: numbers as floats, categories as text, whatever is missing as NaN."""

MISSING = math.nan
RECENTLY = timedelta(days=30)
AMOUNT = "amount:"
"""What stands before the currency of an amount: the team's, or its own where no rate was known."""
CUSTOM = "custom:"
"""What stands before the name of a workspace's own field."""
LENGTH = "length:"
"""What stands before it where the field holds free text."""
_A_VALUE = 40
"""A text of more characters is none of a few values, but somebody's words."""


def features_of(history: DealHistory, at: datetime, stages: Mapping[int, StageFacts], usual: Usual) -> Row:
    """Every feature of a deal as it was known at a moment. Raises ValueError for a moment before it was created."""
    known = history.as_of(at)
    standing = known.standing
    stage = stages[standing.stage_id]
    row: Row = {
        "stage": identity(stage.id),
        "stage_position": float(stage.position),
        "days_in_stage": _days(at - standing.entered_at),
        "days_since_creation": _days(at - known.created_at),
        "pace_in_stage": _against(log_days(at - standing.entered_at), usual.days_in_stage(stage.id, at)),
        "pace_since_creation": _against(log_days(at - known.created_at), usual.age_on_leaving(stage.id, at)),
        "pace_so_far": _pace_so_far(known, usual, at),
        "close_date_slips": float(sum(_is_slip(revision) for revision in known.revisions)),
        "close_date_in": _days_until(known.close_date, at),
        "source": _category(known.source),
        "owner": MISSING if known.owner_id is None else identity(known.owner_id),
        "owner_won_share": _known(usual.won_share_of_owner(known.owner_id, at)),
        "amount_known": _mark(known.amount is not None),
        "company_known": _mark(known.company),
        "month": f"month {at.month}",
        "quarter_ends_in": float((_quarter_end(at.date()) - at.date()).days),
    }
    if known.company:
        row["company_won_share"] = _known(usual.won_share_of_company(known.company, at))
        row["company_deals"] = usual.deals_of_company(known.company, known.created_at)
    row |= _amount(known, usual, at)
    row |= _moves(kept_moves(known.moves), stages)
    row |= _activity(known, at)
    row |= _next_step(known.steps, at)
    return row | dict(_own_field(name, value, at) for name, value in sorted(known.custom.items()))


def identity(number: int) -> str:
    """The id of a stage or a member as a category, which nobody takes for a quantity."""
    return f"#{number}"


def _amount(known: DealHistory, usual: Usual, at: datetime) -> Row:
    if known.amount is None:
        return {}
    amount, currency = usual.conversion.of(known.amount, known.currency, at)
    size, typical = log_amount(float(amount)), usual.amount(currency, at)
    return {
        f"{AMOUNT}{currency}": size,
        "amount_against_usual": MISSING if typical is None else size - log_amount(typical),
    }


def _against(log: float, typical_days: float | None) -> float:
    """How many times a time is doubled against what is usual; negative where it is shorter."""
    return MISSING if typical_days is None else log - log_days(timedelta(days=typical_days))


def _pace_so_far(known: DealHistory, usual: Usual, at: datetime) -> float:
    """How long the deal stayed in its earlier stages against what is usual now, on average."""
    stays = pairwise(standings(known.moves))
    paces = [
        _against(log_days(after.entered_at - before.entered_at), usual.days_in_stage(before.stage_id, at))
        for before, after in stays
    ]
    return sum(paces) / len(paces) if paces else MISSING


def _moves(moves: Sequence[PastMove], stages: Mapping[int, StageFacts]) -> Row:
    changes = [move.change for move in moves]
    return {
        "moves_forward": float(sum(change.is_forward for change in changes)),
        "moves_back": float(changes.count(Change.BACK) + changes.count(Change.REOPENED)),
        "stages_skipped": float(sum(_skipped(move, stages) for move in moves)),
    }


def _skipped(move: PastMove, stages: Mapping[int, StageFacts]) -> int:
    if move.change is not Change.FORWARD or move.from_stage_id is None:
        return 0
    return max(stages[move.to_stage_id].position - stages[move.from_stage_id].position - 1, 0)


def _activity(known: DealHistory, at: datetime) -> Row:
    latest = known.activities[-1].at if known.activities else None
    row: Row = {"days_since_activity": _days(at - latest) if latest else MISSING}
    every = [activity.kind for activity in known.activities]
    recent = [activity.kind for activity in known.activities if activity.at > at - RECENTLY]
    for kind in ActivityKind:
        row[f"{kind}_recent"] = float(recent.count(kind))
        row[f"{kind}_total"] = float(every.count(kind))
    return row


def _next_step(steps: tuple[PastStep, ...], at: datetime) -> Row:
    step = next((step for step in reversed(steps) if step.done_at is None), None)
    return {
        "next_step_set": _mark(step),
        "next_step_in": _days_until(step.due if step else None, at),
    }


def _is_slip(revision: PastRevision) -> bool:
    """A close date that was put off; setting the first one is none."""
    return revision.field == DealField.CLOSE_DATE and "" < revision.old < revision.new


def _days(span: timedelta) -> float:
    return span / timedelta(days=1)


def _days_until(day: date | None, at: datetime) -> float:
    return float((day - at.date()).days) if day else MISSING


def _category(value: object) -> float | str:
    return str(value) if value not in (None, "") else MISSING


def _mark(value: object) -> float:
    """1 where there is something, else missing, as everything that is not there."""
    return 1.0 if value else MISSING


def _own_field(name: str, value: Any, at: datetime) -> tuple[str, float | str]:
    """A number where the text is one, the days until then where it is a date, of a long text its length, else it."""
    read = _read(value, at)
    if isinstance(read, str) and len(read) > _A_VALUE:
        return f"{LENGTH}{name}", float(len(read))
    return f"{CUSTOM}{name}", read


def _read(value: Any, at: datetime) -> float | str:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        day = day_of(value)
        return _category(value) if day is None else _days_until(day, at)
    return number if math.isfinite(number) else str(value)


def day_of(value: Any) -> date | None:
    """The day that a workspace's own field holds; None where it holds something else."""
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError):
        return None


def _known(value: float | None) -> float:
    return MISSING if value is None else value


def _quarter_end(day: date) -> date:
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first + relativedelta(months=3, days=-1)
