"""What comes along when a button is clicked or a form is sent: which deal, in which stage it was seen, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.reply import Place, Reply
from bot.services import Turn
from bot.views.blocks import section
from models.deal import Deal

LIST_BLOCK = "deal-"
"""How the ids of those blocks begin that speak of one deal among others, in a nudge or a digest."""


class Origin(BaseModel):
    """Where a form was opened from; it travels in the form's private metadata.

    The ids come back from a browser and are looked up again through the Turn: a forged one finds nothing.
    """

    model_config = ConfigDict(frozen=True)

    deal_id: int
    stage_id: int
    response_url: str = ""
    block_id: str = ""
    """The block of the clicked message that speaks of this deal only; empty on a card, which does as a whole."""
    channel: str = ""
    message_ts: str = ""

    def told_to_channel(self, said: str) -> Reply | None:
        """What everybody in the channel hears; nothing in a conversation with the bot alone, where no team listens."""
        return None if self.channel.startswith("D") else Reply(said, (section(said),), Place.CHANNEL)

    def deal(self, turn: Turn) -> Deal:
        """Raises DealNotFound, and DealMoved when the deal has left the stage that the person saw it in."""
        deal = turn.deals.get(self.deal_id)
        deal.expect_in(self.stage_id)
        return deal


@dataclass(frozen=True)
class Click:
    """A button that was clicked, or an option chosen from a menu of a message."""

    value: str
    origin: Origin


@dataclass(frozen=True)
class Submission:
    """A form that was sent: what was entered, by field name; empty text for an empty field."""

    values: Mapping[str, str]
    origin: Origin


Action = Callable[[Click, Turn], Reply]


@dataclass(frozen=True)
class Form:
    """What a form does, and the field that a fault is shown beside."""

    run: Callable[[Submission, Turn], Reply]
    field: str
