"""A member is one person of the team: their role, their hours, whom they report to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, enum_column
from models.errors import NotAllowed, ReportsToThemselves
from models.texts import NAME_LIMIT
from models.working_days import WorkingDays, country_of
from models.workspace import InWorkspace

MORNING = "09:00"
"""When people hear of their deals, unless they choose another hour."""


HOME_IS_OUTDATED = text("is_home_outdated")
"""Literally, as only then the database sees that its index of these will do, which each tick asks."""


class Role(StrEnum):
    """What somebody may do; each role may do all that the earlier ones may."""

    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


class Member(InWorkspace, Base):
    """One person; `user_id` is Slack's, absent while the person is known from an import only."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index("ix_member_is_home_outdated", "id", sqlite_where=HOME_IS_OUTDATED, postgresql_where=HOME_IS_OUTDATED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    email: Mapped[str] = mapped_column(String(254), default="")
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.REP)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    """Their language in Slack."""
    language: Mapped[str] = mapped_column(String(16), default="")
    """The one they have chosen instead; empty for Slack's."""
    country: Mapped[str] = mapped_column(String(2), default="")
    """Whose public holidays they keep; empty for the country of their time zone."""
    notified_at: Mapped[str] = mapped_column(String(5), default=MORNING)
    """When they hear what they did not ask for, on their working days: 24 hours, like "09:00"."""
    is_muted: Mapped[bool] = mapped_column(default=False)
    """Whether they hear nothing that they did not ask for."""
    is_bundled: Mapped[bool] = mapped_column(default=False)
    """Whether alerts come to them within the message of the morning."""
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    home: Mapped[str] = mapped_column(String(500), default="")
    """What they chose to see on their Home tab, as the bot wrote it; empty while they never opened it."""
    is_home_outdated: Mapped[bool] = mapped_column(default=False)
    """Whether something that it shows has changed since, so that the bot draws it anew soon."""
    joined_at: Mapped[datetime]

    manager: Mapped["Member | None"] = relationship(remote_side=[id], lazy="selectin", join_depth=1)

    @property
    def working_days(self) -> WorkingDays:
        return WorkingDays(self.country or country_of(self.time_zone), self.time_zone)

    @property
    def reads(self) -> str:
        """The locale in which they are spoken to."""
        return self.language or self.locale

    def report_to(self, manager: "Member | None") -> None:
        """Raises ReportsToThemselves."""
        if manager is self:
            raise ReportsToThemselves(self.name)
        self.manager = manager

    def may(self, role: Role) -> bool:
        """Whether the member has at least this role."""
        order = list(Role)
        return order.index(self.role) >= order.index(role)

    def require(self, role: Role) -> None:
        """Raises NotAllowed unless the member has at least this role."""
        if not self.may(role):
            raise NotAllowed(role.value)
