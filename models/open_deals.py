"""The open deals of one workspace: which wait, which are to close, which have waited for too long."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from models.deal import IS_OPEN, Deal
from models.deals import going_through, has_words
from models.member import Member
from models.pipeline import Pipeline, Stage, StageKind
from models.workspace import Workspace


class OpenDeals:
    """Those of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(
        self,
        *,
        owner: Member | None = None,
        stage: Stage | None = None,
        pipeline: Pipeline | None = None,
        limit: int | None = None,
    ) -> Sequence[Deal]:
        """Open deals, those that have waited longest first; of one owner, in one stage or pipeline, or all."""
        query = self._open().where(_owned_by(owner), _standing_in(stage), going_through(pipeline))
        return self._session.scalars(query.order_by(Deal.entered_stage_at, Deal.id).limit(limit)).all()

    def ids(
        self,
        *,
        owner: Member | None = None,
        stage: Stage | None = None,
        pipeline: Pipeline | None = None,
        words: str = "",
    ) -> Sequence[int]:
        """The ids of what `all` would list, only those that have the words: for taking pages out of thousands."""
        worded = has_words(words) if words else Deal.id == Deal.id
        query = self._open().where(_owned_by(owner), _standing_in(stage), going_through(pipeline), worded)
        return self._session.scalars(query.with_only_columns(Deal.id).order_by(Deal.entered_stage_at, Deal.id)).all()

    def closing(self, until: date, *, owner: Member | None = None) -> Sequence[Deal]:
        """Open deals, of one owner or all, that are expected to close by a day, or should have been closed."""
        query = self._open().where(_owned_by(owner), Deal.close_date <= until)
        return self._session.scalars(query.order_by(Deal.close_date, Deal.id)).all()

    def renewals(self, since: datetime, *, owner: Member) -> Sequence[Deal]:
        """Open deals of an owner that renew another one, and began after a moment."""
        query = self._open().where(_owned_by(owner), Deal.follows_id.is_not(None), Deal.created_at > since)
        return self._session.scalars(query.order_by(Deal.id)).all()

    def name_keys(self) -> set[str]:
        """What no new deal may be called."""
        return set(self._session.scalars(self._open().with_only_columns(Deal.name_key)))

    def count(self, *, owner: Member | None = None) -> int:
        query = select(func.count()).select_from(self._open().where(_owned_by(owner)).subquery())
        return self._session.scalar(query) or 0

    def count_by_stage(self) -> dict[int, int]:
        """How many open deals wait in each stage, by its id; a stage without any is left out."""
        query = (
            select(Deal.stage_id, func.count())
            .join(Stage, Deal.stage_id == Stage.id)
            .where(Deal.workspace_id == self._workspace.id, IS_OPEN)
            .group_by(Deal.stage_id)
        )
        return dict(self._session.execute(query).all())

    def to_look_through(
        self, pipeline: Pipeline, *, closing_by: date, at: datetime, besides: Collection[int]
    ) -> Sequence[Deal]:
        """Open deals of a pipeline, those that have waited longest first: what is to close by a day, or was, what may
        have waited for too long, and these besides."""
        may_call = or_(Deal.close_date <= closing_by, self._may_be_stalled(at), Deal.id.in_(besides))
        query = self._open().where(going_through(pipeline), may_call)
        return self._session.scalars(query.order_by(Deal.entered_stage_at, Deal.id)).all()

    def stalled(
        self, at: datetime, *, owner: Member | None = None, owners: Sequence[Member] | None = None
    ) -> Sequence[Deal]:
        """Open deals that have waited for too long, quiet longest first (see Deal.is_stalled); of one owner, of some,
        or all."""
        of_them = true() if owners is None else Deal.owner_id.in_([each.id for each in owners])
        found = self._session.scalars(self._all().where(self._may_be_stalled(at), _owned_by(owner), of_them))
        return sorted((deal for deal in found if deal.is_stalled(at)), key=lambda deal: (deal.quiet_since, deal.id))

    def _may_be_stalled(self, at: datetime) -> ColumnElement[bool]:
        """Most deals that are not stalled are left out here: a working day takes at least a day."""
        stages = self._session.scalars(
            select(Stage).where(Stage.workspace_id == self._workspace.id, Stage.kind == StageKind.OPEN)
        )
        long_enough = []
        for stage in stages:
            if wait := stage.wait(in_stage=0, quiet=0):
                quiet, in_stage = (at - timedelta(days=days - 1) for days in (wait.quiet_limit, wait.in_stage_limit))
                is_quiet = and_(Deal.entered_stage_at <= quiet, func.coalesce(Deal.last_activity_at, quiet) <= quiet)
                long_enough.append(and_(Deal.stage_id == stage.id, or_(is_quiet, Deal.entered_stage_at <= in_stage)))
        return or_(false(), *long_enough)

    def _open(self) -> Select[Deal]:
        return self._all().join(Stage, Deal.stage_id == Stage.id).where(IS_OPEN)

    def _all(self) -> Select[Deal]:
        return select(Deal).where(Deal.workspace_id == self._workspace.id)


def _owned_by(owner: Member | None) -> ColumnElement[bool]:
    return Deal.id == Deal.id if owner is None else Deal.owner_id == owner.id


def _standing_in(stage: Stage | None) -> ColumnElement[bool]:
    return Deal.id == Deal.id if stage is None else Deal.stage_id == stage.id
