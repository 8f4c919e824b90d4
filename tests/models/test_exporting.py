"""An export is whole: imported into an empty workspace it gives the same deals, history and activities again."""

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.activity import ActivityKind
from models.aftercare import Aftercare
from models.database import Database
from models.deal import Deal, ForecastCategory
from models.deals import Deals
from models.errors import NameMissing, NameTaken, TextMissing
from models.exporting import export, export_deals
from models.history import Via
from models.importing import import_deals
from models.importing_activities import import_activities
from models.importing_history import import_history
from models.members import Members
from models.money import money_of
from models.moving_errors import AlreadyThere, DealNotWon, NothingToUndo
from models.pipeline import Stage
from models.pipelines import Pipelines
from models.playbook import planned_task
from models.workspace import Workspace, workspace_of
from tests.factories import MONDAY, a_team
from tests.models.imports import TEAM, Office

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
LATER = BEGUN + timedelta(days=300)

awkward = st.one_of(
    st.sampled_from(
        ["=1+1", "'=1+1", "-5", "+49", "@me", "华为", "🚀👩‍👩‍👧", 'a"b', "a,b", "a;b\nc\r\nd", "<!channel>", "'", "\tx"]
    ),
    st.text(max_size=20),
)
moments = st.integers(0, 10_000_000).map(lambda seconds: BEGUN + timedelta(seconds=seconds))
amounts = st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False)


@dataclass(frozen=True)
class Told:
    """A deal that somebody works, as hypothesis makes it up; `moves` are positions in the pipeline."""

    name: str
    company: str
    custom: str
    owner: str
    money: Money | None
    close_date: date | None
    moves: list[tuple[datetime, int]]
    activities: list[tuple[datetime, ActivityKind, str]]
    step: str
    answers: list[tuple[datetime, int, str]]
    done: list[datetime]


tales = st.builds(
    Told,
    name=awkward,
    company=awkward,
    custom=awkward,
    owner=awkward,
    money=st.none() | st.builds(money_of, amounts, st.sampled_from(["USD", "JPY", "KWD"])),
    close_date=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    moves=st.lists(st.tuples(moments, st.integers(0, 8)), max_size=6).map(sorted),
    activities=st.lists(st.tuples(moments, st.sampled_from(ActivityKind), awkward), max_size=3),
    step=awkward,
    answers=st.lists(st.tuples(moments, st.integers(0, 10), awkward), max_size=2),
    done=st.lists(moments, max_size=3),
)


@given(told=st.lists(tales, max_size=4))
@settings(max_examples=30)
def test_an_export_imported_elsewhere_gives_the_same_again(database: Database, told: list[Told]) -> None:
    here, there = uuid4().hex, uuid4().hex
    with database.begin() as session:
        workspace = workspace_of(session, here, at=BEGUN)
        for stage in Pipelines(session, workspace).default().stages:
            stage.playbook = [planned_task(f"={stage.name}, first", days=3).as_row(), planned_task("Then").as_row()]
        for each in told:
            with suppress(NameMissing, NameTaken, TextMissing):
                work(session, workspace, each)

    with TemporaryDirectory() as folder:
        deals, history, activities = export(database, here, Path(folder))
        rejects = Path(folder, "rejects.csv")
        reports = [
            import_deals(database, there, deals, at=LATER, rejects=rejects),
            import_history(database, there, history, at=LATER, rejects=rejects),
            import_activities(database, there, activities, at=LATER, rejects=rejects),
        ]
        again = [
            import_deals(database, here, deals, at=LATER, rejects=rejects),
            import_activities(database, here, activities, at=LATER, rejects=rejects),
        ]

    assert [report.bad_rows for report in reports] == [(), (), ()]
    assert [(report.added, report.updated) for report in again] == [(0, 0), (0, 0)]
    assert everything(database, there) == everything(database, here)


def work(session: Session, workspace: Workspace, told: Told) -> None:
    """Add the deal and do with it what is told, as people would over Slack."""
    pipeline = Pipelines(session, workspace).default()
    owner = Members(session, workspace).known_as(told.owner, at=BEGUN)
    deal = Deals(session, workspace).add(
        told.name,
        stage=pipeline.first,
        owner=owner,
        at=BEGUN,
        via=Via.COMMAND,
        money=told.money,
        close_date=told.close_date,
        company=told.company,
    )
    deal.set_custom(workspace.add_field("Deal value = amount"), told.custom, by=owner, at=BEGUN)
    for at, position in told.moves:
        with suppress(AlreadyThere, NothingToUndo):
            if position >= len(pipeline.stages):
                deal.undo(by=owner, at=at, via=Via.BUTTON)
            elif pipeline.stages[position] is pipeline.lost:
                deal.lose("=price, mostly", by=owner, at=at, via=Via.FORM, note=told.company)
            else:
                deal.move(pipeline.stages[position], by=owner, at=at, via=Via.COMMAND, note=told.custom)
    for at, kind, text in told.activities:
        with suppress(TextMissing):
            deal.log(kind, text, by=owner, at=at)
    with suppress(TextMissing):
        deal.plan(told.step, due=told.close_date, by=owner, at=BEGUN)
        if told.done:
            deal.plan(f"After {told.step}", due=None, by=owner, at=LATER)
    session.flush()
    for task, at in zip([each for each in deal.tasks if each.is_open], told.done, strict=False):
        deal.finish_numbered(task.id, at=at)
    for at, score, comment in told.answers:
        with suppress(DealNotWon):
            Aftercare(session, workspace).rate(deal, score, comment, by=owner, at=at)


def everything(database: Database, team_id: str) -> list[object]:
    """All that a workspace knows of its deals, in words instead of ids."""
    with database.reading() as session:
        workspace = session.get(Workspace, team_id)
        if workspace is None:  # as after an import of nothing
            return []
        stages: dict[int | None, str] = {each.id: each.name for each in session.scalars(select(Stage))}
        answers = Aftercare(session, workspace).answers(since=BEGUN, until=LATER)
        found = session.scalars(
            select(Deal)
            .where(Deal.workspace_id == team_id)
            .options(selectinload(Deal.changes), selectinload(Deal.activities), selectinload(Deal.tasks))
            .order_by(Deal.id)
        ).all()
        return [
            (
                (deal.name, deal.name_key, deal.company, deal.contact, deal.source, deal.amount, deal.currency),
                (deal.close_date, deal.custom, deal.owner and deal.owner.name, deal.pipeline.name, deal.stage.name),
                (deal.created_at, deal.entered_stage_at, deal.closed_at, deal.loss_reason, deal.last_activity_at),
                deal.next_step and (deal.next_step.text, deal.next_step.due),
                [
                    (each.change, each.to_stage.name, each.at, each.by and each.by.name, each.reason, each.note)
                    for each in deal.changes
                ],
                [(each.kind, each.text, each.at, each.by and each.by.name) for each in deal.activities],
                sorted(
                    (each.text, each.set_at, str(each.due), str(each.done_at), stages.get(each.stage_id, ""))
                    for each in deal.tasks
                    if not each.is_set_aside and not (each.is_next_step and each.is_open)
                ),
                [(each.score, each.comment, each.at) for each in answers if each.deal_id == deal.id],
            )
            for deal in found
        ]


def test_forecasts_renewals_and_who_sent_whom_come_back_again(database: Database, tmp_path: Path) -> None:
    with database.begin() as session:
        team = a_team(session, "T1")
        customer, sure = team.adds("Customer"), team.adds("Sure")
        sure.set_forecast(ForecastCategory.BEST_CASE, by=team.ann, at=MONDAY)
        customer.win(by=team.ann, at=MONDAY, via=Via.COMMAND)
        customer.set_renewal(date(2027, 3, 1), by=team.ann, at=MONDAY)
        fresh, sent = team.adds("Customer 2027"), team.adds("Sent")
        fresh.follows_id, sent.referred_by_id = customer.id, customer.id

    deals, _, _ = export(database, "T1", tmp_path)
    first = import_deals(database, "T2", deals, at=LATER, rejects=tmp_path / "rejects.csv")
    again = import_deals(database, "T1", deals, at=LATER, rejects=tmp_path / "rejects.csv")

    assert (first.added, first.bad_rows, again.added, again.updated) == (4, (), 0, 0)
    with database.begin() as session:
        found = {deal.name: deal for deal in session.scalars(select(Deal).where(Deal.workspace_id == "T2"))}
        customer = found["Customer"]
        assert (found["Sure"].forecast, customer.renews_on) == ("best_case", date(2027, 3, 1))
        assert (found["Customer 2027"].follows_id, found["Sent"].referred_by_id) == (customer.id, customer.id)


def test_what_begins_like_a_formula_is_harmless_in_a_spreadsheet(database: Database, tmp_path: Path) -> None:
    Office(database, tmp_path).deals("name,company,code,phone\n=1+1,@sum,-5,-5+1\n")

    deals, _, _ = export(database, TEAM, tmp_path / "out")

    with deals.open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert {"'=1+1", "'@sum", "-5", "'-5+1"} <= set(row.values())


def test_the_deals_alone_go_to_a_stream(database: Database, tmp_path: Path) -> None:
    Office(database, tmp_path).deals("id,name\n1,Acme\n")
    stream = io.StringIO()

    export_deals(database, TEAM, stream)

    assert [row["name"] for row in csv.DictReader(io.StringIO(stream.getvalue()))] == ["Acme"]


def test_an_amount_learnt_late_is_exported_with_the_day_it_was_learnt(database: Database, tmp_path: Path) -> None:
    office, other = Office(database, tmp_path), Office(database, tmp_path, "T2")
    office.deals("name,stage,engaged,closed,close value\nAcme,Won,2026-01-01,2026-03-01,500\n")

    other.deals(export(database, TEAM, tmp_path / "out")[0].read_bytes())

    assert other.pasts()[0].amount == Decimal(500)
    assert other.pasts()[0].as_of(BEGUN + timedelta(days=30)).amount is None


def test_an_export_holds_one_workspace_only(database: Database, tmp_path: Path) -> None:
    Office(database, tmp_path).deals("name\nAcme\n")
    Office(database, tmp_path, "T2").deals("name\nSecret\n")

    written = export(database, TEAM, tmp_path / "out")

    assert not any("Secret" in path.read_text(encoding="utf-8-sig") for path in written)
