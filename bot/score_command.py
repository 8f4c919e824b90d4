"""`sluice score` learns from a file of leads with outcomes, shows how well, and scores the leads of another file."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.progress import Progress
from rich.table import Table as Shown
from rich.text import Text

from bot.settings import SettingsFault
from models.csv_files import legible, read_csv, write_csv, writing

if TYPE_CHECKING:  # these load the learning libraries: seconds that other commands need not wait
    from scoring.lead_scorer import ColumnReason, LeadScorer
    from scoring.tables import Table

_YES = frozenset({"1", "true", "yes", "y", "won", "win", "positive", "converted", "success", "closed won"})
_NO = frozenset({"0", "false", "no", "n", "lost", "loss", "negative", "unconverted", "failure", "closed lost"})
_ADDED = ("probability", "reasons")
_CHUNK = 5_000
_TOO_GOOD = 0.97
_COIN = math.log(2)
"""The log loss of who says .5 of every lead."""


def score(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="Leads with outcomes."),
    ],
    *,
    outcome: Annotated[str, typer.Option(metavar="COLUMN", help="The column that says how each lead ended.")],
    positive: Annotated[
        str | None, typer.Option(metavar="VALUE", help="The outcome that the chance is of, such as Won.")
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
    from scoring.lead_scorer import LeadScorer  # noqa: PLC0415
    from scoring.tables import moments_of  # noqa: PLC0415
    from scoring.telltale import too_good  # noqa: PLC0415

    table = _table(file)
    known = [("--outcome", outcome), ("--time", time), ("--group", group), *(("--drop", each) for each in drop or ())]
    for option, name in known:
        if name is not None and name not in table.names:
            raise SettingsFault(f"{option} {name}: {file.name} has no such column. It has: {', '.join(table.names)}.")
    ended = [str(cell).strip() for cell in table.column(outcome)]
    closed = table.take([place for place, cell in enumerate(ended) if cell])
    outcomes = [cell for cell in ended if cell]
    good = _positive(outcomes, positive, outcome)
    moments = None if time is None else moments_of(closed.column(time))
    if time is not None and moments is None:
        raise SettingsFault(f"--time {time}: not every lead has a date or a number there.")
    groups = None if group is None else [str(cell) for cell in closed.column(group)]
    inputs = closed.without({outcome, *([group] if group else []), *(drop or ())})
    if not inputs.names:
        raise SettingsFault(f"{file.name} has no column left to learn from.")
    err = Console(stderr=True, highlight=False)
    with err.status(f"Learning from {len(outcomes):,} leads…"):
        scorer = LeadScorer().fit(inputs, [each == good for each in outcomes], moments=moments, groups=groups)
    card = _card(scorer, outcomes, good=good, outcome=outcome, left_out=len(ended) - len(outcomes), in_time=bool(time))
    card["too_good"] = too_good(inputs, [each == good for each in outcomes])
    if as_json:
        typer.echo(json.dumps(card, ensure_ascii=False, indent=1))
    else:
        Console(highlight=False).print(_shown(card), soft_wrap=True)
    if apply is not None and out is not None:
        lacking = _apply(scorer, apply, out, err)
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


def _card(
    scorer: "LeadScorer", outcomes: Sequence[str], *, good: str, outcome: str, left_out: int, in_time: bool
) -> dict[str, Any]:
    """The model card, as JSON takes it."""
    choice = scorer.choice_
    return {
        "outcome": outcome,
        "positive": good,
        "leads": len(outcomes),
        "positives": outcomes.count(good),
        "without_outcome": left_out,
        "validation": "later leads" if in_time else "folds",
        "chosen": choice.name,
        "calibration": choice.calibration,
        "no_better_than_base_rate": not choice.members,
        "rate": scorer.newest_rate_,
        "candidates": dict(choice.candidates),
        "model": asdict(choice.model) if choice.model else None,
        "base_rate": asdict(choice.base_rate) if choice.base_rate else None,
        "gain": asdict(choice.gain) if choice.gain else None,
        "columns": {name: kind.value for name, kind in scorer.columns_.kinds_.items()},
    }


def _shown(card: dict[str, Any]) -> RenderableType:
    return Group(*_parts(card))


def _parts(card: dict[str, Any]) -> Iterator[RenderableType]:
    kinds: dict[str, list[str]] = {}
    for name, kind in card["columns"].items():
        kinds.setdefault(kind, []).append(legible(name))
    yield Text(
        f"{card['leads']:,} leads, {card['positives']:,} of them {legible(card['positive'])}"
        + (f"; {card['without_outcome']:,} without an outcome were left out." if card["without_outcome"] else ".")
    )
    for kind, names in kinds.items():
        ignored = " (left out)" if kind in ("constant", "identifier") else ""
        yield Text.assemble((f"{kind}{ignored}: ", "dim"), ", ".join(names))
    if card["model"]:
        yield _figures(card)
    yield _verdict(card)
    if card["model"] and card["model"]["auc"] is None:
        yield Text("The later leads all ended alike: how well better ones are told from worse ones is not known.")
    if card["too_good"]:
        told = ", ".join(f"{legible(name)} ({area:.2f})" for name, area in card["too_good"].items())
        yield Text(
            f"Too good to be true: alone, {told} nearly tells how leads ended (area under the ROC curve). If that is "
            "known only afterwards, the chances will not hold for leads that are open: leave it out by --drop.",
            "bold yellow",
        )


def _figures(card: dict[str, Any]) -> Shown:
    asked = "later leads" if card["validation"] == "later leads" else "leads held back in turn"
    table = Shown(title=f"On {asked}, which the model had not seen")
    for name in ("", "Model", "Base rate"):
        table.add_column(name, justify="right" if name else "left")
    for key, name in (
        ("log_loss", "Log loss (less is better)"),
        ("brier", "Brier score (less is better)"),
        ("calibration_error", "Calibration error (less is better)"),
    ):
        table.add_row(name, *(f"{card[of][key]:.3f}" for of in ("model", "base_rate")))
    area = card["model"]["auc"]
    told = ("–", "–") if area is None else (f"{area:.3f}", "0.500")
    table.add_row("Area under the ROC curve (0.5: blind)", *told)
    table.add_section()
    for candidate, loss in sorted(card["candidates"].items(), key=lambda each: float(each[1])):
        mark = "✓ " if candidate == card["chosen"] else "  "
        table.add_row(f"{mark}{candidate}, log loss", f"{loss:.3f}", "")
    return table


def _verdict(card: dict[str, Any]) -> Text:
    gain = card["gain"]
    if gain is None:
        return Text(f"Too few leads to learn from: every lead gets the base rate, {card['rate']:.1%}.", "bold")
    interval = f"{gain['mean']:.3f} (95 % interval {gain['low']:.3f} to {gain['high']:.3f})"
    coin = " That base rate did worse than a coin on those leads." if card["base_rate"]["log_loss"] > _COIN else ""
    if card["no_better_than_base_rate"]:
        return Text(
            f"No better than the base rate: the best candidate's log loss is lower by {interval}, which may be chance "
            f"or drift. Every lead gets the base rate, {card['rate']:.1%}.{coin}",
            "bold",
        )
    bent = "" if card["calibration"] == "none" else f", calibrated ({card['calibration']})"
    verdict = Text(f"Chosen: {card['chosen']}{bent}. Log loss is lower than the base rate's by {interval}.", "bold")
    if (card["model"]["auc"] or 0.5) > _TOO_GOOD and not card["too_good"]:
        verdict.append(" Almost too good: do columns hold what is known only afterwards? --drop leaves them out.")
    return verdict


def _apply(scorer: "LeadScorer", source: Path, target: Path, err: Console) -> list[str]:
    """Writes every lead with its chance and reasons; which of the columns that were learnt from it did not have."""
    table = _table(source).without(_ADDED)
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task(source.name, total=len(table))
        try:
            with writing(target) as stream:
                rows = _scored(scorer, table, lambda done: progress.advance(bar, done))
                write_csv(stream, [*table.names, *_ADDED], rows)
        except OSError as error:
            raise SettingsFault(f"--out: {target} cannot be written ({error.strerror}).") from None
    learnt = set(scorer.subjects_) & set(scorer.columns_.kinds_)
    return sorted(legible(name) for name in learnt - set(table.names))


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
