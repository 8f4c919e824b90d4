"""Takes over the deals of another CRM from the CSV file that it exports; the same file twice changes nothing.

Rows go in by the hundred, each lot in a transaction of its own: after an interruption the same command goes on. A row
that cannot be read is refused whole and kept in the rejects file, so that a deal is never half of what it was.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.activity import Revision, Task
from models.csv_files import CsvRow, read_csv
from models.database import Database
from models.deal import Deal, DealField, plain_money
from models.errors import DomainError, PipelineDiffers, PipelineNotFound
from models.history import standings
from models.importing_columns import Columns, deal_columns
from models.importing_errors import RowRepeated
from models.importing_lookups import People, batches, own_key, undo
from models.importing_moves import count_moves, moves_of, standing_values, write_moves
from models.importing_reports import ImportReport, Progress, Tally, write_rejects
from models.importing_rows import DealReader, DealRow, usual_order
from models.importing_survey import expect_known, survey_of
from models.importing_updates import Updates
from models.pipeline import Pipeline, Stage, StageKind, StagePlan, in_order
from models.pipelines import Pipelines
from models.reading_cells import order_is_open
from models.texts import name_key
from models.workspace import Workspace, one_at_a_time, workspace_of

BATCH = 500


def import_deals(
    database: Database,
    team_id: str,
    path: Path,
    *,
    at: datetime,
    rejects: Path,
    columns: Mapping[str, str] | None = None,
    pipeline: str = "",
    stages: Sequence[StagePlan] = (),
    progress: Progress = lambda _done, _total: None,
    wording: Callable[[DomainError], str] = str,
) -> ImportReport:
    """Add the deals of a file, and bring those up to date that are there already.

    `columns` says what a column means where its name does not (see DealColumn). `pipeline` names the one that all the
    deals go to, made of `stages` when it is not there; without it each goes to the one its row names, else to the
    default one. `wording` turns a fault into the sentence that the rejects file has beside the row.

    Raises FileIsEmpty, FileIsNotText, FileIsBroken, ColumnsMissing, ColumnUnknown, FieldUnknown, PipelineNotFound,
    PipelineDiffers, PipelineInvalid, StagesUnknown; then nothing was imported, except for lots before a FileIsBroken.
    Where no row fits, no workspace, pipeline or field is made either.
    """
    file = read_csv(path)
    found = deal_columns(file.header, columns or {})
    survey = survey_of(file, found)
    with database.begin() as session:
        workspace = workspace_of(session, team_id, at=at)
        target, stages_made = _pipeline(Pipelines(session, workspace), pipeline, stages)
        one_at_a_time(session, workspace)
        before = tuple(workspace.custom_fields)
        found = Columns(found.places, {place: workspace.add_field(found.others[place]) for place in survey.filled})
        fields_made = [each for each in workspace.custom_fields if each not in before]
        people = People(session, workspace, at=at)
        every = Pipelines(session, workspace).all()
        named = {} if pipeline else {name_key(each.name): each for each in every}
        expect_known(survey.stages, named, target, every)
        otherwise = usual_order(file, workspace.locale)
        reader = DealReader(
            columns=found,
            date_orders=survey.date_orders(otherwise=otherwise),
            pipelines=named,
            pipeline=target,
            currency=workspace.currency,
            zone=ZoneInfo(workspace.time_zone),
            width=len(file.header),
            at=at,
        )
        where_to = target.name
        if not any(reader.fits(row) for row in file.rows()):
            stages_made, fields_made = (), []
            undo(session)
    stages_by_id = {stage_id: stage for each in every for stage_id, stage in each.stages_by_id().items()}
    run = _Run(database, team_id, reader, people, stages_by_id, at)
    done = 0
    for rows in batches(file.rows(), BATCH):
        run.take(rows)
        done += len(rows)
        progress(done, survey.rows)
    run.link()
    write_rejects(file, run.tally.bad_rows, rejects, wording)
    return run.tally.report(
        members_made=people.made,
        stages_made=stages_made,
        fields_made=fields_made,
        columns={file.header[place]: column for column, places in found.places.items() for place in places},
        pipeline=where_to,
        dates_assumed=otherwise if any(map(order_is_open, survey.samples.values())) else None,
    )


@dataclass
class _Run:
    """One import on its way: what it has seen and what came of it."""

    database: Database
    team_id: str
    reader: DealReader
    people: People
    stages: Mapping[int, Stage]
    at: datetime
    lines: dict[str, int] = field(default_factory=dict)
    """Where each deal stood, by its key."""
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By the key of a deal those of the one that it renews, and of the one that it was sent by."""
    tally: Tally = field(default_factory=Tally)

    def take(self, rows: Sequence[CsvRow]) -> None:
        """Read a lot of rows and write what they say, all in one transaction."""
        readable = [deal for row in rows if (deal := self._read(row))]
        if not readable:
            return
        with self.database.begin() as session:
            workspace = workspace_of(session, self.team_id, at=self.at)
            Pipelines(session, workspace).expect_in_use(self.stages.values())
            known = _known(session, workspace, [deal.key for deal in readable])
            fresh = [deal for deal in readable if deal.key not in known]
            self._add(session, workspace, fresh)
            updates = Updates(session, workspace, self.people, self.stages, at=self.at)
            changed = updates.bring({known[deal.key]: deal for deal in readable if deal.key in known})
        self.tally.pipelines_unknown.update(deal.pipeline_unknown for deal in fresh if deal.pipeline_unknown)
        self.tally.added += len(fresh)
        self.tally.stayed += updates.stayed
        self.tally.updated += changed
        self.tally.unchanged += len(readable) - len(fresh) - changed

    def _read(self, row: CsvRow) -> DealRow | None:
        try:
            deal = self.reader.read(row)
            if deal.key in self.lines:
                raise RowRepeated(self.lines[deal.key])
        except DomainError as fault:
            self.tally.refuse(row.line, fault, self.reader.columns.filled(row.cells))
            return None
        self.lines[deal.key] = row.line
        if deal.renews or deal.referred_by:
            self.links[deal.key] = (deal.renews, deal.referred_by)
        return deal

    def link(self) -> None:
        """Which deals renew another one, or were sent by its customer; all of a file are there by now."""
        for keys in batches(self.links, BATCH):
            with self.database.begin() as session:
                workspace = workspace_of(session, self.team_id, at=self.at)
                named = [each for key in keys for each in (key, *self.links[key])]
                known = _known(session, workspace, named)
                told = {known[key]: self.links[key] for key in keys if key in known}
                for deal in session.scalars(select(Deal).where(Deal.id.in_(told))):
                    renews, referred_by = told[deal.id]
                    deal.follows_id = deal.follows_id or known.get(renews)
                    deal.referred_by_id = deal.referred_by_id or known.get(referred_by)

    def _add(self, session: Session, workspace: Workspace, rows: Sequence[DealRow]) -> None:
        if not rows:
            return
        histories = [moves_of(row.entries, self.stages) for row in rows]
        adding = insert(Deal).returning(Deal.id, sort_by_parameter_order=True)
        ids = session.scalars(
            adding,
            [
                {
                    "workspace_id": workspace.id,
                    "external_id": row.key,
                    "name": row.name,
                    "name_key": name_key(row.name),
                    "company": row.company,
                    "contact": row.contact,
                    "source": row.source,
                    "amount": row.money.amount if row.money is not None else None,
                    "currency": row.currency,
                    "close_date": row.close_date,
                    "forecast": row.forecast,
                    "renews_on": row.renews_on,
                    "custom": dict(row.custom),
                    "owner_id": self.people.id_of(row.owner, session, workspace),
                    "pipeline_id": row.stage.pipeline_id,
                    "created_at": moves[0].at,
                    "last_activity_at": None,
                    "version": 1,
                    **standing_values(standings(moves)[-1]),
                }
                for row, moves in zip(rows, histories, strict=True)
            ],
        ).all()
        write_moves(
            session,
            workspace,
            ((deal_id, move) for deal_id, moves in zip(ids, histories, strict=True) for move in moves),
        )
        count_moves(session, workspace, before=[], after=histories, stages=self.stages)
        later_known = [
            {
                "workspace_id": workspace.id,
                "deal_id": deal_id,
                "field": DealField.AMOUNT.value,
                "old": "",
                "new": plain_money(row.money),
                "at": row.money_since,
                "by_id": None,
            }
            for deal_id, row in zip(ids, rows, strict=True)
            if row.money_since
        ]
        steps = [
            {
                "workspace_id": workspace.id,
                "deal_id": deal_id,
                "text": row.next_step,
                "due": row.next_step_due,
                "set_at": self.at,
                "done_at": None,
                "by_id": None,
                "is_set_aside": False,
            }
            for deal_id, row in zip(ids, rows, strict=True)
            if row.next_step
        ]
        if later_known:
            session.execute(insert(Revision), later_known)
        if steps:
            session.execute(insert(Task), steps)


def _pipeline(pipelines: Pipelines, name: str, stages: Sequence[StagePlan]) -> tuple[Pipeline, tuple[str, ...]]:
    """The pipeline that was asked for, and the names of the stages that were made for it."""
    if not name:
        return pipelines.default(), ()
    same = [each for each in pipelines.all() if name_key(each.name) == name_key(name)]
    if same:
        if stages and _shape(same[0].stages) != _shape(in_order(stages)):
            raise PipelineDiffers(same[0].name, tuple(stage.name for stage in same[0].stages))
        return same[0], ()
    if not stages:
        raise PipelineNotFound(name, tuple(each.name for each in pipelines.all()))
    made = pipelines.add(name, stages)
    return made, tuple(stage.name for stage in made.stages)


def _shape(stages: Sequence[Stage] | Sequence[StagePlan]) -> list[tuple[str, StageKind]]:
    return [(name_key(stage.name), stage.kind) for stage in stages]


def _known(session: Session, workspace: Workspace, keys: Sequence[str]) -> dict[str, int]:
    """The ids of the deals that are there already, by the keys of their rows."""
    own = own_key(workspace.id, 0).removesuffix("0")
    numbers = [int(key.removeprefix(own)) for key in keys if re.fullmatch(re.escape(own) + "[0-9]{1,9}", key)]
    mine = select(Deal.id, Deal.external_id).where(Deal.workspace_id == workspace.id)
    found = {key: deal_id for deal_id, key in session.execute(mine.where(Deal.external_id.in_(keys))) if key}
    native = session.execute(mine.where(Deal.external_id.is_(None), Deal.id.in_(numbers)))
    return found | {own_key(workspace.id, deal_id): deal_id for deal_id, _ in native}
