"""Remembers what Slack has already told us, so that what it tells twice has its effect once."""

from datetime import datetime, timedelta

from sqlalchemy import String, UniqueConstraint, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.workspace import InWorkspace, Workspace

KEPT_FOR = timedelta(days=2)
"""Slack repeats an event for minutes at most."""


class Receipt(InWorkspace, Base):
    """One interaction that was carried out; its key is Slack's trigger or event id."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(index=True)


class Receipts:
    """The receipts of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def is_first(self, key: str, *, at: datetime) -> bool:
        """Whether this comes for the first time; from then on, and once the transaction commits, it does not."""
        try:
            with self._session.begin_nested():
                self._session.add(Receipt(workspace_id=self._workspace.id, key=key, at=at))
        except IntegrityError:
            return False
        return True

    def forget_old(self, at: datetime) -> None:
        """Drop what Slack can no longer repeat."""
        self._session.execute(
            delete(Receipt).where(Receipt.workspace_id == self._workspace.id, Receipt.at < at - KEPT_FOR)
        )
