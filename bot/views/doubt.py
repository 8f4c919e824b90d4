"""What is said back to words that are not certain: is this meant, or these are the nearest things."""

from collections.abc import Sequence

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import actions, button, section


def asked(shown: str, command: str, action_id: str, say: Say) -> Reply:
    """One click does it; whoever does not click has changed nothing."""
    text = say("speech.asked", command=shown)
    yes = button(say.plain("button.do_it"), action_id, command, style="primary", label=shown)
    return Reply(text, (section(text), actions(yes)))


def not_understood(examples: Sequence[str], say: Say) -> Reply:
    text = say("speech.not_understood", first=examples[0], second=examples[1])
    return Reply(text, (section(text),))
