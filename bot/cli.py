"""The command line, for whoever runs Sluice: serve, migrate, bring deals in and out, train, look for faults."""

import io
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from bot import doctor as doctors
from bot import importing, operating
from bot.console import (
    Commands,
    WorkspaceOption,
    configured_database,
    err,
    file_argument,
    file_option,
    out,
    plainly,
)
from bot.deliveries_command import deliveries
from bot.history_commands import backtest, scores, train
from bot.logs import write_logs
from bot.rates_command import rates
from bot.score_command import score
from bot.settings import Mode, ServingSettings, Settings, SettingsFault, load_settings
from models import exporting, migrations
from models.pipeline import stages_from_text

_SOME_LEFT_OUT = 3
SERVING, DEALS, SCORES, CARE = "Serving", "Deals", "Scores", "Looking after it"

cli = typer.Typer(
    name="sluice",
    cls=Commands,
    help="Sluice, the sales assistant that lives in Slack.\n\nSettings come from the environment or from a file `.env` "
    "in the working directory; `.env.example` lists them.",
    epilog="Exit codes: 0 all is well, 1 it could not be done, 2 a setting or option is wrong, 3 rows were left out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        out.print(f"sluice {version_of('sluice')}")
        raise typer.Exit


@cli.callback()
def sluice(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@cli.command(rich_help_panel=SERVING)
def run(
    mode: Annotated[
        Mode | None, typer.Option(help="How Slack reaches the bot: socket where SLACK_APP_TOKEN is set, else http.")
    ] = None,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The address to listen on; otherwise SLUICE_HOST.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, metavar="NUMBER", help="The port to listen on; otherwise SLUICE_PORT."),
    ] = None,
) -> None:
    """Run the bot until it is told to stop, by Ctrl-C or SIGTERM.

    GET /healthz answers while the process lives, GET /readyz while it can work: 503 as long as the database or, in
    Socket Mode, Slack is not there. In HTTP mode Slack posts to /slack/events.
    """
    given: dict[str, Any] = {
        name: each for name, each in (("mode", mode), ("host", host), ("port", port)) if each is not None
    }
    with plainly():
        settings = load_settings(ServingSettings, **given)
        write_logs(settings.log_level, settings.secrets())
        from bot import serve  # noqa: PLC0415 - loads the learning libraries: seconds that other commands need not wait

        with operating.ready_database(settings) as database:
            serve.run(settings, database)


@cli.command(rich_help_panel=SERVING)
def demo(
    port: Annotated[
        int, typer.Option(min=1, max=65_535, metavar="NUMBER", help="Where the local Slack's page is served.")
    ] = 3000,
) -> None:
    """Work a made-up pipeline in a Slack that runs on this machine; needs no account and no tokens."""
    from bot.demo.running import run_demo  # noqa: PLC0415 - what only the demo needs is loaded only for it

    raise typer.Exit(run_demo(port))


@cli.command("import", rich_help_panel=DEALS)
def import_(
    file: Annotated[Path, file_argument(help="The deals, as .csv or .csv.gz.")],
    *,
    history: Annotated[
        Path | None,
        file_option(help="When each deal entered each stage, and by whom: columns deal, stage, at, by."),
    ] = None,
    activities: Annotated[
        Path | None, file_option(help="Notes, calls, e-mails, meetings: columns deal, kind, at, by, text.")
    ] = None,
    pipeline: Annotated[str | None, typer.Option(metavar="NAME", help="The pipeline that all the deals go to.")] = None,
    stages: Annotated[
        str | None,
        typer.Option(
            metavar="LIST", help="The stages of that pipeline, which is made of them where it is not there yet."
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="THEIRS=OURS", help="What a column means that is not recognised; repeatable."),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where rejected rows go; otherwise the working directory."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Bring in deals from the CSV file that another CRM exports. The same file twice changes nothing.

    Columns are recognised by their names; dates and amounts as people write them. Good rows go in. A bad row is told
    with its line and fault, and kept in a file of its own, to be mended and imported. The exit code tells: 0 where all
    rows went in, 3 where some were rejected, 1 where all were.

    Examples:

    - `sluice import deals.csv --workspace T0123ABCD`
    - `sluice import deals.csv --history moves.csv --map "Deal Owner=owner"`
    - `sluice import deals.csv --pipeline Retail --stages "Lead,Demo,Offer,Signed:won,Dropped:lost"`
    """
    with plainly():
        if stages and not pipeline:
            raise SettingsFault("--stages says what a new pipeline is made of; name the pipeline by --pipeline.")
        wishes = importing.Wishes(
            columns=dict(_mapping(each) for each in columns or ()),
            pipeline=pipeline or "",
            stages=stages_from_text(stages) if stages else (),
        )
        sources = importing.sources(file, history, activities, rejects)
        with configured_database() as database:
            at = operating.now()
            team_id = operating.chosen_workspace(database, workspace, may_be_new=True)
            went_in = rejected = 0
            for source in sources:
                report = importing.bring_in(database, team_id, source, wishes, at=at, console=err)
                out.print(importing.import_report(report, source, workspace=workspace), soft_wrap=True)
                went_in += report.added + report.updated + report.unchanged
                rejected += report.rejected
    if rejected:
        raise typer.Exit(_SOME_LEFT_OUT if went_in else 1)


@cli.command(rich_help_panel=DEALS)
def export(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", file_okay=False, help="Write deals.csv, history.csv and activities.csv there."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the deals as the CSV files that `sluice import` reads again; without --out the deals to standard output.

    Examples:

    - `sluice export > deals.csv`
    - `sluice export --out backup && sluice import backup/deals.csv --history backup/history.csv --activities
      backup/activities.csv`
    """
    with plainly(), configured_database() as database:
        team_id = operating.chosen_workspace(database, workspace)
        if folder is None:
            text = io.TextIOWrapper(sys.stdout.buffer, "utf-8", errors="surrogateescape", newline="")
            exporting.export_deals(database, team_id, text)
            text.detach()
            return
        try:
            paths = exporting.export(database, team_id, folder)
        except OSError as error:
            raise SettingsFault(f"--out: {folder} cannot be written ({error.strerror}).") from None
        for path in paths:
            out.print(str(path), soft_wrap=True, markup=False)


cli.command(rich_help_panel=DEALS)(plainly()(rates))

for command in (score, train, scores, backtest):
    cli.command(rich_help_panel=SCORES)(plainly()(command))


@cli.command(rich_help_panel=CARE)
def migrate() -> None:
    """Bring the database to the version that this program needs; makes it when there is none."""
    with plainly():
        settings = load_settings(Settings)
        write_logs(settings.log_level, settings.secrets())
        with operating.database_of(settings) as database:
            operating.migrate(database)
    out.print(f"The database is at version {migrations.newest()}.")


@cli.command(rich_help_panel=CARE)
def recount() -> None:
    """Count anew, from the history, what `/funnel show` tells of the past year, should it ever look wrong."""
    with plainly():
        settings = load_settings(Settings)
        write_logs(settings.log_level, settings.secrets())
        with operating.ready_database(settings) as database:
            pipelines = operating.recount(database)
    out.print(f"Counted anew: {', '.join(pipelines) or 'nothing, there is no pipeline yet'}.", markup=False)


cli.command(rich_help_panel=CARE)(plainly()(deliveries))


@cli.command(rich_help_panel=CARE)
def doctor() -> None:
    """Check settings, database, schema, Slack tokens and scopes; say what is wrong and how to mend it."""
    with plainly():
        settings = load_settings(Settings)
        write_logs(settings.log_level, settings.secrets())
        is_well = True
        for finding in doctors.examine(settings):
            is_well &= finding.is_well
            mark = ("✓ ", "green") if finding.is_well else ("✗ ", "red")
            out.print(Text.assemble(mark, (f"{finding.what}: ", "bold"), finding.found), soft_wrap=True)
            if finding.mend:
                more = f" See {finding.section} in README.md." if finding.section else ""
                out.print(Text(f"  {finding.mend}{more}"), soft_wrap=True)
    if not is_well:
        raise typer.Exit(1)


def _mapping(text: str) -> tuple[str, str]:
    theirs, _, ours = (part.strip() for part in text.rpartition("="))
    if not (theirs and ours):
        raise SettingsFault(f'--map {text}: write it like --map "Deal Owner=owner".')
    return theirs, ours
