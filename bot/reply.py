"""What a command, a button or a form answers: the words, where they go, and what follows once they are said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from bot.say import Say
from bot.views.blocks import Block
from models.database import Database
from models.workspace import Workspace


class Place(StrEnum):
    """Where an answer appears: to the person alone, in the channel, or instead of the message that was clicked."""

    PRIVATE = "private"
    CHANNEL = "channel"
    INSTEAD = "instead"


_PLACES: dict[Place, dict[str, Any]] = {
    Place.PRIVATE: {"response_type": "ephemeral", "replace_original": False},
    Place.CHANNEL: {"response_type": "in_channel", "replace_original": False},
    Place.INSTEAD: {"replace_original": True},
}


@dataclass(frozen=True)
class Picture:
    """A picture that is drawn after the transaction, because drawing is slow.

    `alt` says what it shows to whoever cannot see it, `sorry` what is said where it cannot be shared. What `is_instead`
    of a chart of Slack's own is shared only where Slack shows none. What `is_below` a scheduled post is shared in its
    thread.
    """

    draw: Callable[[], bytes]
    title: str
    alt: str
    sorry: str
    filename: str = "funnel.png"
    is_instead: bool = False
    is_below: bool = False


def picture_of(
    draw: Callable[[], bytes], *, title: str, alt: str, say: Say, filename: str = "funnel.png", is_instead: bool = False
) -> Picture:
    """The picture of a report."""
    sorry = say("funnel.picture_not_shared")
    return Picture(draw=draw, title=title, alt=alt, sorry=sorry, filename=filename, is_instead=is_instead)


@dataclass(frozen=True)
class Labour:
    """Work that is done once the person has been answered: what may take minutes each in its turn, what `is_short`
    without waiting for that.

    `do` opens transactions of its own and tells what came of it; `sorry` is said where it fails.
    """

    do: Callable[[Database], "Reply"]
    sorry: str
    is_short: bool = False


Note = Callable[[Session, Workspace], None]
"""Writes down what a post tells, in a short transaction of its own."""


@dataclass(frozen=True)
class Reply:
    """`text` is what notifications and screen readers say; `blocks` what is seen; `plain` is seen instead where Slack
    shows no tables or charts, which it tells of what comes after the acknowledgement only. `form` opens a modal
    instead.

    With `settles`, only that block of the clicked message is replaced, by this reply's blocks: the rest of a list
    stays as it is. `then` is said after this, elsewhere: a card changes, and the channel hears of it. What comes of
    `labour` is said when it is done. `note` is remembered right before a scheduled post.
    """

    text: str = ""
    blocks: tuple[Block, ...] = ()
    place: Place = Place.PRIVATE
    picture: Picture | None = None
    form: Block | None = None
    settles: str = ""
    then: "Reply | None" = None
    labour: Labour | None = None
    note: Note | None = None
    plain: tuple[Block, ...] = ()

    def followed_by(self, then: "Reply | None") -> "Reply":
        """After what follows it already."""
        return replace(self, then=self.then.followed_by(then) if self.then else then)

    def as_message(self, clicked: Sequence[Block] = ()) -> dict[str, Any]:
        """The arguments for Slack's response URL or acknowledgement; `clicked` are the blocks of the message that was
        acted on. Where they are not known, what would settle one of them is told to the person alone.

        The place is always named: Slack takes silence for private, its stand-in for public. Only what stands instead
        of a message names none, for it stays as public or private as that one was.
        """
        if self.settles and not clicked:
            return Reply(self.text).as_message()
        blocks = _settled(clicked, self.settles, self.blocks) if self.settles else self.blocks
        message: dict[str, Any] = {"text": self.text, **_PLACES[self.place]}
        return message | ({"blocks": list(blocks)} if blocks else {})


def _settled(clicked: Sequence[Block], block_id: str, instead: Sequence[Block]) -> list[Block]:
    settled: list[Block] = []
    for block in clicked:
        settled.extend(instead if block.get("block_id") == block_id else [block])
    return settled
