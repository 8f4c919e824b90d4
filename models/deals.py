"""The deals of one workspace: adding them, finding the one that was meant, listing those that matter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from moneyed import Money
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from models.activity import Activity, Revision
from models.deal import IS_OPEN, Deal, DealField, new_deal
from models.deal_names import DealNames, NamedDeal
from models.errors import Candidate, DealNotFound, NameMissing, NameTaken, SeveralDealsFit
from models.history import Change, StageChange, Via, kept_moves
from models.member import Member
from models.money import money_of
from models.pipeline import Pipeline, Stage, StageKind, kept_in_use
from models.texts import NAME_LIMIT, clean_or_empty, like, name_key, tidy
from models.workspace import Workspace, one_at_a_time

_CANDIDATES = 8
_AT_ONCE = 10_000
"""Ids in one query: PostgreSQL takes at most 65,535."""
_LARGEST_ID = 2**31 - 1  # PostgreSQL does not look for a larger one, it refuses to


@dataclass(frozen=True)
class Piece:
    """What a deal adds to its owner's sums; of thousands of deals this is quicker than the deals."""

    id: int
    owner_id: int | None
    currency: str
    amount: Decimal | None
    closed_at: datetime | None


class Deals:
    """The deals of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace
        self._names = DealNames(session, workspace)

    def add(
        self,
        name: str,
        *,
        stage: Stage,
        owner: Member | None,
        at: datetime,
        via: Via,
        money: Money | None = None,
        close_date: date | None = None,
        company: str = "",
        contact: str = "",
        source: str = "",
    ) -> Deal:
        """A new deal, in the given stage, with the first entry of its history.

        Raises NameMissing, TextTooLong, and NameTaken while another open deal has that very name.
        """
        title = clean_or_empty(name, field="name", limit=NAME_LIMIT)
        if not title:
            raise NameMissing
        self._refuse_twice(title)
        pipeline = kept_in_use(self._session, stage.pipeline_id)
        deal = new_deal(
            self._workspace,
            title,
            stage=pipeline.stage_now(stage.id),
            pipeline=pipeline,
            owner=owner,
            at=at,
            via=via,
            money=money,
            close_date=close_date,
            company=company,
            contact=contact,
            source=source,
        )
        self._session.add(deal)
        self._session.flush()
        return deal

    def rename(self, deal: Deal, name: str, *, by: Member | None, at: datetime) -> None:
        """Raises TextMissing, TextTooLong, and NameTaken while another open deal has that very name."""
        if deal.is_open and name_key(name) != deal.name_key:
            self._refuse_twice(name)
        deal.rename(name, by=by, at=at)

    def transfer(
        self,
        deal: Deal,
        pipeline: Pipeline,
        to: Stage | None,
        *,
        by: Member | None,
        at: datetime,
        via: Via,
        note: str = "",
    ) -> StageChange:
        """Into another pipeline, whose first stage is meant where none is named. Raises what Deal.transfer does."""
        kept = kept_in_use(self._session, pipeline.id)
        stage = kept.stage_now(to.id) if to else kept.first
        return deal.transfer(kept, stage, by=by, at=at, via=via, note=note)

    def get(self, deal_id: int) -> Deal:
        """One deal with its history, held for writing until the transaction ends, and with it the stages that it can
        go to. Raises DealNotFound."""
        with_history = (
            self._all()
            .where(Deal.id == deal_id)
            .options(selectinload(Deal.changes), selectinload(Deal.activities))
            .with_for_update(of=Deal)
            .execution_options(populate_existing=True)
        )
        deal = None
        if deal_id <= _LARGEST_ID:
            self._keep_stages_in_use(deal_id)
            deal = self._session.scalar(with_history)
        if deal is None:
            raise DealNotFound(f"#{deal_id}")
        return deal

    def named(self, text: str, *, closed_first: bool = False) -> Deal:
        """The one deal that is meant by a name, its beginning, a small misspelling, or "#" and its number.

        Where several fit, the open ones are meant, if there are any (the closed ones with `closed_first`).
        Raises NameMissing, DealNotFound, SeveralDealsFit.
        """
        key = name_key(text)
        if not key:
            raise NameMissing
        if key.startswith("#") and key[1:].isdecimal() and len(key) < 18:
            return self.get(int(key[1:]))
        return self._meant(text, self._names.fitting(text), closed_first=closed_first)

    def named_at_start(self, words: str) -> tuple[Deal, str]:
        """The deal that the words begin with, and the words after its name: `Acme called them` where there is Acme.

        The longest run of leading words counts. Raises NameMissing, DealNotFound, SeveralDealsFit.
        """
        start, fitting, rest = self._names.at_start(words)
        return (self._meant(start, fitting) if fitting else self.named(start)), rest

    def has_name(self, text: str) -> bool:
        """Whether a deal is called exactly this, width, case and spacing aside."""
        return bool(self._names.exactly(text))

    def has_open(self, name: str) -> bool:
        """Whether an open deal is called so; no other one may be."""
        return any(each.is_open for each in self._names.exactly(name))

    def names(self) -> list[tuple[int, str]]:
        """Every deal's number and name, the open ones first, the newest before the others."""
        return [(each.id, each.name) for each in sorted(self._names.every(), key=lambda each: not each.is_open)]

    def names_of(self, ids: Iterable[int]) -> dict[int, str]:
        """The names of those that there are, by their numbers."""
        wanted, names = [*{*ids}], dict[int, str]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = Deal.id.in_(wanted[start : start + _AT_ONCE])
            query = select(Deal.id, Deal.name).where(Deal.workspace_id == self._workspace.id, some)
            names |= dict(self._session.execute(query).all())
        return names

    def find(self, text: str, *, limit: int, begin: int = 0) -> Sequence[Deal]:
        """The deals whose name, company or contact has the words; else whose name is spelt alike. Newest first, but
        for the `begin` first ones, of which there must be as many."""
        worded = self._all().where(has_words(text)).order_by(Deal.created_at.desc(), Deal.id.desc())
        found = self._session.scalars(worded.limit(limit).offset(begin)).all()
        return found or self._with_ids([each.id for each in self._names.fitting(text)[begin : begin + limit]])

    def count_found(self, text: str) -> int:
        """How many deals `find` would list without a limit."""
        query = select(func.count()).select_from(self._all().where(has_words(text)).subquery())
        return self._session.scalar(query) or len(self._names.fitting(text))

    def undo(self, deal: Deal, *, by: Member | None, at: datetime, via: Via) -> None:
        """Takes back the latest move, and with a win the amount that somebody wrote with it, where that still stands;
        not that of a file, in which a deal has no other."""
        before = kept_moves(deal.changes)
        deal.undo(by=by, at=at, via=via)
        wins = [each for each in before[len(kept_moves(deal.changes)) :] if each.change is Change.WON and each.by_id]
        written = [each for each in self.revisions_after(deal.id, 0) if each.field == DealField.AMOUNT]
        if wins and written and (written[-1].at, written[-1].by_id) == (wins[-1].at, wins[-1].by_id):
            old = written[-1].old.split()
            deal.set_money(money_of(Decimal(old[0]), old[1]) if old else None, by=by, at=at)

    def revisions_after(self, deal_id: int, revision_id: int) -> list[Revision]:
        """What was written differently since a revision, 0 for all, oldest first."""
        query = select(Revision).where(
            Revision.workspace_id == self._workspace.id, Revision.deal_id == deal_id, Revision.id > revision_id
        )
        return [*self._session.scalars(query.order_by(Revision.id))]

    def last_revision_id(self, deal_id: int) -> int:
        """0 where nothing was written differently yet."""
        query = select(func.max(Revision.id)).where(
            Revision.workspace_id == self._workspace.id, Revision.deal_id == deal_id
        )
        return self._session.scalar(query) or 0

    def last_written_by(self, member: Member, *, since: datetime) -> Deal | None:
        """The deal that a member added, moved or wrote of last, not before `since`."""
        found = [
            self._session.execute(
                select(what.at, what.deal_id)
                .where(what.workspace_id == self._workspace.id, what.by_id == member.id, what.at >= since)
                .order_by(what.at.desc(), what.id.desc())
                .limit(1)
            ).first()
            for what in (StageChange, Revision, Activity)
        ]
        latest = max((row for row in found if row), key=lambda row: row.at, default=None)
        return self.get(latest.deal_id) if latest else None

    def some(self, ids: Sequence[int]) -> list[Deal]:
        """The deals of these ids, in their order; what is not of this workspace is left out."""
        return self._with_ids(ids)

    def has_any(self) -> bool:
        """Whether there is a deal, open or closed."""
        return self._session.scalar(self._all().with_only_columns(Deal.id).limit(1)) is not None

    def count_closed(self, *, since: datetime | None = None) -> int:
        """Deals that are closed, all of them or those that were closed after a moment."""
        closed = self._all().where(Deal.closed_at.is_not(None) if since is None else Deal.closed_at > since)
        return self._session.scalar(select(func.count()).select_from(closed.subquery())) or 0

    def open_pieces(self, *, pipeline: Pipeline | None = None) -> list[Piece]:
        """What is open now, in one pipeline or all."""
        return self._pieces(IS_OPEN, going_through(pipeline))

    def won_pieces(self, *, since: datetime | None = None) -> list[Piece]:
        """What was closed, at a moment or later where one is given, and is won now."""
        closed = Deal.closed_at.is_not(None) if since is None else Deal.closed_at >= since
        return self._pieces(Stage.kind.in_((StageKind.WON, StageKind.AFTER_SALES)), closed)

    def _pieces(self, *conditions: ColumnElement[bool]) -> list[Piece]:
        query = (
            select(Deal.id, Deal.owner_id, Deal.currency, Deal.amount, Deal.closed_at)
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, *conditions)
        )
        return [Piece(*row) for row in self._session.execute(query)]

    def _keep_stages_in_use(self, deal_id: int) -> None:
        """Before the deal is held: who changes stages holds the pipeline first and then its deals."""
        its_pipeline = (
            select(Pipeline.id)
            .join(Deal, Deal.pipeline_id == Pipeline.id)
            .where(Deal.workspace_id == self._workspace.id, Deal.id == deal_id)
        )
        self._session.execute(its_pipeline.with_for_update(read=True, of=Pipeline))

    def _meant(self, text: str, found: Sequence[NamedDeal], *, closed_first: bool = False) -> Deal:
        """The one deal out of those that a text fits."""
        if not found:
            raise DealNotFound(text, self._names.perhaps(text))
        fits = [each for each in found if each.is_open != closed_first] or found
        if len(fits) == 1:
            return self.get(fits[0].id)
        deals = self._with_ids([each.id for each in fits[:_CANDIDATES]])
        candidates = tuple(Candidate(deal.id, deal.name, deal.stage.name) for deal in deals)
        raise SeveralDealsFit(text, candidates, more=max(0, len(fits) - _CANDIDATES))

    def _with_ids(self, ids: Sequence[int]) -> list[Deal]:
        by_id = {deal.id: deal for deal in self._session.scalars(self._all().where(Deal.id.in_(ids)))}
        return [by_id[deal_id] for deal_id in ids if deal_id in by_id]

    def _refuse_twice(self, name: str) -> None:
        one_at_a_time(self._session, self._workspace)
        if self.has_open(name):
            raise NameTaken(name)

    def _all(self) -> Select[Deal]:
        return select(Deal).where(Deal.workspace_id == self._workspace.id)


def going_through(pipeline: Pipeline | None) -> ColumnElement[bool]:
    return Deal.id == Deal.id if pipeline is None else Deal.pipeline_id == pipeline.id


def has_words(text: str) -> ColumnElement[bool]:
    key, words = name_key(text), tidy(text).lower()
    return or_(
        Deal.name_key.like(f"%{like(key)}%", escape="\\"),
        func.lower(Deal.company).like(f"%{like(words)}%", escape="\\"),
        func.lower(Deal.contact).like(f"%{like(words)}%", escape="\\"),
    )
