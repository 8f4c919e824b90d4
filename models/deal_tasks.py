"""What is to be done about a deal: its next step, and the tasks that its stages' playbooks make."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped

from models.activity import Task
from models.errors import TaskNotFound
from models.history import StageChange
from models.member import Member
from models.pipeline import Pipeline, Stage
from models.playbook import PlannedTask
from models.texts import PHRASE_LIMIT, clean, matching
from models.working_days import WorkingDays


class WithTasks:
    """The part of a deal that has to do with its tasks."""

    if TYPE_CHECKING:
        workspace_id: Mapped[str]
        name: Mapped[str]
        owner: Mapped[Member | None]
        pipeline: Mapped[Pipeline]
        stage: Mapped[Stage]
        tasks: Mapped[list[Task]]

        @property
        def is_lost(self) -> bool: ...

    @property
    def next_step(self) -> Task | None:
        return next((task for task in reversed(self.tasks) if task.is_next_step and task.is_open), None)

    @property
    def to_do(self) -> list[Task]:
        """The next step and what playbooks ask for, what is due first before the rest; of a lost deal nothing, until
        it is open again."""
        if self.is_lost:
            return []
        return sorted(
            (task for task in self.tasks if task.is_open), key=lambda task: (task.due or date.max, task.id or 0)
        )

    @property
    def left_behind(self) -> list[Task]:
        """What the playbooks of other stages ask for and nobody has done."""
        return [task for task in self.to_do if task.stage_id is not None and not self._is_of(task, self.stage)]

    def due_by(self, day: date) -> list[Task]:
        """What is to be done by a day where the deal is: its next step, and what the playbook of its stage asks for."""
        left = self.left_behind
        return [task for task in self.to_do if task.due and task.due <= day and task not in left]

    def local_date(self, at: datetime) -> date:
        """The date where the owner is, who has until the end of that day."""
        return at.astimezone(ZoneInfo(self.owner.time_zone) if self.owner else UTC).date()

    def plan(self, text: str, *, due: date | None, by: Member | None, at: datetime) -> Task:
        """Set the next step; the one before is done with."""
        step = Task(
            workspace_id=self.workspace_id,
            text=clean(text, field="next_step", limit=PHRASE_LIMIT),
            due=due,
            set_at=at,
            by_id=by.id if by else None,
            is_set_aside=False,
        )
        self.finish_step(at=at)
        self.tasks.append(step)
        return step

    def finish_step(self, *, at: datetime) -> None:
        """There is no next step any more."""
        for task in self.tasks:
            if task.is_next_step:
                task.done_at = task.done_at or at

    def finish(self, text: str, *, at: datetime) -> Task:
        """An open task is done, which its words or their beginning name. Raises TaskNotFound."""
        open_tasks = self.to_do
        found = matching(text, [task.text for task in open_tasks])
        if len(found) != 1:
            raise TaskNotFound(text, self.name, tuple(task.text for task in open_tasks))
        done = open_tasks[found[0]]
        done.done_at = at
        return done

    def finish_numbered(self, task_id: int, *, at: datetime) -> Task:
        """Also one that is done already, as a button may be pressed twice. Raises TaskNotFound."""
        task = next((each for each in self.tasks if each.id == task_id and not each.is_set_aside), None)
        if task is None:
            raise TaskNotFound(f"#{task_id}", self.name, tuple(each.text for each in self.to_do))
        task.done_at = task.done_at or at
        return task

    # As it moves

    def take_up(self, stage: Stage, *, by: Member | None, at: datetime) -> None:
        """What the stage asks for and is not still to be done from before: again what was set aside when the latest
        move into it was taken back, else anew."""
        mine = self._tasks_of(stage)
        asked = {task.text for task in mine if task.is_open}
        aside = [task for task in mine if task.is_set_aside and task.text not in asked]
        latest = max((task.set_at for task in aside), default=at)
        for task in (each for each in aside if each.set_at == latest):
            later = self.local_date(at) - self.local_date(task.set_at)
            task.due = task.due + later if task.due and task.done_at is None else task.due
            task.is_set_aside, task.set_at = False, at
            asked.add(task.text)
        for planned in (each for each in stage.tasks if each.text not in asked):
            self.tasks.append(
                Task(
                    workspace_id=self.workspace_id,
                    text=planned.text,
                    due=self._due(planned, at),
                    set_at=at,
                    by_id=by.id if by else None,
                    stage_id=stage.id,
                    is_set_aside=False,
                )
            )

    def set_aside(self, taken_back: StageChange) -> None:
        """What was taken up by a move that is taken back."""
        for task in self._tasks_of(self.pipeline.stage_now(taken_back.to_stage_id)):
            task.is_set_aside = task.is_set_aside or task.set_at == taken_back.at

    def _tasks_of(self, stage: Stage) -> list[Task]:
        return [task for task in self.tasks if self._is_of(task, stage)]

    def _is_of(self, task: Task, stage: Stage) -> bool:
        """Whether the playbook of that stage, or of one that it took over, made a task."""
        mine = [each.id for each in self.pipeline.every_stage if stage.id in (each.id, each.retired_into_id)]
        return task.stage_id in mine

    def _due(self, planned: PlannedTask, at: datetime) -> date | None:
        if planned.days is None:
            return None
        today = self.local_date(at)
        if not planned.in_working_days:
            return today + timedelta(days=planned.days)
        return (self.owner.working_days if self.owner else WorkingDays("", "UTC")).after(today, planned.days)
