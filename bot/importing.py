"""`sluice import` brings in files of deals, history and activities, and shows what went in and what did not."""

import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from bot.errors import beside_field
from bot.say import Say
from bot.settings import SettingsFault
from models.database import Database
from models.errors import DomainError, StageNotFound
from models.importing import import_deals
from models.importing_activities import import_activities
from models.importing_history import import_history
from models.importing_reports import ImportReport
from models.members import Members
from models.pipeline import StagePlan
from models.reading_dates import DateOrder
from models.texts import matching
from models.workspace import Workspace

SHOWN = 5
_ROWS = {"deals": ("deal", "deals"), "history": ("move", "moves"), "activities": ("activity", "activities")}
"""What a row is, one and several, by what a file has."""
_WIDEST = 60
_STAGES_TOLD = 12


@dataclass(frozen=True)
class Source:
    """A file, what is in it, and where the rows go that are refused."""

    what: str
    path: Path
    rejects: Path


@dataclass(frozen=True)
class Wishes:
    """How the deals are to be understood; see `import_deals`."""

    columns: Mapping[str, str] = field(default_factory=dict)
    pipeline: str = ""
    stages: Sequence[StagePlan] = ()


def sources(deals: Path, history: Path | None, activities: Path | None, rejects: Path | None) -> list[Source]:
    """The files in the order in which they build on each other. Raises SettingsFault where rejects cannot be kept."""
    named = [("deals", deals), ("history", history), ("activities", activities)]
    files = {what: path for what, path in named if path is not None}
    folder = rejects.parent if rejects else Path()
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        raise SettingsFault(f"Rejected rows cannot be kept in {folder.absolute()}: name a file elsewhere by --rejects.")
    found = [Source(what, path, folder / f"{_stem(path)}-rejects.csv") for what, path in files.items()]
    if rejects:
        found[0] = Source("deals", deals, rejects)
    kept_in = [each.rejects.resolve() for each in found]
    if set(kept_in) & {path.resolve() for path in files.values()} or len(set(kept_in)) < len(kept_in):
        raise SettingsFault("A file would be overwritten by the rows rejected of another: name one by --rejects.")
    return found


def bring_in(
    database: Database, team_id: str, source: Source, wishes: Wishes, *, at: datetime, console: Console
) -> ImportReport:
    """Import one file, with a progress bar where there is a terminal. Raises what the imports raise."""
    imports: Mapping[str, Callable[..., ImportReport]] = {
        "deals": partial(import_deals, columns=wishes.columns, pipeline=wishes.pipeline, stages=wishes.stages),
        "history": import_history,
        "activities": import_activities,
    }
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(source.path.name, total=None)
        report = imports[source.what](
            database,
            team_id,
            source.path,
            at=at,
            rejects=source.rejects,
            progress=lambda done, total: progress.update(bar, completed=done, total=total),
            wording=wording,
        )
    with database.begin() as session:
        if workspace := session.get(Workspace, team_id):
            Members(session, workspace).outdate_homes()
    return report


def wording(fault: DomainError) -> str:
    """The sentence for a fault in a file."""
    return beside_field(fault, Say())


def import_report(report: ImportReport, source: Source, *, workspace: str | None = None) -> RenderableType:
    """The figures of one file, and the first rows that were refused; `workspace` is what was typed for it."""
    return Group(*_lines(report, source, workspace))


def _lines(report: ImportReport, source: Source, workspace: str | None) -> Iterator[RenderableType]:
    if not report.rows:
        yield Text(f"{source.path.name} has no rows below its first line: nothing to import.")
        return
    yield Text.assemble(
        (f"{source.path.name}: ", "bold"),
        f"{_counted(report.added, *_ROWS[source.what])} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.rejected:,} rejected.",
    )
    if report.stages_made:
        yield Text(f"Made the pipeline: {', '.join(report.stages_made)}.")
    if report.fields_made:
        yield Text(f"Kept as custom fields: {', '.join(report.fields_made)}.")
    if report.members_made:
        people = _counted(report.members_made, "person", "people")
        yield Text(f"Made {people} by name; whoever has that name in Slack is taken to be them.")
    if report.dates_assumed:
        first = "the day first" if report.dates_assumed is DateOrder.DMY else "the month first"
        yield Text(f"Dates such as 03/04/2026 were read with {first}, as nothing in their column told.")
    for name, number in report.pipelines_unknown.items():
        deals = _counted(number, *_ROWS["deals"])
        yield Text(f"There is no pipeline {name}: {deals} went to {report.pipeline}.")
    if report.stayed:
        stay = "1 of them is in another pipeline and stays there; its stage was left as it is."
        many = f"{report.stayed:,} of them are in another pipeline and stay there; their stages were left as they are."
        yield Text(stay if report.stayed == 1 else many)
    if report.bad_rows:
        yield _refused(report)
        if report.rejected > SHOWN:
            yield Text(f"… and {report.rejected - SHOWN:,} more.")
        yield Text(f"Rejected rows, each with its fault: {source.rejects}. Mend them there and import that file.")
    yield from _stages_unknown(report, source, workspace)


def _stages_unknown(report: ImportReport, source: Source, workspace: str | None) -> Iterator[Text]:
    """Which stages are not there, which each may mean, and what to type."""
    faults = {bad.fault.name: bad.fault for bad in report.bad_rows if isinstance(bad.fault, StageNotFound)}
    if not faults:
        return
    told = []
    for name, fault in islice(faults.items(), _STAGES_TOLD):
        alike = [fault.stages[place] for place in matching(name, fault.stages)]
        told.append(f"{name} (nearest: {alike[0]})" if alike else f"{name} (none is near it)")
    more = f", and {len(faults) - _STAGES_TOLD} more" if len(faults) > _STAGES_TOLD else ""
    yield Text(f"Unknown stages: {', '.join(told)}{more}.")
    yield Text("Write the right ones into the rejects file, or add them in Slack: /funnel stage add Demo after Lead.")
    is_of_other_stages = all(isinstance(bad.fault, StageNotFound) for bad in report.bad_rows)
    if source.what == "deals" and report.rejected == report.rows and is_of_other_stages:
        own = ["sluice", "import", str(source.path), "--pipeline", "Imported", "--stages"]
        stages = ",".join([*faults, "Won:won", "Lost:lost"])
        yield Text("Or give these deals a pipeline of their own, with all its stages in their order:")
        named = ["--workspace", workspace] if workspace else []
        yield Text(f"  {shlex.join([*own, stages, *named])}")


def _refused(report: ImportReport) -> Table:
    table = Table("Line", "Fault", "Row", box=None, header_style="dim", padding=(0, 2, 0, 0))
    for bad in report.bad_rows[:SHOWN]:
        kept = ", ".join(f"{name}: {text}" for name, text in bad.kept.items())
        shown = kept if len(kept) <= _WIDEST else f"{kept[: _WIDEST - 1]}…"
        table.add_row(str(bad.line), Text(wording(bad.fault)), Text(shown))
    return table


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _stem(path: Path) -> str:
    """The name without `.csv` and `.gz`."""
    return path.name.removesuffix(".gz").removesuffix(".csv")
