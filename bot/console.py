"""How a command meets whoever runs it: what it prints and where, its workspace, and one sentence for each fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from bot import importing, operating
from bot.logs import write_logs
from bot.settings import Settings, SettingsFault, load_settings, plain_fault
from models.database import Database
from models.errors import DomainError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

WorkspaceOption = Annotated[
    str | None,
    typer.Option(
        "--workspace",
        metavar="TEAM_ID",
        help="The Slack team that is meant, made when there is none yet; not needed where there is only one.",
    ),
]


file_argument = partial(typer.Argument, exists=True, dir_okay=False, readable=True, metavar="FILE")
file_option = partial(typer.Option, exists=True, dir_okay=False, readable=True, metavar="FILE")
"""Of files that have to be there."""


class Commands(TyperGroup):
    """Commands that tell a wrong option in plain words, not in those of Typer's validator."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if isinstance(error.__cause__, ValidationError):
                error.message = plain_fault(error.__cause__.errors()[0])
            raise


@contextmanager
def plainly() -> Iterator[None]:
    """Ends with one sentence a fault, never a traceback: code 2 for what is set wrongly, 1 for what went wrong."""
    try:
        yield
    except SettingsFault as fault:
        complain(*fault.faults)
        raise typer.Exit(2) from None
    except DomainError as error:
        complain(importing.wording(error))
        raise typer.Exit(1) from None
    except DBAPIError as error:
        complain(f"The database failed: {operating.reason(error)}.")
        raise typer.Exit(1) from None


@contextmanager
def configured_database() -> Iterator[Database]:
    settings = load_settings(Settings)
    write_logs(settings.log_level, settings.secrets())
    with operating.ready_database(settings) as database:
        yield database


def complain(*sentences: str) -> None:
    for sentence in sentences:
        err.print(Text.assemble(("✗ ", "red"), sentence), soft_wrap=True)
