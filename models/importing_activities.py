"""Takes over what was done about deals: notes, calls, e-mails and meetings that a CRM recorded, and, as our own exports
have them, what customers answered and the tasks of playbooks; the same file twice adds nothing."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from models.activity import Activity, ActivityKind, Task
from models.aftercare import Satisfaction, score_in
from models.csv_files import CsvRow, read_csv
from models.database import Database
from models.deal import Deal
from models.errors import DomainError, StageNotFound
from models.importing_columns import ActivityColumn, activity_columns, plain_words
from models.importing_errors import ActivityKindUnknown
from models.importing_lookups import KnownDeal, People, batches, looked_up
from models.importing_reports import ImportReport, Progress, Tally, write_rejects
from models.importing_rows_of_deals import RowsOfDeals
from models.importing_stages import known_stage
from models.pipeline import Stage
from models.reading_cells import read_timestamp
from models.texts import NAME_LIMIT, NOTE_LIMIT, PHRASE_LIMIT, clean, clean_or_empty
from models.workspace import Workspace, workspace_of

_BATCH = 500
"""Deals in a transaction."""
_KINDS = {
    word: kind
    for kind, words in {
        ActivityKind.NOTE: "note|notes|comment|memo|备注|记录",
        ActivityKind.CALL: "call|phone|phone call|logged call|电话|通话",
        ActivityKind.EMAIL: "email|e mail|mail|incoming email|邮件|电子邮件",
        ActivityKind.MEETING: "meeting|visit|demo|lunch|appointment|会议|拜访|会面",
    }.items()
    for word in words.split("|")
}
ANSWER, TASK = "satisfaction", "task"
"""What stands for the kind of a customer's answer, and of something to do."""
_ALIKE: dict[type[Activity | Satisfaction | Task], Sequence[str]] = {
    Activity: ("kind", "at", "text"),
    Satisfaction: ("score", "at", "comment"),
    Task: ("stage_id", "set_at", "text"),
}
"""By what a row is told to be there already."""


def import_activities(
    database: Database,
    team_id: str,
    path: Path,
    *,
    at: datetime,
    rejects: Path,
    progress: Progress = lambda _done, _total: None,
    wording: Callable[[DomainError], str] = str,
) -> ImportReport:
    """Add what was done about deals that are there.

    Raises FileIsEmpty, FileIsNotText, FileIsBroken, ColumnsMissing.
    """
    file = read_csv(path)
    with looked_up(database, team_id, at=at) as (session, workspace):
        reader = _Reader(session, workspace, file, activity_columns(file.header), at=at)
        people = People(session, workspace, at=at)
    tally = Tally()
    told = reader.by_deal(tally)
    done = tally.rejected
    total = done + sum(map(len, told.values()))
    for deal_ids in batches(told, _BATCH):
        rows = {deal_id: told[deal_id] for deal_id in deal_ids}
        with database.begin() as session:
            workspace = workspace_of(session, team_id, at=at)
            added = _write(session, workspace, people, rows)
        tally.added += added
        tally.unchanged += sum(map(len, rows.values())) - added
        done += sum(map(len, rows.values()))
        progress(done, total)
    write_rejects(file, tally.bad_rows, rejects, wording)
    return tally.report(members_made=people.made, dates_assumed=reader.order_assumed)


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the file: what it becomes, with the values of that, and whom it names."""

    row: type[Activity | Satisfaction | Task]
    values: Mapping[str, Any]
    by: str

    @property
    def alike(self) -> tuple[Any, ...]:
        return tuple(self.values[name] for name in _ALIKE[self.row])


class _Reader(RowsOfDeals[_Told]):
    def read(self, row: CsvRow, deal: KnownDeal) -> _Told:
        by = clean_or_empty(self.cell(row, ActivityColumn.BY), field="member", limit=NAME_LIMIT)
        kind, at = plain_words(self.cell(row, ActivityColumn.KIND)), self.moment(row, ActivityColumn.AT)
        text = self.cell(row, ActivityColumn.TEXT)
        if kind == TASK:
            return _Told(Task, self._task(row, deal, at, clean(text, field="task", limit=PHRASE_LIMIT)), by)
        text = clean_or_empty(text, field="note", limit=NOTE_LIMIT)
        if kind == ANSWER:
            score = score_in(self.cell(row, ActivityColumn.SCORE))
            return _Told(Satisfaction, {"score": score, "at": at, "comment": text}, by)
        if kind not in _KINDS:
            told = self.cell(row, ActivityColumn.KIND)[:NAME_LIMIT]
            raise ActivityKindUnknown(told, (*ActivityKind, ANSWER, TASK))
        return _Told(Activity, {"kind": _KINDS[kind], "at": at, "text": text}, by)

    def _task(self, row: CsvRow, deal: KnownDeal, at: datetime, text: str) -> dict[str, Any]:
        """Of a playbook, or a next step that is done: the open one stands in the file of deals."""
        due = self.cell(row, ActivityColumn.DUE)
        done_at = self.moment(row, ActivityColumn.DONE_AT) if self.cell(row, ActivityColumn.DONE_AT) else None
        stage = self.cell(row, ActivityColumn.STAGE)
        return {
            "stage_id": self._stage(stage, deal).id if stage or done_at is None else None,
            "set_at": at,
            "text": text,
            "due": read_timestamp(due, order=self.order, zone=self.zone).astimezone(self.zone).date() if due else None,
            "done_at": done_at,
            "is_set_aside": False,
        }

    def _stage(self, text: str, deal: KnownDeal) -> Stage:
        """Of the pipeline that the deal is in, else of another, which it may have come from. Raises StageNotFound."""
        own = self.pipelines[deal.pipeline_id]
        for pipeline in (own, *self.pipelines.values()):
            if stage := known_stage(pipeline, text):
                return stage
        raise StageNotFound(text[:NAME_LIMIT], tuple(each.name for each in own.stages))


def _write(session: Session, workspace: Workspace, people: People, told: Mapping[int, Sequence[_Told]]) -> int:
    """Write what is not there yet; how many that were. Two rows alike are two activities."""
    added = 0
    for kind, names in _ALIKE.items():
        written = select(kind.deal_id, *(getattr(kind, name) for name in names)).where(
            kind.workspace_id == workspace.id, kind.deal_id.in_(told)
        )
        there = Counter((deal_id, tuple(alike)) for deal_id, *alike in session.execute(written))
        fresh = []
        for deal_id, rows in told.items():
            for row in (each for each in rows if each.row is kind):
                if there[deal_id, row.alike]:
                    there[deal_id, row.alike] -= 1
                else:
                    fresh.append((deal_id, row))
        if not fresh:
            continue
        session.execute(
            insert(kind),
            [
                {
                    "workspace_id": workspace.id,
                    "deal_id": deal_id,
                    "by_id": people.id_of(row.by, session, workspace),
                    **row.values,
                }
                for deal_id, row in fresh
            ],
        )
        if kind is Activity:
            _remember_latest(session, fresh)
        added += len(fresh)
    return added


def _remember_latest(session: Session, fresh: Sequence[tuple[int, _Told]]) -> None:
    latest: dict[int, datetime] = {}
    for deal_id, row in fresh:
        at = row.values["at"]
        latest[deal_id] = max(at, latest.get(deal_id, at))
    table = Deal.__table__
    is_newer = or_(table.c.last_activity_at.is_(None), table.c.last_activity_at < bindparam("latest"))
    session.connection().execute(
        update(Deal.__table__)  # type: ignore[arg-type]  # a declarative class always has a Table
        .where(table.c.id == bindparam("its_id"), is_newer)
        .values(last_activity_at=bindparam("latest"), version=table.c.version + 1),
        [{"its_id": deal_id, "latest": moment} for deal_id, moment in latest.items()],
    )
