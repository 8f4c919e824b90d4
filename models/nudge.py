"""Which stalled deals their owners were told of, which were held back from that by lot, and what became of either."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.deal import Deal
from models.delivery import Delivery, DeliveryState
from models.history import kept_moves
from models.period import Period
from models.timelines import Timelines
from models.workspace import InWorkspace, Workspace

HELPS_WITHIN = timedelta(days=7)
MOST_HELD_BACK = 50
"""Per cent."""


class Nudge(InWorkspace, Base):
    """That a post told an owner of a deal which stalls, for the first time in its stage, or would have and held it
    back. It counts once that post has arrived; `delivery_id` is None where that was not yet remembered."""

    __tablename__ = "nudge"
    __table_args__ = (Index("ix_nudge_workspace_id_at", "workspace_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    is_held_back: Mapped[bool]
    at: Mapped[datetime]


_COUNTS = or_(
    Nudge.delivery_id.is_(None),
    Delivery.state == DeliveryState.POSTED,
    and_(Nudge.is_held_back, Delivery.state == DeliveryState.LET_GO),
)
"""What is held back may leave nothing to post; of whom no post reaches, neither what was to be told counts nor that."""


@dataclass(frozen=True)
class Arm:
    """Of so many deals, how many moved forward or were won within a week."""

    count: int = 0
    moved: int = 0


@dataclass(frozen=True)
class Tried:
    """What became of the deals of a period; `waiting` are those whose week is not over."""

    nudged: Arm
    held_back: Arm
    waiting: int


class Nudges:
    """The nudges of one workspace's deals; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def held_back(self, deals: Sequence[Deal]) -> set[int]:
        """The ids of those that the lot holds back as long as they stay in their stage. What was once drawn holds, also
        when another share is held back since."""
        drawn = {nudge.deal_id: nudge.is_held_back for nudge in self._drawn(deals)}
        share = self._workspace.nudge_holdback
        return {deal.id for deal in deals if drawn.get(deal.id, _lot(deal) < share / 100)}

    def note(self, deals: Sequence[Deal], held_back: Collection[int], *, delivery_id: int, at: datetime) -> None:
        """What a post is about to tell or to hold back: of each deal once while it stays in its stage. An earlier
        attempt at the same post told nothing."""
        mine = Nudge.workspace_id == self._workspace.id, Nudge.delivery_id == delivery_id
        self._session.execute(delete(Nudge).where(*mine))
        known = {nudge.deal_id for nudge in self._drawn(deals, _COUNTS)}
        self._session.add_all(
            Nudge(
                workspace_id=self._workspace.id,
                deal_id=deal.id,
                delivery_id=delivery_id,
                stage_id=deal.stage_id,
                is_held_back=deal.id in held_back,
                at=at,
            )
            for deal in deals
            if deal.id not in known
        )

    def tried(self, period: Period, *, at: datetime) -> Tried:
        """Of the deals whose first nudge, or the time when it was held back, lies in a period."""
        nudges = list(self._session.scalars(self._mine(_COUNTS, Nudge.at >= period.start, Nudge.at < period.end)))
        over = [nudge for nudge in nudges if nudge.at + HELPS_WITHIN <= at]
        moved = self._moved(over)
        arms = [[nudge for nudge in over if nudge.is_held_back is held] for held in (False, True)]
        nudged, held_back = (Arm(len(arm), sum(nudge.id in moved for nudge in arm)) for arm in arms)
        return Tried(nudged, held_back, len(nudges) - len(over))

    def _moved(self, nudges: Sequence[Nudge]) -> set[int]:
        histories = Timelines(self._session, self._workspace).of([nudge.deal_id for nudge in nudges])
        moves = {history.deal_id: list(kept_moves(history.moves)) for history in histories}
        return {
            nudge.id
            for nudge in nudges
            if any(
                move.change.is_forward and nudge.at < move.at <= nudge.at + HELPS_WITHIN
                for move in moves.get(nudge.deal_id, ())
            )
        }

    def _drawn(self, deals: Sequence[Deal], *conditions: ColumnElement[bool]) -> list[Nudge]:
        known = {deal.id: deal for deal in deals}
        found = self._mine(Nudge.deal_id.in_(known), *conditions).order_by(Nudge.at, Nudge.id)
        return [
            nudge
            for nudge in self._session.scalars(found)
            if nudge.stage_id == (deal := known[nudge.deal_id]).stage_id and nudge.at >= deal.entered_stage_at
        ]

    def _mine(self, *conditions: ColumnElement[bool]) -> Select[Nudge]:
        posts = and_(Delivery.id == Nudge.delivery_id, Delivery.workspace_id == self._workspace.id)
        return select(Nudge).outerjoin(Delivery, posts).where(Nudge.workspace_id == self._workspace.id, *conditions)


def _lot(deal: Deal) -> float:
    """A number from 0 to 1 that is the same whenever it is drawn while a deal stays in its stage."""
    drawn = sha256(f"{deal.id} {deal.stage_id} {deal.entered_stage_at.isoformat()}".encode()).digest()
    return int.from_bytes(drawn[:8]) / 2**64
