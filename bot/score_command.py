"""`sluice score` learns from a file of leads with outcomes, shows how well, and scores the leads of another file."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.score_card import model_card, shown
from bot.settings import SettingsFault
from models.csv_files import legible, read_csv, write_csv, writing
from models.texts import matching, name_key

if TYPE_CHECKING:  # these load the learning libraries: seconds that other commands need not wait
    from scoring.column_reasons import ColumnReason
    from scoring.lead_scorer import LeadScorer
    from scoring.tables import Table

_YES = frozenset(
    {"1", "1.0", "true", "t", "yes", "y", "won", "win", "positive", "converted", "success", "closed won"}
    | {"赢单", "成交", "已成交", "成功", "是"}
)
_NO = frozenset(
    {"0", "0.0", "false", "f", "no", "n", "lost", "loss", "negative", "unconverted", "not converted", "failure"}
    | {"closed lost", "输单", "丢单", "流失", "失败", "否"}
)
_ADDED = ("probability", "reasons")
_CHUNK = 5_000


def score(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="Leads with outcomes."),
    ],
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
    apply: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=True, metavar="FILE", help="Leads to score."),
    ] = None,
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
    from scoring.cells import moments_of  # noqa: PLC0415
    from scoring.kinds import TELL_NOTHING, first_copies  # noqa: PLC0415
    from scoring.lead_scorer import LeadScorer  # noqa: PLC0415
    from scoring.telltale import too_good  # noqa: PLC0415

    table = _table(file)
    outcome = _column("--outcome", outcome, table, file)
    time = None if time is None else _column("--time", time, table, file)
    group = None if group is None else _column("--group", group, table, file)
    drop = [_column("--drop", each, table, file) for each in drop or ()]
    ended = [str(cell).strip() for cell in table.column(outcome)]
    when = None if time is None else moments_of(table.column(time)).tolist()
    timed = [when is None or math.isfinite(when[place]) for place in range(len(table))]
    if not any(timed):
        raise SettingsFault(f"--time {time}: no lead has a date or a number there.")
    rated = [place for place, cell in enumerate(ended) if cell and timed[place]]
    used = first_copies(table, rated)
    closed, outcomes = table.take(used), [ended[place] for place in used]
    good = _positive(outcomes, positive, outcome)
    moments = None if when is None else [when[place] for place in used]
    groups = None if group is None else [str(cell) for cell in closed.column(group)]
    inputs = closed.without({outcome, *([group] if group else []), *drop})
    if not inputs.names:
        raise SettingsFault(f"{file.name} has no column left to learn from.")
    asked = None if apply is None else _table(apply).without(_ADDED)
    err = Console(stderr=True, highlight=False)
    with err.status(f"Learning from {len(outcomes):,} leads…"):
        scorer = LeadScorer().fit(inputs, [each == good for each in outcomes], moments=moments, groups=groups)
    card = model_card(scorer, outcomes, good=good, outcome=outcome, in_time=bool(time))
    card["without_outcome"] = ended.count("")
    card["without_time"] = sum(bool(cell) for cell in ended) - len(rated)
    card["copies"] = len(rated) - len(used)
    unused = [name for name, kind in scorer.columns_.kinds_.items() if kind in TELL_NOTHING]
    card["too_good"] = too_good(inputs.without(unused), [each == good for each in outcomes])
    if as_json:
        typer.echo(json.dumps(card, ensure_ascii=False, indent=1))
    else:
        Console(highlight=False).print(shown(card), soft_wrap=True)
    if apply is not None and asked is not None and out is not None:
        lacking = _apply(scorer, asked, apply, out, err)
        if lacking:
            err.print(f"{apply.name} lacks columns that were learnt from: {', '.join(lacking)}. They count as empty.")
        err.print(f"Scored leads: {out}", soft_wrap=True)


def _table(path: Path) -> "Table":
    """Raises SettingsFault for a table that is no table, and what `read_csv` raises."""
    from scoring.tables import Table  # noqa: PLC0415

    read = read_csv(path)
    header = read.header
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise SettingsFault(f"{path.name} has more than one column called {legible(twice[0]) or 'nothing'}.")
    rows = []
    for row in read.rows(even_empty=True):
        if len(row.cells) > len(header):
            raise SettingsFault(
                f"{path.name}, line {row.line}: {len(row.cells)} cells under {len(header)} column names; "
                "a text with a comma needs quotation marks."
            )
        rows.append(row.cells + [""] * (len(header) - len(row.cells)))
    if not rows:
        raise SettingsFault(f"{path.name} has column names but no leads.")
    return Table(tuple(header), tuple(list(column) for column in zip(*rows, strict=True)))


def _column(option: str, wanted: str, table: "Table", file: Path) -> str:
    """The column of that name, whatever its case and spacing. Raises SettingsFault where there is none, or several."""
    if wanted in table.names:
        return wanted
    same = [name for name in table.names if name_key(name) == name_key(wanted)]
    if len(same) == 1:
        return same[0]
    near = matching(wanted, table.names)
    hint = f" Did you mean {legible(table.names[near[0]])}?" if near else ""
    names = ", ".join(legible(name) for name in table.names)
    raise SettingsFault(f"{option} {wanted}: {file.name} has no such column.{hint} It has: {names}.")


def _positive(outcomes: Sequence[str], wanted: str | None, column: str) -> str:
    """The outcome that the chance is of. Raises SettingsFault where it is not clear, or where all ended alike."""
    counts = Counter(outcomes)
    told = ", ".join(f"{legible(value)} ({count:,})" for value, count in counts.most_common(8))
    if wanted is not None:
        found = next((value for value in counts if value.casefold() == wanted.strip().casefold()), None)
        if found is None:
            raise SettingsFault(f"--positive {wanted}: no lead ended so. {column} holds: {told or 'nothing'}.")
    else:
        known = [value for value in counts if value.casefold() in _YES]
        if len(counts) == 2 and not known:
            known = [value for value in counts if {each.casefold() for each in counts if each != value} <= _NO]
        if len(counts) > 2 or len(known) != 1:
            raise SettingsFault(f"Which outcome is meant? Name it by --positive. {column} holds: {told or 'nothing'}.")
        found = known[0]
    if len(counts) < 2:
        raise SettingsFault(f"All leads ended alike ({told}): there is nothing to learn from.")
    return found


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
