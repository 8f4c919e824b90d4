"""Writes the log, keeps secrets out of it whatever a library may print, and each entry to lines of its own."""

import logging
import re
from collections.abc import Iterable

HIDDEN = "…hidden…"

_SECRET_SHAPES = re.compile(
    r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+"  # tokens
    r"|[\"']token[\"']: ?[\"'][^\"']+|\btoken=[^&\s\"']+"  # what old apps tell Slack by
    r"|ticket=[^\s\"'&]+"  # what opens a socket in the app's name
    r"|hooks\.slack\.com[^\s\"']+"  # what answers in the app's name
)
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class HidingFormatter(logging.Formatter):
    """A formatter that strikes out tokens, by their shape, and the given secrets, in messages and tracebacks alike.

    What somebody typed cannot begin an entry of its own: each entry is one line, its traceback indented below.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        text = _SECRET_SHAPES.sub(HIDDEN, text)
        return _CONTROLS.sub(_spelled, text).replace("\n", "\n    ")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.replace("\n", "\\n")
        return super().formatMessage(record)


def write_logs(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(HidingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It calls every goodbye an error; of real ones the SDK tells as well.
    logging.getLogger("websocket").setLevel(logging.CRITICAL)


def _spelled(control: re.Match[str]) -> str:
    return control[0].encode("unicode_escape").decode()
