"""What is believed of a funnel before a team has any past: the rates that its own, when they are few, are drawn to.

These are beliefs, not measurements: of every ten deals three move on within the horizon, wherever they are; and the
further a deal has come the likelier it is won, from one in ten in the first stage to six in ten in the last one before
the win, in even steps. They count as four deals in all, and so are forgotten soon.
"""

from collections.abc import Mapping

from models.model_version import Question
from models.timeline import StageFacts
from scoring.features import identity
from scoring.rates import Rates

_MOVES_ON = 0.3
_WON_FROM_FIRST, _WON_FROM_LAST = 0.1, 0.6
_COUNTS_AS = 4.0


def believed_rates(question: Question, stages: Mapping[int, StageFacts]) -> Rates:
    """Rates by stage that have counted nothing yet."""
    beliefs = {}
    for stage in stages.values():
        if stage.is_open:
            ahead = [each for each in stages.values() if each.is_open and each.pipeline_id == stage.pipeline_id]
            place = sum(each.position < stage.position for each in ahead) / max(len(ahead) - 1, 1)
            won = _WON_FROM_FIRST + (_WON_FROM_LAST - _WON_FROM_FIRST) * place
            beliefs[identity(stage.id)] = _MOVES_ON if question is Question.FORWARD else won
    return Rates(beliefs or _MOVES_ON, _COUNTS_AS)
