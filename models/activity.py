"""What was done about a deal, what is to be done next, and what was written differently before."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, enum_column
from models.member import Member
from models.texts import PHRASE_LIMIT
from models.workspace import InWorkspace


class ActivityKind(StrEnum):
    NOTE = "note"
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"


class Activity(InWorkspace, Base):
    """Something that happened with a customer, logged by a person."""

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_workspace_id_at", "workspace_id", "at", "kind", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    kind: Mapped[ActivityKind] = mapped_column(enum_column(ActivityKind))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    by: Mapped[Member | None] = relationship(lazy="selectin")


class Task(InWorkspace, Base):
    """Something to be done about a deal: its next step, which somebody set, or a task that a stage's playbook made.

    There is one open next step; setting another closes it, so the past stays. The tasks of a playbook stay open until
    they are done, also when the deal has moved on; while they are, the deal that comes back into their stage gets none
    like them. Those of a move that was taken back are set aside, and taken up again when the deal comes back: then it
    is the same work.
    """

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    text: Mapped[str] = mapped_column(String(PHRASE_LIMIT))
    due: Mapped[date | None]
    set_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    """The stage whose playbook made it; None for a next step."""
    is_set_aside: Mapped[bool] = mapped_column(default=False)

    @property
    def is_next_step(self) -> bool:
        return self.stage_id is None

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.is_set_aside


class Revision(InWorkspace, Base):
    """One field of a deal that was written anew: with these, the deal as it was known at any past moment can be told.

    `field` is a DealField or the name of a custom field behind "custom:"; values are plain text, empty for none.
    """

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    field: Mapped[str] = mapped_column(String(80))
    old: Mapped[str] = mapped_column(Text)
    new: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
