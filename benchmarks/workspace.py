"""`python -m benchmarks.workspace` measures the commands that learn from a workspace's own history.

An invented team is imported from its files into a new SQLite database; then each command runs once, in a process of its
own, as an operator would call it. Told are the seconds that passed, those that a processor worked for it (on a busy
machine the truer figure), and the most memory that it held.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.scoring.funnel_files import stage_plan, write_csv_files
from tests.scoring.funnel_law import RICH
from tests.scoring.simulation import START, days
from tests.scoring.truth import a_funnel

_LAW = replace(RICH, chatter=0.33)
"""So much is noted that there are some 20 rows of history a deal."""
_OVER_DAYS = 1000
_AS_OF = START + days(800)
_MEGABYTE = 1024
"""Linux tells memory in kilobytes."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workspace", description=__doc__)
    parser.add_argument("--deals", type=int, default=13_000, metavar="N", help="how many the team has had")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where to keep the files and the database")
    wanted = parser.parse_args()
    console = Console()
    with _folder(wanted.keep) as folder:
        funnel = a_funnel(_LAW, deals=wanted.deals, over_days=_OVER_DAYS)
        write_csv_files(funnel, folder)
        stages = ",".join(f"{plan.name}:{plan.kind}" for plan in stage_plan(funnel))
        history, activities = (folder / name for name in ("history.csv", "activities.csv"))
        rows = sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in (history, activities))
        table = Table("command", "seconds", "CPU s", "MB", title=f"{wanted.deals:,} deals, {rows:,} rows of history")
        files = ("deals.csv", "--history", "history.csv", "--activities", "activities.csv")
        for words in (
            ("import", *files, "--workspace", "T0BENCH", "--pipeline", "Funnel", "--stages", stages),
            ("train",),
            ("scores", "--as-of", f"{_AS_OF:%Y-%m-%d}", "--out", "scored.csv"),
            ("scores", "--out", "scored-now.csv"),
            ("backtest", "--folds", "3"),
        ):
            console.print(f"sluice {' '.join(words)}", markup=False)
            table.add_row(" ".join(words[:3]), *(f"{figure:,.0f}" for figure in _cost_of(words, folder)))
        console.print(table)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with TemporaryDirectory() as name:
            yield Path(name)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept


def _cost_of(words: Sequence[str], folder: Path) -> tuple[float, float, float]:
    """The seconds that a command took, those of processors, and its most memory in megabytes."""
    began = time.perf_counter()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'sluice.db'}",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    child = subprocess.Popen([sys.executable, "-m", "bot", *words], cwd=folder, env=environment)  # noqa: S603 - our own words
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, words)
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MEGABYTE


if __name__ == "__main__":
    main()
