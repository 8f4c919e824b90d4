"""The form in which somebody says when, how, in which language and whether they are notified."""

from dataclasses import replace

from bot import notifying
from bot.actions.entries import Entries
from bot.actions.origin import Click, Submission
from bot.reply import Reply
from bot.services import Turn
from bot.views.notifications import notifications_form


def ask(click: Click, turn: Turn) -> Reply:
    private = click.origin.model_dump_json()
    return Reply(form=notifications_form(notifying.as_set(turn.member), private=private, say=turn.say))


def save(submission: Submission, turn: Turn) -> Reply:
    """Changes what was changed, and nothing else, and tells of it in the language that was chosen."""
    entries, said, before = Entries(), [], notifying.as_set(turn.member)
    entered = {name: submission.entered(name) for name in before}
    if entered["language"] and entered["language"] != before["language"]:
        said.append(notifying.in_language(entered["language"], turn))
        turn = replace(turn, say=replace(turn.say, locale=turn.member.reads))
    if entered["hour"] and entered["hour"] != before["hour"]:
        with entries.beside("hour"):
            said.append(notifying.at_hour(entered["hour"], turn))
    for name in ("unasked", "alerts"):
        if entered[name] and entered[name] != before[name]:
            said.append(notifying.SWITCHES[entered[name]](turn))
    if entered["country"] != before["country"]:
        with entries.beside("country"):
            said.append(notifying.in_country(entered["country"] or "none", turn))
    entries.refuse_faults()
    return Reply("\n".join(said) or turn.say("set.nothing"))
