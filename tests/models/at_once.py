"""Several people, or processes, at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 120  # seconds until a test that hangs fails


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T | BaseException]:
    """What each job returned or raised, when all of them started together."""
    gate = Barrier(len(jobs), timeout=PATIENCE)

    def run(job: Callable[[], T]) -> T:
        gate.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        waiting = [pool.submit(run, job) for job in jobs]
    return [future.exception() or future.result() for future in waiting]
