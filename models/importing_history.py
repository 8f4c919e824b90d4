"""Takes over what a CRM recorded of its deals' moves: one row for each deal, stage, time it was entered, and by whom.

What an import had concluded from a deal's dates gives way to the recorded history; moves made in Slack stand. So a row
that comes before one of those and tells another story is refused: the past is not rewritten under people's feet.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.activity import Revision
from models.csv_files import CsvRow, read_csv
from models.database import Database
from models.deal import Deal, DealField
from models.errors import DomainError, StageNotFound
from models.history import Change, StageChange, Via, standings
from models.importing_columns import HistoryColumn, history_columns
from models.importing_lookups import KnownDeal, People, batches, looked_up
from models.importing_moves import Entry, NewMove, count_moves, moves_of, moves_written, stand, write_moves
from models.importing_reports import ImportReport, Progress, Tally, write_rejects
from models.importing_rows_of_deals import RowsOfDeals
from models.importing_stages import known_stage
from models.moving_errors import MovedInThePast
from models.pipeline import Pipeline, Stage
from models.pipelines import Pipelines
from models.texts import NAME_LIMIT, NOTE_LIMIT, PHRASE_LIMIT, clean_or_empty, is_no_reason, name_key
from models.workspace import Workspace, workspace_of

_BATCH = 200
"""Deals in a transaction; each may have dozens of moves."""


def import_history(
    database: Database,
    team_id: str,
    path: Path,
    *,
    at: datetime,
    rejects: Path,
    progress: Progress = lambda _done, _total: None,
    wording: Callable[[DomainError], str] = str,
) -> ImportReport:
    """Add recorded moves to deals that are there; counts are of rows. The same file twice changes nothing.

    Rows may come in any order; a deal's rows of one moment happened as they stand in the file.

    Raises FileIsEmpty, FileIsNotText, FileIsBroken, ColumnsMissing.
    """
    file = read_csv(path)
    with looked_up(database, team_id, at=at) as (session, workspace):
        reader = _Reader(session, workspace, file, history_columns(file.header), at=at)
        people = People(session, workspace, at=at)
    tally = Tally()
    told = reader.by_deal(tally)
    for rows in told.values():
        rows.sort(key=lambda each: each.entry.at)
    stages = {stage_id: stage for each in reader.pipelines.values() for stage_id, stage in each.stages_by_id().items()}
    done = tally.rejected
    total = done + sum(map(len, told.values()))
    for deal_ids in batches(told, _BATCH):
        with database.begin() as session:
            workspace = workspace_of(session, team_id, at=at)
            Pipelines(session, workspace).expect_in_use(stages.values())
            retelling = _Retelling(session, workspace, people, stages, tally)
            retelling.write({deal_id: told[deal_id] for deal_id in deal_ids})
        done += sum(len(told[deal_id]) for deal_id in deal_ids)
        progress(done, total)
    write_rejects(file, tally.bad_rows, rejects, wording)
    return tally.report(members_made=people.made, dates_assumed=reader.order_assumed)


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the file; `by` is whom it names."""

    line: int
    by: str
    entry: Entry


class _Reader(RowsOfDeals[_Told]):
    def _pipeline(self, row: CsvRow, pipeline_id: int) -> Pipeline:
        """The one that the row names, as the deal may have come from another; else the one that the deal is in."""
        named = name_key(self.cell(row, HistoryColumn.PIPELINE))
        return next(
            (each for each in self.pipelines.values() if name_key(each.name) == named), self.pipelines[pipeline_id]
        )

    def read(self, row: CsvRow, deal: KnownDeal) -> _Told:
        pipeline = self._pipeline(row, deal.pipeline_id)
        text = self.cell(row, HistoryColumn.STAGE)
        stage = known_stage(pipeline, text)
        if stage is None:
            raise StageNotFound(text[:NAME_LIMIT], tuple(each.name for each in pipeline.stages))
        why = self.cell(row, HistoryColumn.REASON)
        entry = Entry(
            stage=stage,
            at=self.moment(row, HistoryColumn.AT),
            reason="" if is_no_reason(why) else clean_or_empty(why, field="reason", limit=PHRASE_LIMIT),
            note=clean_or_empty(self.cell(row, HistoryColumn.NOTE), field="note", limit=NOTE_LIMIT),
            undoes=self.cell(row, HistoryColumn.CHANGE) == Change.UNDONE,
        )
        by = clean_or_empty(self.cell(row, HistoryColumn.BY), field="member", limit=NAME_LIMIT)
        return _Told(row.line, by, entry)


@dataclass(frozen=True)
class _Retelling:
    """Writes the histories of one lot of deals anew, as far as the file knows more of them."""

    session: Session
    workspace: Workspace
    people: People
    stages: Mapping[int, Stage]
    tally: Tally

    def write(self, told: Mapping[int, Sequence[_Told]]) -> None:
        held = (
            select(Deal.id, Deal.closed_at)
            .where(Deal.workspace_id == self.workspace.id, Deal.id.in_(told))
            .with_for_update()
        )
        closed = dict(self.session.execute(held).all())
        before = moves_written(self.session, self.workspace, list(told))
        after = {deal_id: self._retold(before[deal_id], rows) for deal_id, rows in told.items()}
        changed = {deal_id: moves for deal_id, moves in after.items() if moves != before[deal_id]}
        # What merely goes on is appended; what an import had concluded is written over.
        goes_on = {deal_id for deal_id, moves in changed.items() if moves[: len(before[deal_id])] == before[deal_id]}
        self.session.execute(
            delete(StageChange).where(
                StageChange.workspace_id == self.workspace.id, StageChange.deal_id.in_(changed.keys() - goes_on)
            )
        )
        write_moves(
            self.session,
            self.workspace,
            (
                (deal_id, move)
                for deal_id, moves in changed.items()
                for move in (moves[len(before[deal_id]) :] if deal_id in goes_on else moves)
            ),
        )
        stand(self.session, changed, self.stages)
        count_moves(
            self.session,
            self.workspace,
            before=[before[deal_id] for deal_id in changed],
            after=changed.values(),
            stages=self.stages,
        )
        self._learn_amounts_at_the_close(closed, changed)

    def _retold(self, before: list[NewMove], rows: Sequence[_Told]) -> list[NewMove]:
        recorded = [move for move in before if move.via is not Via.DERIVED]
        fresh = self._not_among(recorded, rows)
        if any(move.via is not Via.IMPORT for move in recorded):
            base, fresh = before, [row for row in fresh if self._goes_on(before, row)]
        else:
            base = recorded
        named = [replace(row.entry, by_id=self.people.id_of(row.by, self.session, self.workspace)) for row in fresh]
        entries = sorted([*self._entries(base), *named], key=lambda entry: entry.at)
        moves, retold = moves_of(entries, self.stages), moves_of(self._entries(base), self.stages)
        if moves[: len(retold)] == retold:  # what was written stays as it is, also of stages that were retired since
            moves = [*base, *moves[len(retold) :]]
        is_news = moves != base
        added = len(moves) - len(base) if is_news else 0
        self.tally.added += added
        self.tally.unchanged += len(rows) - added
        return moves if is_news else before

    def _not_among(self, moves: Iterable[NewMove], rows: Iterable[_Told]) -> list[_Told]:
        """The rows that no move was written for yet; two alike need two moves."""
        written = Counter((self.stages[move.to_stage_id].id, move.at) for move in moves)
        fresh = []
        for row in rows:
            same = (row.entry.stage.id, row.entry.at)
            if written[same]:
                written[same] -= 1
            else:
                fresh.append(row)
        return fresh

    def _goes_on(self, before: Sequence[NewMove], row: _Told) -> bool:
        """Whether the row comes after the moves that people made; one that they contradict is refused."""
        latest = before[-1].at
        if row.entry.at >= latest:
            return True
        until_then = standings(move for move in before if move.at <= row.entry.at)
        if not until_then or self.stages[until_then[-1].stage_id] is not row.entry.stage:
            fault = MovedInThePast(row.entry.stage.name, latest)
            self.tally.refuse(row.line, fault, {HistoryColumn.STAGE: row.entry.stage.name})
            self.tally.unchanged -= 1
        return False

    def _entries(self, moves: Iterable[NewMove]) -> list[Entry]:
        return [
            Entry(
                stage=self.stages[move.to_stage_id],
                at=move.at,
                by_id=move.by_id,
                reason=move.reason,
                note=move.note,
                undoes=move.change is Change.UNDONE,
                via=move.via,
            )
            for move in moves
        ]

    def _learn_amounts_at_the_close(
        self, closed: Mapping[int, datetime | None], changed: Mapping[int, Sequence[NewMove]]
    ) -> None:
        """An amount that an import learnt when the deal was closed must not be known before the recorded close."""
        for deal_id, moves in changed.items():
            recorded = standings(moves)[-1].closed_at
            if recorded != closed[deal_id] and closed[deal_id] is not None and recorded is not None:
                self.session.execute(
                    update(Revision)
                    .where(
                        Revision.workspace_id == self.workspace.id,
                        Revision.deal_id == deal_id,
                        Revision.field == DealField.AMOUNT.value,
                        Revision.by_id.is_(None),
                        Revision.at == closed[deal_id],
                    )
                    .values(at=recorded)
                )
