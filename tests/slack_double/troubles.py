"""Bad days on demand: a method that fails next time, answers that get lost, a limit on how often one may call."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from .refusals import Json, Refusal


@dataclass(frozen=True)
class Held:
    """A call that its caller has given up, and that is carried out only when a test lets it."""

    let_in: Event = field(default_factory=Event)
    done: Event = field(default_factory=Event)

    def arrives(self) -> None:
        """Returns when it has had its effect."""
        self.let_in.set()
        if not self.done.wait(10):
            raise TimeoutError


@dataclass(frozen=True)
class Trouble:
    """What befalls one call. Lost means that the call has its effect and the connection ends without an answer, or that
    it is answered by a status at once and has its effect all the same; cut that it breaks at once and nothing is done;
    held that it breaks or fails at once and has its effect later. `before` and `after` are seconds that Slack takes
    over its effect, and then over answering."""

    status: int = 200
    error: str | None = None
    faults: tuple[str, ...] = ()
    retry_after: int | None = None
    lost: bool = False
    cut: bool = False
    before: float = 0.0
    after: float = 0.0
    held: Held | None = None


Weather = Callable[[str], Trouble | None]
"""What befalls a call of a method, drawn anew each time."""


class Troubles:
    def __init__(self) -> None:
        self.weather: Weather = lambda _method: None
        self._waiting: defaultdict[str, deque[Trouble]] = defaultdict(deque)
        self._limits: dict[str, tuple[int, float]] = {}
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def add(self, method: str, trouble: Trouble) -> None:
        self._waiting[method].append(trouble)

    def next_for(self, method: str) -> Trouble | None:
        return self._waiting[method].popleft() if self._waiting[method] else self.weather(method)

    def limit(self, method: str, *, calls: int, seconds: float) -> None:
        self._limits[method] = (calls, seconds)

    def refuse_haste(self, method: str, args: Json, at: float) -> None:
        """Slack counts posts by channel and other methods by themselves."""
        if method not in self._limits:
            return
        calls, seconds = self._limits[method]
        recent = self._calls[method, str(args.get("channel")) if method == "chat.postMessage" else ""]
        while recent and at - recent[0] >= seconds:
            recent.popleft()
        if len(recent) >= calls:
            raise Refusal("ratelimited", status=429, retry_after=math.ceil(recent[0] + seconds - at))
        recent.append(at)
