"""Writes the course of invented deals down as the histories that scores are learnt from."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from models.activity import ActivityKind
from models.deal import DealField
from models.history import Change
from models.timeline import DealHistory, PastActivity, PastMove, PastRevision, PastStep
from tests.scoring.funnel_course import Course
from tests.scoring.funnel_law import FunnelLaw, Traits
from tests.scoring.simulation import START

_KINDS = (ActivityKind.NOTE, ActivityKind.CALL, ActivityKind.EMAIL)
_CLOSES_AFTER = timedelta(days=60)
_PUT_OFF_BY = timedelta(days=21)
_STEP_TAKES = timedelta(days=7)
_COLOURS = ("red", "green", "blue", "grey")


def histories_of(law: FunnelLaw, traits: Traits, course: Course, *, seed: int) -> list[DealHistory]:
    """One deal after the other. The fields "Colour", "Luck", "Remark", "Office" and "Reference" mean nothing."""
    moves = _by_deal(np.diff(course.stage, axis=0, prepend=np.int8(-1)) != 0)
    met = _by_deal(course.meeting)
    talked = _by_deal(course.small_talk > 0)
    slipped = _by_deal(course.slip)
    steps = _by_deal(np.diff(course.has_step, axis=0, prepend=False))
    owners, sources, industries = list(law.owners), list(law.sources), list(law.industries)
    dice = np.random.default_rng(seed)
    luck = dice.normal(0, 1, len(traits.born))
    colour = dice.integers(0, len(_COLOURS), len(traits.born))
    words = dice.choice(["asked", "for", "a", "better", "price", "soon", "and", "more", "seats"], (len(luck), 6))
    histories = []
    for place, second in enumerate(traits.second.tolist()):

        def at(day: int, second: int = second) -> datetime:
            return START + timedelta(days=day, seconds=second)

        owner = owners[traits.owner[place]]
        created_at = at(int(traits.born[place]))
        first_close = created_at.date() + _CLOSES_AFTER
        activities = [PastActivity(at(day), ActivityKind.MEETING) for day in met[place]]
        activities += [PastActivity(at(day), _KINDS[course.small_talk[day, place] - 1]) for day in talked[place]]
        histories.append(
            DealHistory(
                deal_id=place + 1,
                pipeline_id=1,
                created_at=created_at,
                owner_id=owner,
                company=f"Company {traits.company[place]}",
                source=sources[traits.source[place]],
                amount=Decimal(int(traits.amount[place])),
                currency="USD",
                close_date=first_close + len(slipped[place]) * _PUT_OFF_BY,
                custom={
                    "Industry": industries[traits.industry[place]],
                    "Seats": str(traits.seats[place]),
                    "Colour": _COLOURS[colour[place]],
                    "Luck": f"{luck[place]:.3f}",
                    "Remark": " ".join(words[place]),
                    "Office": "Main street",
                    "Reference": f"R-{place + 1:06}",
                },
                moves=tuple(
                    _move(course.stage[:, place], day, at(day), owner, n_open=len(law.stages)) for day in moves[place]
                ),
                activities=tuple(sorted(activities, key=lambda each: each.at)),
                steps=_steps([at(day) for day in steps[place]]),
                revisions=tuple(
                    _slip(first_close + number * _PUT_OFF_BY, at(day)) for number, day in enumerate(slipped[place])
                ),
            )
        )
    return histories


def _by_deal(happened: Any) -> list[list[int]]:
    """For each deal the days on which it happened."""
    deals, days = np.nonzero(happened.T)
    starts = np.searchsorted(deals, np.arange(1, happened.shape[1]))
    return [each.tolist() for each in np.split(days, starts)]


def _move(stages: Any, day: int, at: datetime, owner: int, *, n_open: int) -> PastMove:
    to = int(stages[day])
    origin = int(stages[day - 1]) if day else -1
    if origin < 0:
        return PastMove(at, Change.CREATED, None, to + 1, owner)
    if to >= n_open:
        change = Change.WON if to == n_open else Change.LOST
    else:
        change = Change.FORWARD if to > origin else Change.BACK
    return PastMove(at, change, origin + 1, to + 1, owner)


def _steps(toggled: Sequence[datetime]) -> tuple[PastStep, ...]:
    """Next steps were set and done by turns."""
    done = (*toggled[1::2], None)
    return tuple(PastStep(set_at, (set_at + _STEP_TAKES).date(), done[n]) for n, set_at in enumerate(toggled[::2]))


def _slip(was: date, at: datetime) -> PastRevision:
    return PastRevision(at, DealField.CLOSE_DATE, was.isoformat(), (was + _PUT_OFF_BY).isoformat())
