"""How fast Slack may be posted to: a message a second in a channel, a few a second in a workspace."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

IN_CHANNEL = timedelta(seconds=1)
IN_WORKSPACE = timedelta(seconds=0.2)
"""Slack speaks of several hundred messages a minute."""


class Pace:
    """Hands out places in the queue of each channel and workspace, to whatever thread asks."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._free: dict[tuple[str, str], datetime] = {}
        self._seen: datetime | None = None
        self._lock = Lock()

    def wait(self, team_id: str, channel: str) -> float:
        """How many seconds from now it is one's turn; the next one's is after that."""
        with self._lock:
            now = self._clock()
            if self._seen and now < self._seen:
                self._free = {}  # the clock went back, and nobody is to wait until it has caught up
            self._seen = now
            self._free = {place: free for place, free in self._free.items() if free > now}
            workspace, place = (team_id, ""), (team_id, channel)
            turn = max(self._free.get(workspace, now), self._free.get(place, now))
            self._free[workspace] = self._free.get(workspace, now) + IN_WORKSPACE
            self._free[place] = turn + IN_CHANNEL
            return (turn - now).total_seconds()
