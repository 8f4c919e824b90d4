"""What Slack says when it will not do a thing: an error code, and sometimes which part of the request was at fault."""

from typing import Any

Json = dict[str, Any]


class Refusal(Exception):
    """One of Slack's own error codes, with whatever Slack adds to it in the answer."""

    def __init__(
        self,
        error: str,
        *,
        faults: list[str] | None = None,
        status: int = 200,
        retry_after: int | None = None,
        **more: str,
    ) -> None:
        super().__init__(error, *(faults or ()))
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.body: Json = {"ok": False, "error": error, **more}
        if faults:
            self.body |= {"errors": faults, "response_metadata": {"messages": [f"[ERROR] {fault}" for fault in faults]}}


class NotAcknowledged(AssertionError):
    """The app left Slack without a proper answer, so the person saw a warning sign."""


class ImpossibleGesture(AssertionError):
    """A test tried what no person could do, such as clicking a button that is not there."""
