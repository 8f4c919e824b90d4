"""What the tests of imports share: files written in sight, imported into a workspace of their own."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from models.database import Database
from models.deal import Deal
from models.deals import Deals
from models.importing import import_deals
from models.importing_activities import import_activities
from models.importing_history import import_history
from models.importing_reports import ImportReport
from models.pipeline import StagePlan
from models.timeline import DealHistory
from models.timelines import Timelines
from models.workspace import workspace_of

TEAM = "T1"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Office:
    """A workspace, and a folder with the files that it imports."""

    def __init__(self, database: Database, folder: Path, team: str = TEAM) -> None:
        self.database = database
        self.folder = folder
        self.team = team
        self.rejects = folder / "rejects.csv"

    def write(self, text: str | bytes, name: str = "deals.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def deals(
        self,
        text: str | bytes,
        *,
        at: datetime = NOW,
        columns: Mapping[str, str] | None = None,
        pipeline: str = "",
        stages: Sequence[StagePlan] = (),
    ) -> ImportReport:
        return import_deals(
            self.database,
            self.team,
            self.write(text),
            at=at,
            rejects=self.rejects,
            columns=columns,
            pipeline=pipeline,
            stages=stages,
        )

    def history(self, text: str, *, at: datetime = NOW) -> ImportReport:
        return import_history(self.database, self.team, self.write(text, "history.csv"), at=at, rejects=self.rejects)

    def activities(self, text: str, *, at: datetime = NOW) -> ImportReport:
        path = self.write(text, "activities.csv")
        return import_activities(self.database, self.team, path, at=at, rejects=self.rejects)

    def deal(self, name: str) -> Deal:
        """With its moves and activities."""
        with self.database.reading() as session:
            workspace = workspace_of(session, self.team, at=NOW)
            deal_id = session.scalars(select(Deal.id).where(Deal.workspace_id == self.team, Deal.name == name)).one()
        with self.database.begin() as session:
            return Deals(session, workspace).get(deal_id)

    def pasts(self) -> list[DealHistory]:
        with self.database.reading() as session:
            return Timelines(session, workspace_of(session, self.team, at=NOW)).all()

    def path_of(self, name: str) -> list[tuple[str, str]]:
        """The stages that a deal went through, with the days."""
        return [(change.to_stage.name, f"{change.at:%Y-%m-%d}") for change in self.deal(name).changes]

    def rejected(self) -> list[dict[str, str]]:
        text = self.rejects.read_text(encoding="utf-8-sig", errors="surrogateescape")
        return list(csv.DictReader(io.StringIO(text)))


def faults(report: ImportReport) -> list[tuple[int, str]]:
    return [(bad.line, bad.fault.key) for bad in report.bad_rows]
