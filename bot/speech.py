"""Answers what a person says freely: does what is certain, asks before it changes anything that is not."""

from bot.commands import answer
from bot.errors import MOST_WORDS, PICK, worded
from bot.intents import Intent
from bot.reply import Reply
from bot.services import Turn
from bot.spotting import Around
from bot.understanding import meaning, nearest
from bot.views.doubt import asked, not_understood
from models.errors import SeveralDealsFit
from models.pipeline import StageKind


def converse(said: str, turn: Turn) -> Reply:
    """Always by way of a command, so that what is said does nothing that could not be typed. Raises what it raises."""
    meant = meaning(said, _around(turn))
    if meant is None or len(meant.command) > MOST_WORDS:
        return not_understood([_example(intent, turn) for intent in nearest(said)], turn.say)
    if not meant.is_certain:
        return asked(meant.shown, meant.command, f"{PICK}.meant", turn.say)
    command, _, words = meant.command.partition(" ")
    try:
        return answer(command, words, turn)
    except SeveralDealsFit as several:
        return worded(several, turn.say, command=command, words=words)


def _around(turn: Turn) -> Around:
    stages = [stage for pipeline in turn.pipelines.all() for stage in pipeline.stages]
    return Around(
        deals=turn.deals.names(),
        stages=[stage.name for stage in stages if stage.kind in (StageKind.OPEN, StageKind.AFTER_SALES)],
        now=turn.now,
        today=turn.today,
        zone=turn.say.time_zone,
        locale=turn.say.locale,
        currency=turn.workspace.currency,
    )


def _example(intent: Intent, turn: Turn) -> str:
    """The command as it would be typed here."""
    mine = turn.deals.open(owner=turn.member, limit=1)
    return intent.filled(
        {
            "deal": mine[0].name if mine else "Acme",
            "stage": turn.pipeline.stages[1].name,
            "person": f"@{turn.member.name}",
            "amount": "12k",
            "date": turn.today.isoformat(),
            "times": "daily 9:00",
            "period": turn.say.plain("speech.example_period"),
            "text": turn.say.plain("speech.example_text"),
            "task": turn.say.plain("speech.example_task"),
        }
    )
