"""A pipeline is the ordered list of stages that a team's deals go through."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, WriteOnlyMapped, mapped_column, relationship

from models.base import Base, enum_column
from models.errors import PipelineInvalid, PlaybookFull, PlaybookHasNot, StageNotFound
from models.playbook import MOST, Message, PlannedTask
from models.stage_count import StageCount
from models.stalling import Wait
from models.texts import NAME_LIMIT, PHRASE_LIMIT, clean, clean_or_empty, matching, name_key
from models.workspace import InWorkspace


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    AFTER_SALES = "after_sales"
    LOST = "lost"


class Trade(StrEnum):
    """What kind of business a template is for; the words that people type."""

    B2B = "b2b"
    RETAIL = "retail"
    FINANCE = "finance"


@dataclass(frozen=True)
class StagePlan:
    """A stage as it is written down before there is a pipeline."""

    name: str
    kind: StageKind = StageKind.OPEN
    goal: str = ""
    exit_criteria: str = ""
    stalled_after_days: int | None = None
    tasks: tuple[PlannedTask, ...] = ()
    messages: tuple[Message, ...] = ()


class Stage(InWorkspace, Base):
    """One step of a pipeline. A deal waiting in it for `stalled_after_days` counts as stalled; None means never.

    `position` is its place from 0, below 0 once it is retired.
    """

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("pipeline_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    position: Mapped[int]
    kind: Mapped[StageKind] = mapped_column(enum_column(StageKind))
    goal: Mapped[str] = mapped_column(Text, default="")
    exit_criteria: Mapped[str] = mapped_column(Text, default="")
    stalled_after_days: Mapped[int | None]
    """In working days of the deal's owner; see models.stalling."""
    usual_days_in_stage: Mapped[int | None]
    usual_days_quiet: Mapped[int | None]
    stays_learnt_from: Mapped[int] = mapped_column(default=0)
    """Learnt from the team's own past each night."""
    playbook: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What its `tasks` are made from."""
    messages: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What its `templates` are made from."""
    inserted_at: Mapped[datetime | None]
    """When it was put between others, or the first deal was in it; None where it, or one that it took over, is as old
    as its pipeline."""
    retired_into_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    """The stage that took over its deals and its past; None while it is in use."""
    retired_into: Mapped["Stage | None"] = relationship(remote_side="Stage.id", viewonly=True)

    @classmethod
    def planned(cls, plan: StagePlan, position: int, *, workspace_id: str) -> "Stage":
        return cls(
            workspace_id=workspace_id,
            name=clean(plan.name, field="stage", limit=NAME_LIMIT),
            position=position,
            kind=plan.kind,
            goal=plan.goal,
            exit_criteria=plan.exit_criteria,
            stalled_after_days=plan.stalled_after_days,
            playbook=[task.as_row() for task in plan.tasks],
            messages=[message.as_row() for message in plan.messages],
        )

    @property
    def is_open(self) -> bool:
        return self.kind is StageKind.OPEN

    def wait(self, *, in_stage: int, quiet: int) -> Wait | None:
        """That of a deal which has stood here, and been silent, for so many working days; None where none stalls."""
        if self.stalled_after_days is None:
            return None
        return Wait(
            in_stage=in_stage,
            quiet=quiet,
            limit=self.stalled_after_days,
            usual_in_stage=self.usual_days_in_stage,
            usual_quiet=self.usual_days_quiet,
            stays=self.stays_learnt_from,
        )

    @property
    def tasks(self) -> list[PlannedTask]:
        """What a deal is given to do when it enters."""
        return [PlannedTask(**row) for row in self.playbook]

    @property
    def templates(self) -> list[Message]:
        """What is sent to customers whose deals are there."""
        return [Message(**row) for row in self.messages]

    def plan_task(self, task: PlannedTask) -> None:
        """For deals that enter from now on; one of the same text gives way. Raises PlaybookFull."""
        self.playbook = self._with(self.playbook, task.as_row(), "text")

    def drop_task(self, text: str) -> str:
        """Its whole text. Deals that have it keep it. Raises PlaybookHasNot."""
        self.playbook, gone = self._without(self.playbook, text, "text")
        return gone

    def keep_template(self, message: Message) -> None:
        """One of the same name gives way. Raises PlaybookFull."""
        self.messages = self._with(self.messages, message.as_row(), "name")

    def drop_template(self, name: str) -> str:
        """Its whole name. Raises PlaybookHasNot."""
        self.messages, gone = self._without(self.messages, name, "name")
        return gone

    def template_named(self, text: str, *, shown: Sequence[str]) -> Message:
        """By its name as it is `shown` for a deal, one of each template, or as it was kept. Raises PlaybookHasNot."""
        with suppress(PlaybookHasNot):
            return self.templates[self._place(shown, text)]
        return self.templates[self._place([each.name for each in self.templates], text, told=shown)]

    def take_over(self, tasks: Iterable[PlannedTask], messages: Iterable[Message]) -> tuple[int, int]:
        """What it has not yet, as far as there is room; how many tasks and messages those are."""
        before = len(self.playbook), len(self.messages)
        self.playbook = _joined(self.playbook, [each.as_row() for each in tasks], "text")
        self.messages = _joined(self.messages, [each.as_row() for each in messages], "name")
        return len(self.playbook) - before[0], len(self.messages) - before[1]

    def _with(self, rows: list[dict[str, Any]], fresh: dict[str, Any], key: str) -> list[dict[str, Any]]:
        same = [place for place, row in enumerate(rows) if name_key(row[key]) == name_key(fresh[key])]
        if same:
            return [*rows[: same[0]], fresh, *rows[same[0] + 1 :]]
        if len(rows) >= MOST:
            raise PlaybookFull(self.name, MOST)
        return [*rows, fresh]

    def _without(self, rows: list[dict[str, Any]], text: str, key: str) -> tuple[list[dict[str, Any]], str]:
        place = self._place([row[key] for row in rows], text)
        return [*rows[:place], *rows[place + 1 :]], rows[place][key]

    def _place(self, texts: Sequence[str], text: str, *, told: Sequence[str] = ()) -> int:
        """The only one that begins so, else the only one that is meant. Raises PlaybookHasNot with those `told`."""
        found = matching(text, texts)
        begun = [place for place in found if name_key(texts[place]).startswith(name_key(text))]
        if len(begun or found) != 1:
            raise PlaybookHasNot(text, self.name, tuple(told or texts))
        return (begun or found)[0]

    def set_goal(self, text: str) -> None:
        """What a rep is to reach there; empty text clears it."""
        self.goal = clean_or_empty(text, field="goal", limit=PHRASE_LIMIT)

    def set_exit_criteria(self, text: str) -> None:
        """When a deal is done there and goes on; empty text clears it."""
        self.exit_criteria = clean_or_empty(text, field="exit_criteria", limit=PHRASE_LIMIT)


class Pipeline(InWorkspace, Base):
    """An ordered list of stages: open ones, then won, then after-sales, and lost at the end."""

    __tablename__ = "pipeline"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    is_default: Mapped[bool]
    trade: Mapped[Trade | None] = mapped_column(enum_column(Trade))
    """Whose template it was made from, whatever has become of the stages; None where they are the team's own."""
    every_stage: Mapped[list[Stage]] = relationship(order_by=Stage.position, lazy="selectin")
    """Also the retired ones, which histories name."""
    counts: WriteOnlyMapped[StageCount] = relationship()
    """What deals in it add to the figures of its stages; each move adds its own (models.stage_counts)."""

    @property
    def stages(self) -> list[Stage]:
        """Those in use, in their order."""
        in_use = [stage for stage in self.every_stage if stage.retired_into_id is None]
        return sorted(in_use, key=lambda stage: stage.position)

    def stage_now(self, stage_id: int) -> Stage:
        """The stage that an id in a history means today: that stage, or the one that took it over."""
        by_id = {stage.id: stage for stage in self.every_stage}
        return by_id[by_id[stage_id].retired_into_id or stage_id]

    def stages_by_id(self) -> dict[int, Stage]:
        """Of every stage that a history may name, the stage that it means today."""
        return {stage.id: self.stage_now(stage.id) for stage in self.every_stage}

    def stage_named(self, text: str) -> Stage:
        """The stage that a name, its beginning or a small misspelling means. Raises StageNotFound."""
        found = matching(text, [stage.name for stage in self.stages])
        if len(found) != 1:
            raise StageNotFound(text, tuple(stage.name for stage in self.stages))
        return self.stages[found[0]]

    def stage_once_named(self, text: str) -> Stage | None:
        """The one in use that was, or took over, a stage of exactly this name."""
        former = (stage for stage in self.every_stage if name_key(stage.name) == name_key(text))
        return next((self.stage_now(stage.id) for stage in former), None)

    def stage_after(self, stage: Stage) -> Stage | None:
        """The next stage ahead; None at the end, and for lost, which leads nowhere."""
        if stage.kind is StageKind.LOST:
            return None
        ahead = [each for each in self.stages if each.position > stage.position]
        return next((each for each in ahead if each.kind is not StageKind.LOST), None)

    @property
    def first(self) -> Stage:
        return self.stages[0]

    @property
    def won(self) -> Stage:
        return next(stage for stage in self.stages if stage.kind is StageKind.WON)

    @property
    def lost(self) -> Stage:
        return next(stage for stage in self.stages if stage.kind is StageKind.LOST)

    @property
    def open_stages(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.is_open]


STALLED_AFTER_DAYS = 14
"""When a deal counts as stalled in an open stage of which no more is known than its name."""


_KINDS = {
    **{str(kind): kind for kind in StageKind},
    "赢单": StageKind.WON,
    "售后": StageKind.AFTER_SALES,
    "丢单": StageKind.LOST,
    "输单": StageKind.LOST,
}


def stages_from_text(text: str) -> tuple[StagePlan, ...]:
    """Reads "Lead,Demo,Offer,Signed:won,Dropped:lost"; a stage without a kind is open, and deals stall in it.

    Raises PipelineInvalid for an unknown kind.
    """
    plans = []
    for part in re.split("[,，、]", text):
        name, kind = [*re.split("[:：](?=[^:：]*$)", part, maxsplit=1), "open"][:2]
        known = _KINDS.get(kind.strip().lower().replace("-", "_").replace(" ", "_"))
        if known is None:
            raise PipelineInvalid("kind_unknown")
        stalled_after = STALLED_AFTER_DAYS if known is StageKind.OPEN else None
        plans.append(StagePlan(name.strip(), known, stalled_after_days=stalled_after))
    return tuple(plans)


def in_order(plans: Sequence[StagePlan]) -> list[StagePlan]:
    """Open stages, won, after-sales, lost; within a kind as they were given."""
    order = list(StageKind)
    arranged = sorted(plans, key=lambda plan: order.index(plan.kind))
    kinds = [plan.kind for plan in arranged]
    if StageKind.OPEN not in kinds:
        raise PipelineInvalid("no_open_stage")
    if kinds.count(StageKind.WON) != 1:
        raise PipelineInvalid("one_won_stage")
    if kinds.count(StageKind.LOST) > 1:
        raise PipelineInvalid("one_lost_stage")
    if StageKind.LOST not in kinds:
        arranged.append(StagePlan("Lost", StageKind.LOST))
    if len({name_key(plan.name) for plan in arranged}) != len(arranged):
        raise PipelineInvalid("stage_twice")
    return arranged


def _joined(rows: Sequence[dict[str, Any]], more: Iterable[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    known = {name_key(row[key]) for row in rows}
    return [*rows, *(row for row in more if name_key(row[key]) not in known)][: max(MOST, len(rows))]


def kept_in_use(session: Session, pipeline_id: int) -> Pipeline:
    """The pipeline with its stages as they are now; nobody changes them until the transaction ends."""
    shared = select(Pipeline).where(Pipeline.id == pipeline_id).with_for_update(read=True)
    return session.scalars(shared.execution_options(populate_existing=True)).one()
