"""A day at a company whose deals came from another CRM: its bot learns from them, a deal moves, a digest is read."""

import csv
import gzip
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.operating import now
from models.database import Database
from models.deal import Deal
from models.pipeline import Stage
from models.schedule import Schedule
from tests.e2e.driver import Driver
from tests.program import ROOT, Program, run, running

MAVEN = ROOT.parent / "shared/data/maven-crm/sales_pipeline.csv.gz"
TEAM_ID = "T01"
_EVERY = 4
_DATES = ("engage_date", "close_date")


@dataclass(frozen=True)
class Company:
    """A bot's working directory, with its database in it."""

    folder: Path

    @contextmanager
    def bot(self, port: int, **settings: str) -> Iterator[Program]:
        arguments = ("run", "--host", "127.0.0.1", "--port", str(port))
        with running(self.folder, *arguments, SLUICE_LOG_LEVEL="DEBUG", **settings) as program:
            yield program

    @contextmanager
    def database(self) -> Iterator[Database]:
        database = Database(f"sqlite:///{self.folder / 'sluice.db'}")
        try:
            yield database
        finally:
            database.close()

    def a_prospect(self) -> str:
        """The name of a deal that has been in the first stage since it was made, and that no other has."""
        with self.database() as database, database.reading() as session:
            names = session.scalars(
                select(Deal.name).join(Stage, Deal.stage_id == Stage.id).where(Stage.name == "Prospecting")
            )
            return next(name for name in names.all() if name.split()[-1].isupper())

    def stage_of(self, name: str) -> str:
        with self.database() as database, database.reading() as session:
            return session.scalars(
                select(Stage.name).join(Deal, Deal.stage_id == Stage.id).where(Deal.name == name)
            ).one()

    def lets_the_hour_come(self) -> None:
        """What is scheduled is due since a minute."""
        with self.database() as database, database.begin() as session:
            for schedule in session.scalars(select(Schedule)):
                schedule.next_due_at = now() - timedelta(minutes=1)


def found(folder: Path) -> Company:
    """A company that has imported a quarter of Maven's deals and trained on them, by the commands of an operator."""
    if not MAVEN.exists():
        pytest.skip("the Maven deals are not there: they lie in shared/data/maven-crm beside the project")
    _exported_today(folder / "deals.csv")
    pipeline = ("--pipeline", "Maven", "--stages", "Prospecting,Engaging,Won:won,Lost:lost")
    imported = run(folder, "import", "deals.csv", *pipeline, "--workspace", TEAM_ID)
    trained = run(folder, "train")
    assert "2,200 deals added, 0 updated, 0 unchanged, 0 rejected" in imported.stdout.decode()
    assert all(shown in trained.stdout.decode() for shown in ("Log loss", "Base rate", "Model 1"))
    assert (imported.returncode, trained.returncode) == (0, 0)
    return Company(folder)


def _exported_today(path: Path) -> None:
    """A part of the file with its dates moved as if its last day were today: open deals have not waited for years."""
    with gzip.open(MAVEN, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::_EVERY]
    later = now().date() - max(date.fromisoformat(row["close_date"]) for row in rows if row["close_date"])
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        for row in rows:
            moved = {name: str(date.fromisoformat(row[name]) + later) for name in _DATES if row[name]}
            table.writerow(row | moved)


def copied(company: Company, folder: Path) -> Company:
    shutil.copytree(company.folder, folder, dirs_exist_ok=True)
    return Company(folder)


def work_a_day(company: Company, driver: Driver, port: int, **settings: str) -> tuple[dict[str, Any], str]:
    """Ana moves a deal and subscribes; the next morning the bot starts again. The digest, and all that was logged."""
    prospect = company.a_prospect()
    with company.bot(port, **settings) as bot:
        listens(bot, driver, settings)
        driver.command("U01", f"/deal advance {prospect} to Engaging", channel="C01")
        driver.message("C01", containing=prospect)
        driver.command("U01", "/funnel subscribe daily 9:00", channel="C01")
        driver.message("C01", containing="09:00")
        first = bot.told(signal.SIGTERM)
    assert company.stage_of(prospect) == "Engaging"
    company.lets_the_hour_come()
    with company.bot(port, **settings) as bot:
        listens(bot, driver, settings)
        digest = driver.message("C01", containing="open deals")
        second = bot.told(signal.SIGTERM)
    assert [(ended.code, ended.hung) for ended in (first, second)] == [(0, False), (0, False)]
    return digest, first.said + second.said


def listens(bot: Program, driver: Driver, settings: dict[str, str]) -> None:
    bot.says("health checks on")
    if "SLACK_APP_TOKEN" in settings:
        driver.bot_connects()
