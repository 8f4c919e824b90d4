"""Holds what the serving model really said against what has happened since, so that one knows when it has gone bad.

It is judged as it was trained, by the scores whose horizon passed within the last 90 days: a deal that was still open
then had not moved forward, or not been won. Of each deal one score a week counts.

Beside it stand the rates of the stages as they were known when the model was trained: what would have been said without
a model. A model is bad when they would have said better, or when what it says lies more than .10 off on average and it
says too much, or too little, of all deals together, or its log loss is above that of its card: each time by more than
chance explains (a bootstrap of whole deals). Log loss alone would not do: where ever fewer deals move on, it falls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.stats import binomtest
from sqlalchemy.orm import Session

from models.history import kept_moves
from models.model_card import Card, Group, Quality, Watch, WatchVerdict
from models.model_version import ModelVersion, ModelVersions, Question
from models.said import Said, Sayings
from models.timeline import DealHistory
from models.workspace import Workspace
from scoring.arrays import Bools, Floats, Ints
from scoring.dataset import all_moments, answers, is_answer, weights
from scoring.evaluation import calibration_error, figures, gain, log_losses, spread
from scoring.past import Past
from scoring.rates import Rates

WINDOW = timedelta(days=90)
_LEAST_DEALS = 20
"""So many deals of which it came true, and so many of which it did not, must be seen."""
_FAR_OFF = 0.10
_MOST_GROUPS, _LEAST_OF_GROUP = 10, 20


@dataclass(frozen=True)
class Spoken:
    """A version that serves, and what it said of deals whose outcomes are known by now."""

    question: Question
    number: int
    card: Card
    said: Sequence[Said]


def spoken(session: Session, workspace: Workspace, past: Past, *, at: datetime) -> list[Spoken]:
    """Of each question that a model answers."""
    versions, sayings = ModelVersions(session, workspace), Sayings(session, workspace)
    champions = [champion for question in Question if (champion := versions.champion(question))]
    return [Spoken(each.question, each.number, each.told, _said(each, sayings, past, at)) for each in champions]


def _said(version: ModelVersion, sayings: Sayings, past: Past, at: datetime) -> Sequence[Said]:
    """Of winning, what was said since the version came into office."""
    end, horizon = past.known_until(at), timedelta(days=version.told.horizon_days)
    since, until = end - horizon - WINDOW, end - horizon
    if version.question is Question.FORWARD:
        said = sayings.of_moving_forward(version, since=since, until=until)
    else:
        said = sayings.of_winning(since=max(since, version.served_from or version.trained_at), until=until)
    return [each for each in said if past.is_known(each.at, each.at + horizon, end=end)]


def watch(spoken: Spoken, past: Past, *, at: datetime, random_state: int = 0) -> Watch:
    """How a version has done. It takes seconds and no database: no transaction should wait for it."""
    histories = {history.deal_id: history.as_of(at) for history in past.histories if history.created_at <= at}
    known = [each for each in spoken.said if each.deal_id in histories]
    horizon = timedelta(days=spoken.card.horizon_days)
    rates = _rates(past, spoken.question, end=spoken.card.knew_until or at)
    seen = Seen(
        chances=np.array([each.chance for each in known], dtype=np.float64),
        base_rate=rates.rates_of([str(histories[each.deal_id].as_of(each.at).standing.stage_id) for each in known]),
        outcomes=np.array(
            [_came_true(spoken.question, histories[each.deal_id], each.at, horizon) for each in known],
            dtype=np.bool_,
        ),
        deal_ids=np.array([each.deal_id for each in known], dtype=np.int64),
    )
    return judged(seen, spoken.card.model, at=at, random_state=random_state)


def _rates(past: Past, question: Question, *, end: datetime) -> Rates:
    moments = all_moments(past, question, end=end)
    return Rates().fit([str(each.stage_id) for each in moments], answers(moments), weights(moments))


def _came_true(question: Question, history: DealHistory, said_at: datetime, horizon: timedelta) -> bool:
    moves = kept_moves(history.moves)
    return any(said_at < move.at <= said_at + horizon for move in moves if is_answer(question, move.change))


@dataclass(frozen=True)
class Seen:
    """Scores whose outcomes are known: what was said, what the base rate would have said, what happened, of whom."""

    chances: Floats
    base_rate: Floats
    outcomes: Bools
    deal_ids: Ints


def judged(seen: Seen, promised: Quality | None, *, at: datetime, random_state: int = 0) -> Watch:
    """What is to be thought of scores; `promised` is how good the model was when it was tried."""
    happened, did_not = (len(np.unique(seen.deal_ids[seen.outcomes == each])) for each in (True, False))
    deals = len(np.unique(seen.deal_ids))
    if min(happened, did_not) < _LEAST_DEALS:
        return Watch(WatchVerdict.TOO_FEW, at, deals)
    return Watch(
        verdict=_verdict(seen, promised, random_state),
        at=at,
        deals=deals,
        model=_quality(seen.outcomes, seen.chances),
        base_rate=_quality(seen.outcomes, seen.base_rate),
        groups=groups_of(seen),
    )


def _verdict(seen: Seen, promised: Quality | None, random_state: int) -> WatchVerdict:
    over_base = gain(seen.outcomes, seen.chances, seen.base_rate, seen.deal_ids, random_state=random_state)
    if over_base.high < 0:
        return WatchVerdict.WORSE
    is_far_off = calibration_error(seen.outcomes, seen.chances, bins=_number_of_groups(seen)) > _FAR_OFF
    if is_far_off and (_misses_one_way(seen, random_state) or _loses_more(seen, promised, random_state)):
        return WatchVerdict.OFF
    return WatchVerdict.WELL


def _misses_one_way(seen: Seen, random_state: int) -> bool:
    missed = spread(seen.chances - seen.outcomes, seen.deal_ids, random_state=random_state)
    return missed.low > 0 or missed.high < 0


def _loses_more(seen: Seen, promised: Quality | None, random_state: int) -> bool:
    loss = spread(log_losses(seen.outcomes, seen.chances), seen.deal_ids, random_state=random_state)
    return promised is not None and loss.low > promised.log_loss


def _quality(outcomes: Bools, chances: Floats) -> Quality:
    found = figures(outcomes, chances)
    return Quality(found.log_loss, found.brier, found.calibration_error)


def groups_of(seen: Seen) -> tuple[Group, ...]:
    """The scores in groups of as many each, equal ones together, by what was said.

    Within a group each deal counts once, with the mean of its scores and of its outcomes, so that Wilson's interval is
    not narrower for hearing of the same deal again.
    """
    edges = np.unique(np.quantile(seen.chances, np.linspace(0, 1, _number_of_groups(seen) + 1)[1:-1]))
    place = np.searchsorted(edges, seen.chances, side="left")
    return tuple(_group(seen, place == each) for each in np.unique(place))


def _number_of_groups(seen: Seen) -> int:
    return max(1, min(_MOST_GROUPS, len(np.unique(seen.deal_ids)) // _LEAST_OF_GROUP))


def _group(seen: Seen, members: Bools) -> Group:
    _, deal = np.unique(seen.deal_ids[members], return_inverse=True)
    counts = np.bincount(deal)
    said = float((np.bincount(deal, weights=seen.chances[members]) / counts).mean())
    happened = float((np.bincount(deal, weights=seen.outcomes[members]) / counts).mean())
    interval = binomtest(round(happened * len(counts)), len(counts)).proportion_ci(method="wilson")
    return Group(said, happened, len(counts), float(interval.low), float(interval.high))
