"""A deal goes down the funnel: who works on it, what it is worth, and what is written and done about it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from moneyed import Money
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from models.activity import Activity, ActivityKind, Revision, Task
from models.base import Base
from models.deal_moves import WithMoves
from models.history import Change, StageChange, Via
from models.member import Member, Role
from models.moving_errors import WonByAnother, WonByNobody
from models.pipeline import Pipeline, Stage, StageKind
from models.stalling import Wait
from models.texts import (
    KEY_LIMIT,
    NAME_LIMIT,
    NOTE_LIMIT,
    PHRASE_LIMIT,
    clean,
    clean_or_empty,
    name_key,
)
from models.working_days import WorkingDays
from models.workspace import InWorkspace, Workspace


class DealField(StrEnum):
    """The fields of a deal that people write; `custom:` ones stand beside them."""

    NAME = "name"
    COMPANY = "company"
    CONTACT = "contact"
    SOURCE = "source"
    AMOUNT = "amount"
    CLOSE_DATE = "close_date"
    FORECAST = "forecast"
    RENEWAL = "renewal"
    OWNER = "owner"


class ForecastCategory(StrEnum):
    """How sure a rep is of an open deal; most sure first. An omitted one counts in no sum of a forecast."""

    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"


_NOT_CLOSED = text("closed_at IS NULL")


class Deal(WithMoves, InWorkspace, Base):
    """One deal. Its stage, since when, and whether it is closed are a cache of its `changes`.

    `changes`, `activities` are loaded by `Deals.get` and `Deals.named` only; lists of deals do without.
    """

    __tablename__ = "deal"
    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        Index("ix_deal_workspace_id_name_key", "workspace_id", "name_key"),
        Index("ix_deal_standing", "workspace_id", "pipeline_id", "stage_id", "currency", "closed_at", "amount"),
        Index(
            "ix_deal_moved", "workspace_id", "pipeline_id", "entered_stage_at", "id", "currency", "amount", "closed_at"
        ),
        Index("ix_deal_open", "workspace_id", "owner_id", postgresql_where=_NOT_CLOSED, sqlite_where=_NOT_CLOSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(NAME_LIMIT))
    """What another CRM called it; an import that sees it again updates it instead of adding it twice."""
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    name_key: Mapped[str] = mapped_column(String(KEY_LIMIT))
    company: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    contact: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    source: Mapped[str] = mapped_column(String(NAME_LIMIT), default="")
    amount: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3))
    close_date: Mapped[date | None]
    """When the deal is expected to close."""
    forecast: Mapped[str] = mapped_column(String(20), default="")
    """A ForecastCategory, or nothing where nobody has said."""
    custom: Mapped[dict[str, Any]] = mapped_column(default=dict)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    created_at: Mapped[datetime]
    entered_stage_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    loss_reason: Mapped[str] = mapped_column(String(PHRASE_LIMIT), default="")
    last_activity_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    renews_on: Mapped[date | None] = mapped_column(index=True)
    """Of a won deal, when the customer is to buy again; a deal is opened for it in time (models.aftercare)."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    """The won deal that this one renews."""
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("deal.id"))
    """The won deal whose customer sent this one."""
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Member | None] = relationship(lazy="selectin")
    pipeline: Mapped[Pipeline] = relationship(lazy="selectin")
    stage: Mapped[Stage] = relationship(lazy="selectin")
    changes: Mapped[list[StageChange]] = relationship(order_by=(StageChange.at, StageChange.id), lazy="raise")
    activities: Mapped[list[Activity]] = relationship(order_by=(Activity.at, Activity.id), lazy="raise")
    tasks: Mapped[list[Task]] = relationship(order_by=Task.id, lazy="selectin")
    revisions: WriteOnlyMapped[Revision] = relationship(order_by=(Revision.at, Revision.id))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute

    # What it is

    @property
    def money(self) -> Money | None:
        """The amount in its currency; None while nobody has named one."""
        return None if self.amount is None else Money(self.amount, self.currency)

    @property
    def quiet_since(self) -> datetime:
        """Since when nothing has happened: neither a move nor an activity."""
        return max(self.entered_stage_at, self.last_activity_at or self.entered_stage_at)

    def wait(self, at: datetime) -> Wait | None:
        """How long it has waited so far; None where deals never stall: in a closed stage, or one without a limit."""
        if not self.is_open:
            return None
        days = self.owner.working_days if self.owner else WorkingDays("", "UTC")
        return self.stage.wait(in_stage=days.waited(self.entered_stage_at, at), quiet=days.waited(self.quiet_since, at))

    def is_stalled(self, at: datetime) -> bool:
        """Silent, or in its stage, for too long. A next step that is still ahead, or a snooze, holds both clocks."""
        if self.snoozed_until is not None and at < self.snoozed_until:
            return False
        step = self.next_step
        if step and step.due and step.due >= self.local_date(at):
            return False
        wait = self.wait(at)
        return wait is not None and wait.is_stalled

    # What is said about it

    def log(self, kind: ActivityKind, text: str, *, by: Member | None, at: datetime) -> Activity:
        """Something happened with the customer."""
        activity = Activity(
            workspace_id=self.workspace_id,
            kind=kind,
            text=clean(text, field="note", limit=NOTE_LIMIT),
            at=at,
            by=by,
        )
        self.activities.append(activity)
        self.last_activity_at = max(at, self.last_activity_at or at)
        return activity

    def snooze(self, until: datetime) -> None:
        """No nudges before then."""
        self.snoozed_until = until

    def rename(self, name: str, *, by: Member | None, at: datetime) -> None:
        fresh = clean(name, field="name", limit=NAME_LIMIT)
        self._revise(DealField.NAME, self.name, fresh, by=by, at=at)
        self.name, self.name_key = fresh, name_key(fresh)

    def set_text(self, field: DealField, text: str, *, by: Member | None, at: datetime) -> None:
        """Write the company, contact or source; empty text clears it."""
        fresh = clean_or_empty(text, field=field, limit=NAME_LIMIT)
        self._revise(field, getattr(self, field), fresh, by=by, at=at)
        setattr(self, field.value, fresh)

    def set_money(self, money: Money | None, *, by: Member | None, at: datetime) -> None:
        old, new = plain_money(self.money), plain_money(money)
        self._revise(DealField.AMOUNT, old, new, by=by, at=at)
        self.amount = None if money is None else money.amount
        self.currency = self.currency if money is None else money.currency.code

    def set_close_date(self, when: date | None, *, by: Member | None, at: datetime) -> None:
        old, new = _iso(self.close_date), _iso(when)
        self._revise(DealField.CLOSE_DATE, old, new, by=by, at=at)
        self.close_date = when

    def set_renewal(self, when: date | None, *, by: Member | None, at: datetime) -> None:
        self._revise(DealField.RENEWAL, _iso(self.renews_on), _iso(when), by=by, at=at)
        self.renews_on = when

    def set_forecast(self, category: ForecastCategory | None, *, by: Member | None, at: datetime) -> None:
        self._revise(DealField.FORECAST, self.forecast, category or "", by=by, at=at)
        self.forecast = category or ""

    def assign(self, owner: Member | None, *, by: Member | None, at: datetime) -> None:
        """A deal that is or was won is given away by its owner or a manager alone, as is its commission: nobody takes
        a win back to win it for themselves. Raises WonByAnother, of one without an owner WonByNobody."""
        is_theirs = owner is self.owner or by is None or by is self.owner or by.may(Role.MANAGER)
        if not is_theirs and (self.is_won or any(each.change is Change.WON for each in self.changes)):
            raise WonByNobody(self.name) if self.owner is None else WonByAnother(self.name)
        old, new = str(self.owner_id or ""), str(owner.id if owner else "")
        self._revise(DealField.OWNER, old, new, by=by, at=at)
        self.owner, self.owner_id = owner, owner.id if owner else None

    def set_custom(self, field: str, text: str, *, by: Member | None, at: datetime) -> None:
        """Write a custom field of the workspace; empty text clears it."""
        fresh = clean_or_empty(text, field=field, limit=NOTE_LIMIT)
        self._revise(f"custom:{field}", str(self.custom.get(field, "")), fresh, by=by, at=at)
        others = {name: value for name, value in self.custom.items() if name != field}
        self.custom = others | ({field: fresh} if fresh else {})

    def _revise(self, field: str, old: str, new: str, *, by: Member | None, at: datetime) -> None:
        if old == new:
            return
        self.revisions.add(
            Revision(
                workspace_id=self.workspace_id,
                field=str(field),
                old=old,
                new=new,
                at=at,
                by_id=by.id if by else None,
            )
        )


def new_deal(
    workspace: Workspace,
    name: str,
    *,
    stage: Stage,
    pipeline: Pipeline,
    owner: Member | None,
    at: datetime,
    via: Via,
    money: Money | None = None,
    close_date: date | None = None,
    company: str = "",
    contact: str = "",
    source: str = "",
    custom: Mapping[str, Any] = MappingProxyType({}),
    follows_id: int | None = None,
) -> Deal:
    """With the first entry of its history; in no database yet. Whoever makes it keeps the pipeline in use, and no open
    deal has its name. Raises TextTooLong."""
    deal = Deal(
        workspace_id=workspace.id,
        name=name,
        name_key=name_key(name),
        company=clean_or_empty(company, field="company", limit=NAME_LIMIT),
        contact=clean_or_empty(contact, field="contact", limit=NAME_LIMIT),
        source=clean_or_empty(source, field="source", limit=NAME_LIMIT),
        amount=None if money is None else money.amount,
        currency=workspace.currency if money is None else money.currency.code,
        close_date=close_date,
        custom=dict(custom),
        owner=owner,
        pipeline=pipeline,
        created_at=at,
        follows_id=follows_id,
        changes=[],
        activities=[],
        tasks=[],
    )
    deal.begin(stage, by=owner, at=at, via=via)
    return deal


def plain_money(money: Money | None) -> str:
    """An amount as a Revision has it."""
    return "" if money is None else f"{money.amount.normalize():f} {money.currency.code}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


IS_OPEN = and_(Stage.kind == StageKind.OPEN, Deal.closed_at.is_(None))
"""The condition for open deals, their stages joined. None of them has a moment of closing, so that they are found by an
index of their own."""
