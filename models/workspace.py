"""A workspace is one Slack team and what it has agreed on: currency, time zone, what counts as a high-value deal."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.numbers import get_territory_currencies
from sqlalchemy import ForeignKey, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from models.base import Base
from models.errors import FieldUnknown
from models.moving_errors import LossReasonUnknown
from models.texts import NAME_LIMIT, clean, matching, name_key

REASON_LIMIT = 75
"""What a line of a menu holds."""

MOST_REASONS = 39
"""So that a form of settings holds them all."""


class Workspace(Base):
    """One Slack team; its id is Slack's team id."""

    __tablename__ = "workspace"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    high_value: Mapped[Decimal] = mapped_column(default=Decimal(50_000))
    """From this amount on, in the workspace's currency, a stalled deal is told to a manager."""
    high_value_top: Mapped[int] = mapped_column(default=0)
    """Or what is worth as much as this percentage of the open deals; 0 where the amount above counts."""
    alert_channel: Mapped[str] = mapped_column(String(32), default="")
    """Which channel hears of them at last; empty for none."""
    manager_after_days: Mapped[int] = mapped_column(default=1)
    """So many working days after the owner, their manager hears."""
    channel_after_days: Mapped[int] = mapped_column(default=5)
    alert_quiet_days: Mapped[int] = mapped_column(default=5)
    """For so many working days nobody hears the same of a deal again."""
    nudge_holdback: Mapped[int] = mapped_column(default=0)
    """Of so many per cent of the deals that stall alone owners are not told, to see whether telling helps."""
    horizon_days: Mapped[int] = mapped_column(default=30)
    """The score answers: will the deal move forward within this many days?"""
    leaderboard: Mapped[bool] = mapped_column(default=True)
    """Whether people are told beside each other."""
    win_posts: Mapped[bool] = mapped_column(default=True)
    """Whether a channel hears of it when a deal is won."""
    custom_fields: Mapped[list[str]] = mapped_column(default=list)
    loss_reasons: Mapped[list[str]] = mapped_column(default=list)
    """Those that a form offers; none where people say it in their own words."""
    created_at: Mapped[datetime]

    def field_named(self, text: str) -> str:
        """The custom field that `text` means. Raises FieldUnknown."""
        found = matching(text, self.custom_fields)
        if len(found) != 1:
            raise FieldUnknown(text, tuple(self.custom_fields))
        return self.custom_fields[found[0]]

    def add_field(self, text: str) -> str:
        """Agree on a custom field; one that exists, whatever its case, is kept."""
        name = clean(text, field="field", limit=50)
        for known in self.custom_fields:
            if name_key(known) == name_key(name):
                return known
        self.custom_fields = [*self.custom_fields, name]
        return name

    def loss_reason(self, text: str) -> str:
        """The agreed reason that is meant; the text itself where there are none. Raises LossReasonUnknown."""
        found = matching(text, self.loss_reasons)
        if self.loss_reasons and len(found) != 1:
            raise LossReasonUnknown(text, tuple(self.loss_reasons))
        return self.loss_reasons[found[0]] if found else text

    def agree_on_loss_reasons(self, reasons: Sequence[str]) -> None:
        """What a form offers from now on, each once; none lets people say it in their own words."""
        kept: dict[str, str] = {}
        for each in reasons:
            kept.setdefault(name_key(each), clean(each, field="reason", limit=REASON_LIMIT))
        self.loss_reasons = [*kept.values()][:MOST_REASONS]


def day_in(time_zone: str, moment: datetime) -> date:
    """The date that a calendar in a time zone shows at a moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def _currency_of(locale: str) -> str:
    """What is paid with where such a locale as `zh-CN` is spoken; dollars where that is not known."""
    current = get_territory_currencies(locale.rpartition("-")[2]) if "-" in locale else []
    return current[0] if current else "USD"


class InWorkspace:
    """What every table with customers' data shares: the workspace that it belongs to."""

    @declared_attr
    def workspace_id(cls) -> Mapped[str]:
        return mapped_column(ForeignKey("workspace.id"), index=True)


def new_workspace(team_id: str, *, at: datetime, locale: str = "", time_zone: str = "") -> Workspace:
    """With the settings that hold until somebody agrees on others."""
    return Workspace(
        id=team_id,
        name="",
        currency=_currency_of(locale),
        time_zone=time_zone or "UTC",
        locale=locale.partition("-")[0] or "en",
        high_value=Decimal(50_000),
        high_value_top=0,
        alert_channel="",
        manager_after_days=1,
        channel_after_days=5,
        alert_quiet_days=5,
        nudge_holdback=0,
        horizon_days=30,
        leaderboard=True,
        win_posts=True,
        custom_fields=[],
        loss_reasons=[],
        created_at=at,
    )


def workspace_of(session: Session, team_id: str, *, at: datetime, locale: str = "", time_zone: str = "") -> Workspace:
    """The workspace of a Slack team, made when it is seen for the first time, in the language, the currency and the
    time zone of who is seen first."""
    known = session.get(Workspace, team_id)
    if known is not None:
        return known
    fresh = new_workspace(team_id, at=at, locale=locale, time_zone=time_zone)
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:  # another process saw the team at the same time
        return session.get_one(Workspace, team_id)
    return fresh


def one_at_a_time(session: Session, workspace: Workspace) -> None:
    """Wait until no other transaction that called this for the workspace is open: for what must not be made twice.

    Afterwards the workspace is as the one before left it.
    """
    session.flush()  # refreshing forgets what was not written
    session.refresh(workspace, with_for_update={"key_share": True})  # rows that point to it may be added meanwhile
