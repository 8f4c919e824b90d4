"""`sluice deliveries` shows an operator the ledger: what was due, whether it was posted, and if not, why."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from bot import operating
from bot.console import configured_database, out
from models.delivery import Delivery, DeliveryState, ledger
from models.schedule import ScheduleKind

_LATELY = timedelta(days=1)


def deliveries(
    *,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Due since then: a date or a time like 2026-03-01T18:00, in UTC unless it says otherwise; otherwise "
            "within a day.",
        ),
    ] = None,
    state: Annotated[list[DeliveryState] | None, typer.Option(help="Only in this state; repeatable.")] = None,
    kind: Annotated[list[ScheduleKind] | None, typer.Option(help="Only of this kind; repeatable.")] = None,
    channel: Annotated[
        str | None, typer.Option(metavar="ID", help="Only to this channel or person, by their Slack id.")
    ] = None,
    workspace: Annotated[
        str | None, typer.Option(metavar="TEAM_ID", help="Only of this Slack team; otherwise of all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that the ledger has, as JSON.")] = False,
) -> None:
    """Show what was due lately, whether it was posted, and why not. The ledger holds no message's text.

    A post is claimed while a process is at it, or after one died over it; owed where it waits, as Slack was busy;
    posted; failed, where Slack refused it for good; let_go, as it came too late or there was
    nothing to say; or unknown, where it may be in Slack and nobody can look.

    Examples:

    - `sluice deliveries`
    - `sluice deliveries --since 2026-03-01 --state failed --state let_go`
    - `sluice deliveries --channel C0123ABCD --kind digest --json`
    """
    begin = operating.moment(since, option="--since") if since else operating.now() - _LATELY
    with configured_database() as database, database.reading() as session:
        found = ledger(
            session, since=begin, states=state or (), kinds=kind or (), target=channel or "", team_id=workspace or ""
        )
    if as_json:
        typer.echo(json.dumps([_entry(each) for each in found], ensure_ascii=False, indent=1))
    elif found:
        out.print(_table(found))
        counted = Counter(each.state for each in found)
        out.print(", ".join(f"{counted[state]:,} {state}" for state in DeliveryState if counted[state]) + ".")
    else:
        out.print(f"The ledger has none such since {_minute(begin)} UTC.")


def _table(found: Sequence[Delivery]) -> Table:
    """Of 80 columns: with Slack's ids and the usual faults each row is one line."""
    table = Table(box=None, header_style="dim", padding=(0, 1, 0, 0))
    are_several = len({each.workspace_id for each in found}) > 1
    for title in ("Due (UTC)", *(["Workspace"] if are_several else []), "What", "To"):
        table.add_column(title, no_wrap=True)
    table.add_column("After", justify="right", no_wrap=True)
    table.add_column("Tries", justify="right", no_wrap=True)
    table.add_column("State", overflow="fold")
    for each in found:
        to = f"{each.target} #{each.number}" if each.number > 1 else each.target
        after = (
            str(timedelta(seconds=round((each.settled_at - each.due_at).total_seconds()))) if each.settled_at else ""
        )
        state = f"{each.state}: {each.error}" if each.error else each.state
        team = [each.workspace_id] if are_several else []
        table.add_row(f"{each.due_at:%m-%d %H:%M}", *team, each.kind, to, after, str(each.attempts), state)
    return table


def _entry(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "workspace": delivery.workspace_id,
        "kind": delivery.kind,
        "target": delivery.target,
        "number": delivery.number,
        "period": delivery.period,
        "state": delivery.state,
        "error": delivery.error,
        "attempts": delivery.attempts,
        "due_at": delivery.due_at.isoformat(),
        "free_at": delivery.free_at.isoformat(),
        "settled_at": delivery.settled_at.isoformat() if delivery.settled_at else None,
        "channel": delivery.channel,
        "ts": delivery.ts,
    }


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
