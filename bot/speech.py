"""Answers what a person says freely: does what is certain, asks before it changes anything that is not."""

from collections.abc import Sequence
from datetime import timedelta

from bot.clauses import meanings, means_one_before
from bot.commands import answer
from bot.errors import MOST_WORDS, PICK, worded
from bot.examples import shown_to
from bot.intent import Intent
from bot.missing import meant_of_no_deal
from bot.reply import Reply
from bot.say import Say
from bot.services import Turn
from bot.spotting import Around
from bot.understanding import Meaning, nearest
from bot.views.doubt import asked, not_understood
from models.errors import SeveralDealsFit
from models.pipeline import StageKind
from models.texts import name_key


def converse(said: str, turn: Turn) -> Reply:
    """Always by way of a command, so that what is said does nothing that could not be typed. Raises what it raises."""
    around = _around(turn)
    found = meanings(said, around, before=_spoken_of_before(turn) if means_one_before(said) else "")
    missing = meant_of_no_deal(said, around, otherwise=found)
    if missing and not _is_of_the_team(missing[0], turn):
        return _looked_for(*missing, turn)
    if not found or any(len(each.command) > MOST_WORDS for each in found):
        return not_understood([_example(intent, turn) for intent in nearest(said)], turn.say)
    if any(each.changes for each in found) and (len(found) > 1 or not found[0].is_certain):
        return _one_after_another([_question(each, turn) for each in found])
    return _one_after_another([_done(each, turn) for each in found])


def _is_of_the_team(name: str, turn: Turn) -> bool:
    """Whether a colleague is called so: `remind me to call Bob` is of no deal."""
    names = [text for each in turn.members.all() for text in (each.name, *each.name.split()[:1])]
    return name_key(name) in map(name_key, names)


def _looked_for(name: str, meant: Meaning, turn: Turn) -> Reply:
    """What a command with that name would be told; where it fits a deal nearly, whether that one is meant."""
    if not meant.changes:
        return _done(meant, turn)
    try:
        deal = turn.deals.named(name)
    except SeveralDealsFit as several:
        command, _, words = meant.command.partition(" ")
        return worded(several, turn.say, command=command, words=words)
    command = meant.command.replace(name, f"#{deal.id}", 1)
    return asked(meant.shown.replace(name, deal.name, 1), command, f"{PICK}.meant", turn.say)


def _question(meant: Meaning, turn: Turn) -> Reply:
    return asked(meant.shown, meant.command, f"{PICK}.meant", turn.say, left_out=meant.left_out)


def _done(meant: Meaning, turn: Turn) -> Reply:
    command, _, words = meant.command.partition(" ")
    try:
        return answer(command, words, turn)
    except SeveralDealsFit as several:
        return worded(several, turn.say, command=command, words=words)


def _one_after_another(replies: Sequence[Reply]) -> Reply:
    *before, reply = replies
    for each in reversed(before):
        reply = each.followed_by(reply)
    return reply


def _spoken_of_before(turn: Turn) -> str:
    """The name of the deal that the member wrote of last, within a day."""
    deal = turn.deals.last_written_by(turn.member, since=turn.now - timedelta(days=1))
    return deal.name if deal else ""


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
    mine = turn.open_deals.all(owner=turn.member, limit=1)
    found = {
        "deal": mine[0].name if mine else "Acme",
        "stage": turn.pipeline.stages[1].name,
        "person": f"@{turn.member.name}",
        "amount": "12k",
        "date": turn.today.isoformat(),
    }
    return shown_to(intent, turn.say.locale).filled(found | told_in_example(intent, turn.say))


def told_in_example(intent: Intent, say: Say) -> dict[str, str]:
    """What stands in an example for what nobody has to know of before it is typed."""
    text = "speech.example_goal" if intent.command.startswith("/funnel target ") else "speech.example_text"
    return {
        "times": say.plain("speech.example_times"),
        "period": say.plain("speech.example_period"),
        "stretch": say.plain("speech.example_period"),
        "text": say.plain(text),
        "task": say.plain("speech.example_task"),
    }
