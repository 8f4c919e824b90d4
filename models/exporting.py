"""Writes a workspace's deals, their history and activities as CSV files that `sluice import` reads again.

The columns are named so that the import recognises each. What an amount was before, and who wrote it, stays behind:
`amount since` keeps at least the moment from which it was known, so that nobody learns from it too early.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.activity import Activity, Revision, Task
from models.aftercare import Satisfaction
from models.csv_files import write_csv, writing
from models.database import Database
from models.deal import Deal, DealField
from models.history import StageChange
from models.importing_activities import ANSWER, TASK
from models.importing_columns import CUSTOM_PREFIX
from models.importing_lookups import own_key
from models.member import Member
from models.pipeline import Pipeline, Stage
from models.workspace import Workspace

_DEALS = (
    *("deal id", "name", "company", "contact", "source", "amount", "currency", "amount since", "owner"),
    *("pipeline", "stage", "created at", "stage entered at", "expected close", "closed at", "loss reason"),
    *("next step", "next step due", "forecast category", "renews on", "renews deal", "referred by deal"),
)
_HISTORY = ("deal id", "deal", "pipeline", "stage", "entered at", "by", "change", "reason", "note")
_AT_A_TIME = 1_000
_ACTIVITIES = ("deal id", "deal", "kind", "at", "by", "text", "score", "stage", "due", "done at")


def export(database: Database, team_id: str, folder: Path) -> list[Path]:
    """Write deals.csv, history.csv and activities.csv, all as of one moment; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("deals.csv", "history.csv", "activities.csv")]
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        tables = (
            deal_table(session, workspace),
            (_HISTORY, _history(session, workspace)),
            (_ACTIVITIES, _activities(session, workspace)),
        )
        for path, (header, rows) in zip(paths, tables, strict=True):
            with writing(path) as stream:
                write_csv(stream, header, rows)
    return paths


def export_deals(database: Database, team_id: str, stream: TextIO) -> None:
    """Write the deals alone."""
    with database.reading() as session:
        workspace = session.get_one(Workspace, team_id)
        write_csv(stream, *deal_table(session, workspace))


def deal_table(session: Session, workspace: Workspace) -> tuple[Sequence[str], Iterator[Sequence[str]]]:
    """The columns' names and a row for each deal."""
    return (*_DEALS, *(f"{CUSTOM_PREFIX}{field}" for field in workspace.custom_fields)), _deals(session, workspace)


def keys_of(session: Session, workspace: Workspace) -> dict[int, tuple[str, str]]:
    """The key and the name that each deal is exported under, by its id."""
    deals = select(Deal.id, Deal.external_id, Deal.name).where(Deal.workspace_id == workspace.id)
    return {
        deal_id: (external_id or own_key(workspace.id, deal_id), name)
        for deal_id, external_id, name in session.execute(deals)
    }


def _deals(session: Session, workspace: Workspace) -> Iterator[Sequence[str]]:
    steps, keys = _next_steps(session, workspace), keys_of(session, workspace)
    amounts_since = _amounts_since(session, workspace)
    query = (
        select(
            Deal.id,
            Deal.external_id,
            Deal.name,
            Deal.company,
            Deal.contact,
            Deal.source,
            Deal.amount,
            Deal.currency,
            Member.name.label("owner"),
            Pipeline.name.label("pipeline"),
            Stage.name.label("stage"),
            Deal.created_at,
            Deal.entered_stage_at,
            Deal.close_date,
            Deal.closed_at,
            Deal.loss_reason,
            Deal.custom,
            Deal.forecast,
            Deal.renews_on,
            Deal.follows_id,
            Deal.referred_by_id,
        )
        .join(Pipeline, Deal.pipeline_id == Pipeline.id)
        .join(Stage, Deal.stage_id == Stage.id)
        .outerjoin(Member, Deal.owner_id == Member.id)
        .where(Deal.workspace_id == workspace.id)
        .order_by(Deal.id)
    )
    for deal in session.execute(query):
        step, due = steps.get(deal.id, ("", None))
        yield (
            deal.external_id or own_key(workspace.id, deal.id),
            deal.name,
            deal.company,
            deal.contact,
            deal.source,
            _number(deal.amount),
            deal.currency,
            _iso(amounts_since.get(deal.id) if deal.amount is not None else None),
            deal.owner or "",
            deal.pipeline,
            deal.stage,
            _iso(deal.created_at),
            _iso(deal.entered_stage_at),
            _iso(deal.close_date),
            _iso(deal.closed_at),
            deal.loss_reason,
            step,
            _iso(due),
            deal.forecast.replace("_", " "),
            _iso(deal.renews_on),
            *(keys[each][0] if each else "" for each in (deal.follows_id, deal.referred_by_id)),
            *(str(deal.custom.get(field, "")) for field in workspace.custom_fields),
        )


def _history(session: Session, workspace: Workspace) -> Iterator[Sequence[str]]:
    query = (
        select(
            Deal.id,
            Deal.external_id,
            Deal.name,
            Pipeline.name,
            Stage.name,
            StageChange.at,
            Member.name,
            StageChange.change,
            StageChange.reason,
            StageChange.note,
        )
        .join(Deal, StageChange.deal_id == Deal.id)
        .join(Stage, StageChange.to_stage_id == Stage.id)
        .join(Pipeline, Stage.pipeline_id == Pipeline.id)
        .outerjoin(Member, StageChange.by_id == Member.id)
        .where(StageChange.workspace_id == workspace.id)
        .order_by(StageChange.deal_id, StageChange.at, StageChange.id)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for deal_id, external_id, name, pipeline, stage, at, by, change, reason, note in session.execute(query):
        key = external_id or own_key(workspace.id, deal_id)
        yield key, name, pipeline, stage, _iso(at), by or "", change.value, reason, note


def _activities(session: Session, workspace: Workspace) -> Iterator[Sequence[str]]:
    """What was logged, what customers answered, and tasks; the open next steps stand with their deals, and what a move
    that was taken back had asked for is left out."""
    keys = keys_of(session, workspace)
    logged = select(Activity.deal_id, Activity.kind, Activity.at, Member.name, Activity.text).outerjoin(
        Member, Activity.by_id == Member.id
    )
    for deal_id, kind, at, by, text in session.execute(_of_deals(logged, Activity, Activity.at, workspace)):
        yield *keys[deal_id], kind.value, _iso(at), by or "", text, "", "", "", ""
    answered = select(
        Satisfaction.deal_id, Satisfaction.at, Member.name, Satisfaction.comment, Satisfaction.score
    ).outerjoin(Member, Satisfaction.by_id == Member.id)
    for deal_id, at, by, text, score in session.execute(_of_deals(answered, Satisfaction, Satisfaction.at, workspace)):
        yield *keys[deal_id], ANSWER, _iso(at), by or "", text, str(score), "", "", ""
    stage_now = aliased(Stage)
    tasks = (
        select(Task.deal_id, Task.set_at, Member.name, Task.text, stage_now.name, Task.due, Task.done_at)
        .outerjoin(Member, Task.by_id == Member.id)
        .outerjoin(Stage, Task.stage_id == Stage.id)
        .outerjoin(stage_now, stage_now.id == func.coalesce(Stage.retired_into_id, Stage.id))
        .where(Task.is_set_aside.is_(False), or_(Task.stage_id.is_not(None), Task.done_at.is_not(None)))
    )
    for deal_id, at, by, text, stage, due, done_at in session.execute(_of_deals(tasks, Task, Task.set_at, workspace)):
        yield *keys[deal_id], TASK, _iso(at), by or "", text, "", stage or "", _iso(due), _iso(done_at)


def _of_deals(
    query: Select[*tuple[Any, ...]],
    kind: type[Activity | Satisfaction | Task],
    at: InstrumentedAttribute[datetime],
    workspace: Workspace,
) -> Select[*tuple[Any, ...]]:
    """Each deal's in the order of time, as many at a time as memory bears."""
    mine = query.where(kind.workspace_id == workspace.id).order_by(kind.deal_id, at, kind.id)
    return mine.execution_options(yield_per=_AT_A_TIME)


def _next_steps(session: Session, workspace: Workspace) -> dict[int, tuple[str, date | None]]:
    """The open step of each deal, the latest where there are several."""
    query = (
        select(Task.deal_id, Task.text, Task.due)
        .where(Task.workspace_id == workspace.id, Task.done_at.is_(None), Task.stage_id.is_(None))
        .order_by(Task.id)
    )
    return {deal_id: (text, due) for deal_id, text, due in session.execute(query)}


def _amounts_since(session: Session, workspace: Workspace) -> dict[int, datetime]:
    query = (
        select(Revision.deal_id, func.max(Revision.at))
        .where(Revision.workspace_id == workspace.id, Revision.field == DealField.AMOUNT.value)
        .group_by(Revision.deal_id)
    )
    return dict(session.execute(query).all())


def _number(amount: Decimal | None) -> str:
    """With two decimals or four: three of them, as in 1.200, would be read as thousands."""
    if amount is None:
        return ""
    return f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:.4f}"


def _iso(moment: date | None) -> str:
    return moment.isoformat() if moment else ""
