"""`sluice score` learns from a file of leads with outcomes, shows how well, and scores the leads of another file."""

import json
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.console import file_argument, file_option
from bot.lead_lists import read_leads, table_of
from bot.score_card import model_card, shown
from bot.settings import SettingsFault
from models.csv_files import legible, write_csv, writing
from models.texts import name_key

if TYPE_CHECKING:  # these load the learning libraries: seconds that other commands need not wait
    from scoring.column_reasons import ColumnReason
    from scoring.lead_scorer import LeadScorer
    from scoring.tables import Table

_ADDED = ("probability", "reasons")
_CHUNK = 5_000


def score(
    file: Annotated[Path, file_argument(help="Leads with outcomes.")],
    *,
    outcome: Annotated[str, typer.Option(metavar="COLUMN", help="The column that says how each lead ended.")],
    positive: Annotated[
        str | None,
        typer.Option(
            metavar="VALUE",
            help="The outcome that the chance is of, such as Won. Every other one counts against it, so leave out "
            "leads that are still open.",
        ),
    ] = None,
    time: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="When each lead was as described: proves on later leads.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Rows that belong together, such as those of one customer.")
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="A column to leave out, such as one filled in afterwards; repeatable."),
    ] = None,
    apply: Annotated[Path | None, file_option(help="Leads to score.")] = None,
    out: Annotated[Path | None, typer.Option(dir_okay=False, metavar="FILE", help="Where these go.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the model card as JSON.")] = False,
) -> None:
    """Score leads from any CSV file: learn from one with outcomes, and write chances with reasons into another.

    What each column means is found out. Models are compared on leads that they have not seen, by --time on later ones.
    Where none is better than the base rate beyond chance, the base rate is what you get, and you are told.

    Examples:

    - `sluice score leads.csv --outcome status --positive Won --time created`
    - `sluice score leads.csv --outcome won --drop closed_at --apply open.csv --out scored.csv`
    """
    if (apply is None) != (out is None):
        raise SettingsFault("--apply and --out go together: the leads to score, and the file that they go to.")
    if out is not None and out.resolve() in {file.resolve(), *([apply.resolve()] if apply else [])}:
        raise SettingsFault(f"--out: {out} would be overwritten; name another file.")
    from scoring.lead_scorer import LeadScorer  # noqa: PLC0415 - seconds that other commands need not wait

    leads = read_leads(file, outcome=outcome, positive=positive, time=time, group=group, drop=drop or ())
    asked = None if apply is None else table_of(apply).without(_ADDED)
    err = Console(stderr=True, highlight=False, markup=False)
    with err.status(f"Learning from {len(leads.outcomes):,} leads…"):
        scorer = LeadScorer().fit(leads.inputs, leads.won, moments=leads.moments, groups=leads.groups)
        card = model_card(scorer, leads)
    if as_json:
        typer.echo(json.dumps(card, ensure_ascii=False, indent=1))
    else:
        Console(highlight=False).print(shown(card), soft_wrap=True)
    if apply is not None and asked is not None and out is not None:
        lacking = _apply(scorer, asked, apply, out, err)
        if lacking:
            err.print(f"{apply.name} lacks columns that were learnt from: {', '.join(lacking)}. They count as empty.")
        err.print(f"Scored leads: {out}", soft_wrap=True)


def _apply(scorer: "LeadScorer", table: "Table", source: Path, target: Path, err: Console) -> list[str]:
    """Writes every lead with its chance and reasons; which of the columns that were learnt from it did not have."""
    learnt = set(scorer.subjects_) & set(scorer.columns_.kinds_)
    known = replace(table, names=_as_learnt(table.names, learnt))
    if learnt.isdisjoint(known.names):
        names = ", ".join(map(legible, sorted(learnt)))
        raise SettingsFault(f"--apply: {source.name} has none of the columns that were learnt from: {names}.")
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task(target.name, total=len(table))
        try:
            with writing(target) as stream:
                rows = _scored(scorer, known, lambda done: progress.advance(bar, done))
                write_csv(stream, [*table.names, *_ADDED], rows)
        except OSError as error:
            raise SettingsFault(f"--out: {target} cannot be written ({error.strerror}).") from None
    return sorted(legible(name) for name in learnt - set(known.names))


def _as_learnt(names: Sequence[str], learnt: AbstractSet[str]) -> tuple[str, ...]:
    """The names of columns as they were when they were learnt from, whatever their case and spacing are now."""
    by_key = {name_key(name): name for name in learnt - set(names)}
    return tuple(name if name in learnt else by_key.pop(name_key(name), name) for name in names)


def _scored(scorer: "LeadScorer", table: "Table", tick: Callable[[int], None]) -> Iterator[list[str]]:
    for begin in range(0, len(table), _CHUNK):
        part = table.take(range(begin, min(begin + _CHUNK, len(table))))
        chances, reasons = scorer.predict_explained(part)
        for row, chance, of_lead in zip(part.rows(), chances.tolist(), reasons, strict=True):
            yield [*row, f"{chance:.4f}", _told(of_lead)]
        tick(len(part))


def _told(reasons: "Sequence[ColumnReason]") -> str:
    """Like "source: fair (+0.62); seats: nothing (-0.11)"."""
    return "; ".join(f"{reason.column}: {reason.value or 'nothing'} ({reason.weight:+.2f})" for reason in reasons)
