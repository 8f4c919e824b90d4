"""What is said back to words that are not certain: is this meant, or these are the nearest things."""

from collections.abc import Mapping, Sequence

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import actions, button, cut, fit, section
from models.deal import Deal

NAME = 150


def asked(shown: str, command: str, action_id: str, say: Say, *, left_out: str = "") -> Reply:
    """One click does it; whoever does not click has changed nothing. `left_out` is what was said beside it."""
    text = say("speech.asked", command=shown)
    if left_out:
        text = f"{text}\n{say('speech.left_out', words=cut(left_out, NAME))}"
    yes = button(say.plain("button.do_it"), action_id, command, style="primary", label=shown)
    return Reply(text, (section(text), actions(yes)))


def asked_which(commands: Mapping[Deal, str], title: str, say: Say, *, action_id: str) -> Reply:
    """Which of these deals is meant; the click on one runs its command."""
    rows = [
        section(
            say("pick.line", name=cut(deal.name, NAME), stage=deal.stage.name, number=f"#{deal.id}"),
            accessory=button(
                say.plain("button.this_one"),
                f"{action_id}.{deal.id}",
                command,
                label=say.plain("button.this_one_of", name=deal.name),
            ),
        )
        for deal, command in commands.items()
    ]
    return Reply(title, (section(title), *rows[: fit([[row] for row in rows])]))


def asked_of(deals: Sequence[Deal], verb: str, said: str, say: Say, *, action_id: str) -> Reply:
    """Whether, or with which of these deals, to do what a reaction on a post stands for; `said` follows the deal in the
    command."""
    commands = {deal: f"/deal {verb} #{deal.id}{said}" for deal in deals}
    if len(deals) == 1:
        return asked(f"/deal {verb} {deals[0].name}", commands[deals[0]], f"{action_id}.meant", say)
    return asked_which(commands, say.plain(f"reacting.which.{verb}"), say, action_id=action_id)


def not_understood(examples: Sequence[str], say: Say) -> Reply:
    text = say("speech.not_understood", first=examples[0], second=examples[1])
    return Reply(text, (section(text),))
