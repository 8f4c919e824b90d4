"""`sluice` as an operator runs it: a process of its own, of which one sees what it says and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

ROOT = Path(__file__).parent.parent
_PATIENCE_SECONDS = 180
_OURS = ("SLACK_", "SLUICE_", "DATABASE_")


_HANGING = 10.0
"""Seconds after which Bolt's own way of hanging up gives up waiting."""


@dataclass(frozen=True)
class Ended:
    """How a program ended. It hung if it ended in no order, but only after waiting for something in vain."""

    code: int
    said: str
    hung: bool


class Program:
    """A program that is running; what it says on standard error is read line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        self._said: list[str] = []
        self._begun = time.monotonic()
        self._starting = 0.0
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def says(self, words: str) -> str:
        """The next line with these words."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        try:
            while words not in (line := self._lines.get(timeout=max(0.0, deadline - time.monotonic()))):
                continue
        except Empty:
            raise AssertionError(f"it never said {words!r}, but: {''.join(self._said)}") from None
        self._starting = self._starting or time.monotonic() - self._begun
        return line

    def port(self) -> int:
        """Where it serves, once it does."""
        return int(self.says("health checks on").rsplit("port ", 1)[1])

    def told(self, number: signal.Signals) -> Ended:
        """Sends the signal and waits for the end, which takes less time than the start, however busy the machine."""
        since = time.monotonic()
        self._process.send_signal(number)
        code = self._process.wait(_PATIENCE_SECONDS)
        seconds = time.monotonic() - since
        self._reader.join()
        return Ended(code, "".join(self._said), hung=seconds > max(_HANGING, self._starting))

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said.append(line)
            self._lines.put(line)


@contextmanager
def running(folder: Path, *arguments: str, **settings: str) -> Iterator[Program]:
    """The program in that working directory, with these settings and no others, as long as the `with` lasts."""
    with subprocess.Popen(
        _command(arguments), cwd=folder, env=_environment(settings), text=True, stderr=subprocess.PIPE
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    """Runs it to its end."""
    return subprocess.run(
        _command(arguments),
        cwd=folder,
        env=_environment(settings),
        capture_output=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **settings}


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("", 0))
        port: int = listener.getsockname()[1]
        return port
