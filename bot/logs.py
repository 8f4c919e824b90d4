"""Writes the log, and keeps secrets out of it whatever a library may print."""

import logging
import re
from collections.abc import Iterable

_TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+")
_HIDDEN = "…hidden…"


class HidingFormatter(logging.Formatter):
    """A formatter that strikes out tokens, by their shape, and the given secrets, in messages and tracebacks alike;
    control characters that somebody typed cannot begin a line of their own."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        text = _TOKEN.sub(_HIDDEN, super().format(record))
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)


def write_logs(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(HidingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
