"""The menu of a card: what is done less often than what has a button."""

from bot.actions import editing, moving, planning, renewing, satisfying, undoing, winning
from bot.actions.origin import Action, Click
from bot.reply import Reply
from bot.services import Turn

MORE: dict[str, Action] = {
    "edit": editing.ask,
    "step": planning.ask,
    "move": moving.ask,
    "satisfaction": satisfying.ask,
    "renewal": renewing.ask,
    "won": winning.ask,
    "undo": undoing.undo,
}
"""What each option opens or does; it travels behind the deal and its stage."""


def choose(click: Click, turn: Turn) -> Reply:
    return MORE[click.value](click, turn)
