"""What is believed of a funnel before a team has any past: the rates that its own, when they are few, are drawn to.

These are beliefs, not measurements, one for each pipeline template and a middling one for stages of a team's own: of
all deals so many move on within the horizon, wherever they are; and the further a deal has come the likelier it is won,
in even steps from the first stage to the last one before the win. They count as four deals in all, and so are forgotten
soon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.model_version import Question
from models.pipeline import Trade
from models.timeline import StageFacts
from scoring.features import identity
from scoring.rates import Rates


@dataclass(frozen=True)
class Belief:
    """How many deals move on, and how many are won from the first stage and from the last."""

    moves_on: float
    won_from_first: float
    won_from_last: float


OWN_STAGES = Belief(0.3, 0.15, 0.6)
BELIEFS: Mapping[Trade, Belief] = {
    Trade.B2B: Belief(0.3, 0.1, 0.6),
    Trade.RETAIL: Belief(0.35, 0.2, 0.5),
    Trade.FINANCE: Belief(0.4, 0.2, 0.8),
}
_COUNTS_AS = 4.0


def believed_rates(question: Question, stages: Mapping[int, StageFacts], *, is_averaged: bool = False) -> Rates:
    """Rates by stage that have counted nothing yet; for `is_averaged` see `Rates`."""
    by_pipeline: dict[int, list[StageFacts]] = {}
    for stage in stages.values():
        if stage.is_open:
            by_pipeline.setdefault(stage.pipeline_id, []).append(stage)
    beliefs: dict[str, float] = {}
    for ahead in by_pipeline.values():
        beliefs |= _believed(question, ahead)
    return Rates(beliefs or OWN_STAGES.moves_on, _COUNTS_AS, is_averaged=is_averaged)


def _believed(question: Question, stages: Sequence[StageFacts]) -> dict[str, float]:
    """Of the open stages of one pipeline."""
    trade = stages[0].trade
    belief = OWN_STAGES if trade is None else BELIEFS[trade]
    if question is Question.FORWARD:
        return {identity(stage.id): belief.moves_on for stage in stages}
    step = (belief.won_from_last - belief.won_from_first) / max(len(stages) - 1, 1)
    in_order = sorted(stages, key=lambda stage: stage.position)
    return {identity(stage.id): belief.won_from_first + step * place for place, stage in enumerate(in_order)}
