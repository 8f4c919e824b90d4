"""`/funnel target won 500k a quarter for @bob` sets what is to be reached, `… remove won a quarter` ends it."""

import re

from bot.faults import TargetNotUnderstood, WordsMissing
from bot.reply import Reply
from bot.services import Turn
from bot.target_words import TargetWanted, target_wanted
from bot.views.targets import goal_told, named, named_of
from models.member import Role

EXAMPLE = "/funnel target won 500k a quarter for @bob"

_REMOVE = re.compile(
    r"^(?:(?:remove|delete|clear|end|stop)(?![^\W\d_])|取消|删除|移除)\s*"
    r"|(?:\s(?:remove|delete)|\s*(?:取消|删除|移除))$",
    re.IGNORECASE,
)
"""Before what is ended or behind it, where fewer words are taken so, as the name of a stage may stand there."""


def run(words: str, turn: Turn) -> Reply:
    """Managers and admins agree on targets. Raises NotAllowed, TargetNotUnderstood, TargetNotFound."""
    turn.member.require(Role.MANAGER)
    if not words:
        raise WordsMissing(EXAMPLE)
    rest = _REMOVE.sub("", words.strip(), count=1)
    removing = rest != words.strip()
    wanted = target_wanted(rest, turn)
    about = named_of(wanted.aim, wanted.member, wanted.stage, _pipeline(wanted, turn))
    if removing:
        turn.targets.remove(wanted.aim, since=wanted.since, by=turn.member, at=turn.now)
        return Reply(turn.say("target.removed", target=named(about, turn.say), day=wanted.since))
    if wanted.goal is None:
        raise TargetNotUnderstood(words)
    target = turn.targets.set(
        wanted.aim, wanted.goal, currency=wanted.currency, since=wanted.since, by=turn.member, at=turn.now
    )
    goal = goal_told(target.goal, target.currency, turn.say)
    return Reply(turn.say("target.set", target=named(about, turn.say), goal=goal, day=wanted.since))


def _pipeline(wanted: TargetWanted, turn: Turn) -> str:
    """The name of the one that it is of, or that its stage is in where there are several."""
    if wanted.pipeline:
        return wanted.pipeline.name
    return turn.pipelines.names_to_tell().get(wanted.stage.pipeline_id, "") if wanted.stage else ""
