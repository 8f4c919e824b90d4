"""What comes along when a button is clicked or a form is sent: which deal, in which stage it was seen, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict

from bot.cards import card, instead
from bot.reply import Place, Reply
from bot.services import Turn
from bot.views.blocks import section
from models.deal import Deal

LIST_BLOCK = "deal-"
"""How the ids of those blocks begin that speak of one deal, among others in a nudge or a digest."""


class Origin(BaseModel):
    """Where a form was opened from; it travels in the form's private metadata.

    The ids come back from a browser and are looked up again through the Turn: a forged one finds nothing.
    """

    model_config = ConfigDict(frozen=True)

    deal_id: int = 0
    stage_id: int = 0
    """Both are 0 where a deal is yet to be added."""
    response_url: str = ""
    block_id: str = ""
    """The block of the clicked message that speaks of this deal only; empty on a card, which does as a whole."""
    channel: str = ""
    message_ts: str = ""
    """The message that was clicked; empty for a form that something else opened, such as a command."""

    is_home: bool = False
    """The Home tab, or a card over it."""
    schedule_id: int = 0
    """Of a form in which a schedule is changed."""
    revision: int = 0
    """The latest one of the deal when a form showed its fields; later ones are news to whoever filled it in."""
    task_id: int = 0
    """The deal's next step when a form asked for another one; 0 where there was none."""
    untouched: tuple[str, ...] = ()
    """How the fields of a form of settings, or of a digest, read at first: see `settling` and `scheduling`."""

    @classmethod
    def of(cls, turn: Turn, deal: Deal | None = None) -> Self:
        """Where a command was typed, or something else that is no button of a message."""
        seen = {"deal_id": deal.id, "stage_id": deal.stage_id} if deal else {}
        return cls(response_url=turn.response_url, channel=turn.channel, **seen)

    def told_to_channel(self, said: str) -> Reply | None:
        """What everybody in the channel hears; nothing in a conversation with the bot alone, where no team listens."""
        if not self.channel or self.channel.startswith("D"):
            return None
        block_id = f"{LIST_BLOCK}{self.deal_id}" if self.deal_id else ""
        return Reply(said, (section(said, block_id=block_id),), Place.CHANNEL)

    def settled(self, deal: Deal, turn: Turn, said: str) -> Reply:
        """What a form did: the clicked card or its line in a list changes; without one the person sees the card."""
        if self.message_ts:
            return instead(deal, turn, said=said, block_id=self.block_id)
        return card(deal, turn, said=said)

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

    def entered(self, field: str) -> str:
        """What stands in a field; empty for one that the form lacks."""
        return self.values.get(field, "").strip()

    def ticked(self, field: str) -> list[str]:
        """The values of the boxes that are ticked."""
        return self.entered(field).split()


Action = Callable[[Click, Turn], Reply]


@dataclass(frozen=True)
class Form:
    """What a form does, and the field that a fault is shown beside."""

    run: Callable[[Submission, Turn], Reply]
    field: str
