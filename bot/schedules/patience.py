"""How long to go on when Slack is busy, broken or away, and when there is no point in going on at all."""

from collections.abc import Callable, Iterator
from threading import Event

from slack_sdk.errors import SlackApiError
from tenacity import (
    AttemptManager,
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    stop_when_event_set,
    wait_exponential_jitter,
    wait_random,
)

from bot.tokens import UNREACHABLE

ATTEMPTS = 5
SECONDS = 40
"""For looking and for posting each; with the timeouts of the last attempts that stays within a delivery's lease."""

_BUSY = ("ratelimited", "rate_limited")
_BROKEN = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")


def attempts(sleep: Callable[[float], object], stopping: Event) -> Iterator[AttemptManager]:
    """Attempts at something, until it works or cannot work. Raises RetryError when patience ends or the process does,
    and whatever is not transient as it is."""
    return iter(
        Retrying(
            retry=retry_if_exception(is_transient),
            wait=_wait,
            stop=stop_after_attempt(ATTEMPTS) | stop_before_delay(SECONDS) | stop_when_event_set(stopping),
            sleep=sleep,  # type: ignore[arg-type]  # what an Event's wait returns is of no interest
        )
    )


def is_transient(error: BaseException) -> bool:
    """Whether it may work in a moment; everything else that Slack answers stays so until a person acts."""
    if isinstance(error, SlackApiError):
        return is_busy(error) or error.response.status_code >= 500 or error.response["error"] in _BROKEN
    return isinstance(error, UNREACHABLE)


def is_busy(error: BaseException) -> bool:
    """Refused for haste, and surely not carried out; whatever else is transient may have been, or still be."""
    if not isinstance(error, SlackApiError):
        return False
    return error.response.status_code == 429 or error.response["error"] in _BUSY


def asked_for(error: BaseException | None) -> float:
    """The seconds that Slack asks us to wait; none where it does not."""
    if isinstance(error, SlackApiError) and "Retry-After" in error.response.headers:
        return float(error.response.headers["Retry-After"])
    return 0.0


_jitter = wait_random(0, 1)
_back_off = wait_exponential_jitter(initial=1, max=10)


def _wait(state: RetryCallState) -> float:
    """As long as Slack asks and up to a second more, as it asks several lanes and processes at once; otherwise a little
    longer each time."""
    asked = asked_for(state.outcome.exception() if state.outcome else None)
    return asked + _jitter(state) if asked else _back_off(state)
