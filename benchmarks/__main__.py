"""`python -m benchmarks` measures the score on public leads, prints the figures, and keeps them where it is told to."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks.data import READERS, bank_shuffled
from benchmarks.rivals import RIVALS
from benchmarks.scoring import Line, Serving, compare, serving

DATA = Path(os.environ.get("SLUICE_BENCHMARK_DATA", Path(__file__).parents[2] / "shared" / "data"))

HEADER = (
    "",
    "log loss",
    "ROC AUC",
    "average precision",
    "Brier",
    "calibration error",
    "lift of the best tenth",
    "fit, CPU s",
    "rows per CPU s",
)


def main() -> None:
    wanted = _arguments()
    console = Console()
    lines: list[Line] = []
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        sets = [read(wanted.data) for read in READERS if not wanted.only or read.__name__ in wanted.only]
        bar = progress.add_task("Scoring", total=sum(len(each.splits) for each in sets) * len(RIVALS))
        for each in sets:
            lines += compare(each, lambda what: progress.update(bar, advance=1, description=what))
            console.print(_table(each.name, [line for line in lines if line.benchmark == each.name]))
        progress.update(bar, description="Serving")
        cost = (
            None if wanted.only and bank_shuffled.__name__ not in wanted.only else serving(bank_shuffled(wanted.data))
        )
    if cost:
        console.print(_sentence(cost))
    if wanted.json:
        kept = {"lines": [asdict(line) for line in lines], "serving": asdict(cost) if cost else None}
        wanted.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if wanted.markdown:
        wanted.markdown.write_text(_markdown(lines, cost), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="where the public sets lie")
    parser.add_argument(
        "--only", action="append", choices=[read.__name__ for read in READERS], help="one of the sets; repeatable"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="keep the tables as Markdown")
    return parser.parse_args()


def _cells(line: Line) -> list[str]:
    return [
        line.rival,
        f"{line.log_loss:.4f}",
        f"{line.auc:.3f}",
        f"{line.average_precision:.3f}",
        f"{line.brier:.4f}",
        f"{line.calibration_error:.4f}",
        f"{line.lift:.2f}",
        f"{line.fit_seconds:.2f}",
        f"{line.rows_a_second:,.0f}",
    ]


def _table(title: str, lines: Sequence[Line]) -> Table:
    table = Table(title=title)
    for name in HEADER:
        table.add_column(name, justify="right" if name else "left")
    for line in lines:
        table.add_row(*_cells(line), style="bold" if line.rival == "sluice" else None)
    return table


def _markdown(lines: Sequence[Line], cost: Serving | None) -> str:
    parts = []
    for name in dict.fromkeys(line.benchmark for line in lines):
        rows = [HEADER, ["---", *(["---:"] * (len(HEADER) - 1))]]
        rows += [_cells(line) for line in lines if line.benchmark == name]
        chose = next(line.chose for line in lines if line.benchmark == name and line.chose)
        told = ", ".join(f"{choice} ({count})" for choice, count in chose.items())
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        parts.append(f"### {name}\n\n{table}\n\nChosen (folds): {told}.\n")
    return "\n".join([*parts, *([f"{_sentence(cost)}\n"] if cost else [])])


def _sentence(cost: Serving) -> str:
    return (
        f"Serving, on one core: one lead with its reasons takes {cost.milliseconds_a_lead:.1f} ms (median); in bulk "
        f"{cost.reasons_a_second:,.0f} leads a second with reasons, {cost.chances_a_second:,.0f} without."
    )


if __name__ == "__main__":
    main()
