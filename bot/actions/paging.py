"""The buttons below a list that turn its page."""

from dataclasses import replace

from bot.actions.origin import Click
from bot.commands import listing
from bot.reply import Place, Reply
from bot.services import Turn


def turn_page(click: Click, turn: Turn) -> Reply:
    """The list is made anew, as of now, from where the page begins."""
    return replace(listing.list_open(click.value, turn, begin=click.origin.stage_id), place=Place.INSTEAD)


def turn_found(click: Click, turn: Turn) -> Reply:
    return replace(listing.find(click.value, turn, begin=click.origin.stage_id), place=Place.INSTEAD)
