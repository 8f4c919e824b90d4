"""Shows on the terminal how far learning has come, since it may take minutes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:  # it loads the learning libraries: seconds that other commands need not wait
    from scoring.training import Step

_WORDS = {
    "features": "Looking at the deals as they were",
    "forward": "Learning which of them move forward",
    "won": "Learning which of them are won",
}


@contextmanager
def training_progress(console: Console, *, trainings: int = 1) -> Iterator[Callable[["Step"], None]]:
    """What it yields is told of each step of so many trainings as it begins."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Beginning", total=trainings * len(_WORDS))
        begun = 0

        def tell(step: "Step") -> None:
            nonlocal begun
            progress.update(bar, description=_WORDS[step], completed=begun)
            begun += 1

        yield tell
