"""What a rep could do about a deal, and what the score would be had it just been done.

The scorer that serves is asked of a changed copy of the deal's history, at the same moment. That tells what goes with
a higher chance in the team's past, not what causes it: whoever plans next steps may have the better deals anyway.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from models.activity import ActivityKind
from models.deal import DealField
from models.explanation import Act, WhatIf
from models.timeline import DealHistory, PastActivity, PastRevision, PastStep
from scoring.scorer import Scorer

LEAST_GAIN = 0.01
"""A gain of less than a point in a hundred is none that a rep would notice."""
_STEP_DUE_IN = timedelta(days=7)
_MET_LATELY = timedelta(days=7)
_CLOSES_IN = timedelta(days=30)


def what_would_help(scorer: Scorer, history: DealHistory, at: datetime) -> list[WhatIf]:
    """The acts that would make the deal more likely to move forward, those that would most first.

    None for a deal that is not open, and none as long as base rates answer, which know nothing of what a rep does.
    """
    options = changed(history, at)
    now, *then = scorer.score_all([history, *(copy for _, copy in options)], at)
    if now is None or now.is_rate:
        return []
    tried = [
        WhatIf(act, estimate, estimate.probability - now.probability)
        for (act, _), estimate in zip(options, then, strict=True)
        if estimate is not None
    ]
    return sorted((each for each in tried if each.by > LEAST_GAIN), key=lambda each: -each.by)


def changed(history: DealHistory, at: datetime) -> list[tuple[Act, DealHistory]]:
    """Each act that makes sense for the deal, with the history as it would be had it been done at the moment."""
    return list(_changed(history.as_of(at), at))


def _changed(known: DealHistory, at: datetime) -> Iterator[tuple[Act, DealHistory]]:
    if not any(step.done_at is None and step.due and step.due >= at.date() for step in known.steps):
        done = tuple(replace(step, done_at=step.done_at or at) for step in known.steps)
        planned = PastStep(set_at=at, due=at.date() + _STEP_DUE_IN, done_at=None)
        yield Act.PLAN_STEP, replace(known, steps=(*done, planned))
    if not any(each.kind is ActivityKind.MEETING and each.at > at - _MET_LATELY for each in known.activities):
        met = PastActivity(at, ActivityKind.MEETING)
        yield Act.MEET, replace(known, activities=(*known.activities, met))
    if known.close_date is None:
        yield Act.SET_CLOSE_DATE, _to_close_in_a_month(known, at)
    elif known.close_date < at.date():
        yield Act.MOVE_CLOSE_DATE, _to_close_in_a_month(known, at)


def _to_close_in_a_month(known: DealHistory, at: datetime) -> DealHistory:
    """Where the date had passed, that it was put off shows in the history as well, and in the score."""
    day = at.date() + _CLOSES_IN
    old = known.close_date.isoformat() if known.close_date else ""
    revision = PastRevision(at, DealField.CLOSE_DATE, old, day.isoformat())
    return replace(known, close_date=day, revisions=(*known.revisions, revision))
