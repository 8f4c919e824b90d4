"""What is to be done about the deals of one workspace: next steps, and the tasks of their stages' playbooks."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from models.activity import Task
from models.deal import Deal
from models.member import Member
from models.pipeline import Stage, StageKind
from models.workspace import Workspace

_IS_TO_DO = and_(Task.done_at.is_(None), Task.is_set_aside.is_(False))


class ToDo:
    """About deals that are not lost; no query here can see another workspace's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def tasks(self, *, owner: Member, limit: int | None = None, due: date | None = None) -> list[tuple[Task, Deal]]:
        """An owner's, what is due first before the rest; only what is due by a day, if one is given. What is left from
        earlier stages stays out."""
        is_due = Task.due <= due if due else Task.id == Task.id
        query = self._open_tasks(owner).with_only_columns(Task, Deal).where(is_due)
        found = self._session.execute(query.order_by(Task.due.is_(None), Task.due, Task.id).limit(limit))
        return [(task, deal) for task, deal in found]

    def count(self, *, owner: Member) -> int:
        """How many `tasks` would list."""
        return self._session.scalar(self._open_tasks(owner).with_only_columns(func.count(Task.id))) or 0

    def deals(self, *, owner: Member | None = None, limit: int | None = None) -> Sequence[Deal]:
        """Those that have something to be done, what is due first before the rest; of one owner or all."""
        due = (
            select(Task.deal_id, func.min(func.coalesce(Task.due, date.max)).label("first"))
            .where(Task.workspace_id == self._workspace.id, _IS_TO_DO)
            .group_by(Task.deal_id)
            .subquery()
        )
        owned = true() if owner is None else Deal.owner_id == owner.id
        query = self._all().join(due, due.c.deal_id == Deal.id).where(owned)
        return self._session.scalars(query.order_by(due.c.first, Deal.id).limit(limit)).all()

    def _open_tasks(self, owner: Member) -> Select[Deal]:
        asking = aliased(Stage)
        is_here = or_(Task.stage_id.is_(None), Deal.stage_id.in_((asking.id, asking.retired_into_id)))
        found = self._all().join(Task, Task.deal_id == Deal.id).outerjoin(asking, Task.stage_id == asking.id)
        return found.where(_IS_TO_DO, is_here, Deal.owner_id == owner.id)

    def _all(self) -> Select[Deal]:
        mine = select(Deal).where(Deal.workspace_id == self._workspace.id)
        return mine.join(Stage, Deal.stage_id == Stage.id).where(Stage.kind != StageKind.LOST)
