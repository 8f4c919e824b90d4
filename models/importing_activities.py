"""Takes over the notes, calls, e-mails and meetings that a CRM recorded; the same file twice adds nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from models.activity import Activity, ActivityKind
from models.csv_files import CsvRow, read_csv
from models.database import Database
from models.deal import Deal
from models.errors import ActivityKindUnknown, DomainError
from models.importing_columns import ActivityColumn, Columns, activity_columns, plain_words
from models.importing_lookups import KnownDeals, People, batches
from models.importing_reports import ImportReport, Progress, Tally, write_rejects
from models.importing_rows import past, refuse_broken, usual_order
from models.reading_cells import guess_date_order, order_is_open, read_timestamp
from models.reading_dates import DateOrder
from models.texts import NAME_LIMIT, NOTE_LIMIT, clean_or_empty
from models.workspace import Workspace, workspace_of

_BATCH = 500
"""Deals in a transaction."""
_SAMPLES = 1_000
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
    columns = activity_columns(file.header)
    samples = [columns.cell(row.cells, ActivityColumn.AT) for row in islice(file.rows(), _SAMPLES)]
    with database.begin() as session:
        workspace = workspace_of(session, team_id, at=at)
        reader = _Reader(
            columns=columns,
            deals=KnownDeals(session, workspace),
            order=guess_date_order(samples, otherwise=usual_order(file, workspace.locale)),
            zone=ZoneInfo(workspace.time_zone),
            width=len(file.header),
            at=at,
        )
        people = People(session, workspace, at=at)
    tally = Tally()
    told = reader.by_deal(file.rows(), tally)
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
    assumed = reader.order if order_is_open(samples) else None
    return tally.report(members_made=people.made, dates_assumed=assumed)


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the file."""

    kind: ActivityKind
    at: datetime
    text: str
    by: str


@dataclass(frozen=True)
class _Reader:
    columns: Columns
    deals: KnownDeals
    order: DateOrder
    zone: tzinfo
    width: int
    at: datetime

    def by_deal(self, rows: Iterable[CsvRow], tally: Tally) -> dict[int, list[_Told]]:
        """All rows by the ids of their deals."""
        told: dict[int, list[_Told]] = defaultdict(list)
        for row in rows:
            try:
                deal = self.deals.find(self._cell(row, ActivityColumn.ID), self._cell(row, ActivityColumn.DEAL))
                told[deal.id].append(self._read(row))
            except DomainError as fault:
                tally.refuse(row.line, fault, self.columns.filled(row.cells))
        return told

    def _read(self, row: CsvRow) -> _Told:
        """Raises a DomainError that says what is wrong with the row."""
        refuse_broken(row, self.width)
        kind, moment = self._cell(row, ActivityColumn.KIND), self._cell(row, ActivityColumn.AT)
        if plain_words(kind) not in _KINDS:
            raise ActivityKindUnknown(kind[:NAME_LIMIT], tuple(ActivityKind))
        return _Told(
            kind=_KINDS[plain_words(kind)],
            at=past(read_timestamp(moment, order=self.order, zone=self.zone), moment, at=self.at),
            text=clean_or_empty(self._cell(row, ActivityColumn.TEXT), field="note", limit=NOTE_LIMIT),
            by=clean_or_empty(self._cell(row, ActivityColumn.BY), field="member", limit=NAME_LIMIT),
        )

    def _cell(self, row: CsvRow, column: ActivityColumn) -> str:
        return self.columns.cell(row.cells, column)


def _write(session: Session, workspace: Workspace, people: People, told: Mapping[int, Sequence[_Told]]) -> int:
    """Write what is not there yet; how many that were. Two rows alike are two activities."""
    written = select(Activity.deal_id, Activity.kind, Activity.at, Activity.text).where(
        Activity.workspace_id == workspace.id, Activity.deal_id.in_(told)
    )
    there = Counter((deal_id, kind, at, text) for deal_id, kind, at, text in session.execute(written))
    fresh = []
    for deal_id, rows in told.items():
        for row in rows:
            same = (deal_id, row.kind, row.at, row.text)
            if there[same]:
                there[same] -= 1
            else:
                fresh.append((deal_id, row))
    if fresh:
        session.execute(
            insert(Activity),
            [
                {
                    "workspace_id": workspace.id,
                    "deal_id": deal_id,
                    "kind": row.kind,
                    "text": row.text,
                    "at": row.at,
                    "by_id": people.id_of(row.by, session, workspace),
                }
                for deal_id, row in fresh
            ],
        )
        _remember_latest(session, fresh)
    return len(fresh)


def _remember_latest(session: Session, fresh: Sequence[tuple[int, _Told]]) -> None:
    latest: dict[int, datetime] = {}
    for deal_id, row in fresh:
        latest[deal_id] = max(row.at, latest.get(deal_id, row.at))
    table = Deal.__table__
    is_newer = or_(table.c.last_activity_at.is_(None), table.c.last_activity_at < bindparam("latest"))
    session.connection().execute(
        update(Deal.__table__)  # type: ignore[arg-type]  # a declarative class always has a Table
        .where(table.c.id == bindparam("its_id"), is_newer)
        .values(last_activity_at=bindparam("latest"), version=table.c.version + 1),
        [{"its_id": deal_id, "latest": moment} for deal_id, moment in latest.items()],
    )
