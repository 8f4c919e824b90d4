"""The command line, for whoever runs Sluice: serve, migrate, bring deals in and out, train, look for faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import doctor as doctors
from bot import operating, serve
from bot.logs import write_logs
from bot.say import Say
from bot.serve import Mode
from bot.settings import SettingsFault, load_settings
from bot.training_table import training_table, verdict
from models import migrations
from models.database import Database
from models.errors import DomainError
from scoring import training
from scoring.dataset import past_of

cli = typer.Typer(
    name="sluice",
    help="Sluice, the sales assistant that lives in Slack. Settings come from the environment or from .env.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True, highlight=False)

Workspace = Annotated[
    str | None,
    typer.Option("--workspace", metavar="TEAM_ID", help="The Slack team; not needed when there is only one."),
]


@contextmanager
def _plainly() -> Iterator[None]:
    """Ends with one sentence a fault, never a traceback: code 2 for what is set wrongly, 1 for what went wrong."""
    try:
        yield
    except SettingsFault as fault:
        for sentence in fault.faults:
            err.print(f"[red]✗[/] {sentence}")
        raise typer.Exit(2) from None
    except DomainError as error:
        err.print("✗ " + Say().plain(error.key, **error.values), markup=False)
        raise typer.Exit(1) from None


@contextmanager
def _database() -> Iterator[Database]:
    with _plainly():
        settings = load_settings()
        write_logs(settings.log_level, settings.secrets())
        with operating.ready_database(settings) as database:
            yield database


@cli.command()
def run(
    mode: Annotated[
        Mode | None, typer.Option(help="How Slack reaches the bot; a socket where SLACK_APP_TOKEN is set, else HTTP.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on; SLUICE_HOST otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; SLUICE_PORT otherwise.")] = None,
) -> None:
    """Run the bot until it is told to stop."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    with _plainly():
        settings = load_settings(**given)
        write_logs(settings.log_level, settings.secrets())
        with operating.ready_database(settings):
            serve.run(settings, mode=mode or (Mode.SOCKET if settings.slack_app_token else Mode.HTTP))


@cli.command()
def migrate() -> None:
    """Bring the database to the version that this program needs."""
    with _plainly():
        settings = load_settings()
        database = Database(settings.database_url)
        try:
            migrations.migrate(database.engine)
        finally:
            database.close()
    out.print(f"The database is at version {migrations.newest()}.")


@cli.command()
def train(workspace: Workspace = None) -> None:
    """Train the score on the workspace's own history; it is used only if it beats the base rate."""
    with _database() as database:
        at = serve.now()
        with out.status("Reading the history…"), database.reading() as session:
            past = past_of(session, operating.chosen_workspace(session, workspace, at=at))
        with out.status("Training, and comparing with the base rate on later deals…"):
            trained = training.train(past, at=at)
        with database.begin() as session:
            chosen = operating.chosen_workspace(session, workspace, at=at)
            version = training.record(session, chosen, trained, trained_by="command line", at=at)
        out.print(training_table(trained.report))
        out.print(verdict(trained.report, version.number if version else None))


@cli.command()
def doctor() -> None:
    """Check settings, database, schema, Slack token and scopes; say what is wrong and how to mend it."""
    with _plainly():
        findings = []
        for finding in doctors.examine(load_settings()):
            findings.append(finding)
            mark = "[green]✓[/]" if finding.is_well else "[red]✗[/]"
            out.print(f"{mark} [bold]{finding.what}[/]:", escape(finding.found))
            if finding.mend:
                out.print("   ", escape(finding.mend))
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the local Slack's page is served.")] = 3000,
) -> None:
    """Work a made-up pipeline in a Slack that runs on this machine; needs no account and no tokens."""
    from bot.demo.running import run_demo  # noqa: PLC0415 - what only the demo needs is loaded only for it

    raise typer.Exit(run_demo(port))
