"""`make screenshots` writes docs/screens: the demo in a local Slack, looked at in a browser by the lead of its team.

Each picture is what she gets by the words or clicks that stand here, so they are as true as the bot.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.demo.local_slack import LocalSlack, free_port
from bot.demo.people import MAYA, SALES
from tests.e2e.browser import Browser, browsing
from tests.e2e.driver import Driver, driving

FOLDER = Path(__file__).parents[2] / "docs/screens"
_PATIENCE_SECONDS = 180.0

COMMANDS = {
    "card": ("/deal show Northgate Shipping", "Advance to Won"),
    "why": ("/deal why Northgate Shipping", "What speaks"),
    "list": ("/deal list", "Tallgrass Packaging"),
    "added": ("/deal add Acme Corp 12k USD close 15 March", "added Acme Corp"),
    "forecast": ("/funnel forecast this quarter", "Won by the end"),
    "help": ("/deal help", "Move deals"),
}
"""What she types, and words of the answer."""

_MESSAGE = "[...document.querySelectorAll('.msg')].filter(each => each.innerText.includes('{}')).pop()"
_PLACE = "[...document.querySelectorAll('.sidebar-item')].filter(each => each.innerText.includes('{}')).pop()"
_WITHOUT_TOOLS = "document.head.insertAdjacentHTML('beforeend', '<style>.msg-hover-actions{display:none}</style>')"


def take_all(browser: Browser, maya: Driver) -> None:
    _take(browser, "digest", _MESSAGE.format("To look at today"))
    for name, (line, answer) in COMMANDS.items():
        maya.command(MAYA.user_id, line, SALES)
        _take(browser, name, _MESSAGE.format(answer))
    _press(browser, "Advance to Won", "Lost")
    _take(browser, "form", "document.querySelector('.modal')")
    browser.run("document.querySelector('.modal-close, .modal-head button')?.click()")
    browser.run(f"{_PLACE.format('Sluice')}.click()")
    _take(browser, "home", "document.querySelector('.home-inner:has(.bk-section)')")


def _take(browser: Browser, name: str, element: str) -> None:
    browser.until(f"!!({element})")
    browser.until("[...document.images].every(each => each.complete)")
    browser.picture(element, FOLDER / f"{name}.png")


def _press(browser: Browser, answer: str, label: str) -> None:
    """Presses the button of that label in the message with the answer."""
    buttons = f"[...({_MESSAGE.format(answer)}).querySelectorAll('button')]"
    browser.run(f"{buttons}.find(each => each.innerText === '{label}').click()")


@contextmanager
def a_demo() -> Iterator[LocalSlack]:
    slack = LocalSlack(free_port())
    arguments = [sys.executable, "-m", "bot", "demo", "--port", str(slack.port)]
    demo = subprocess.Popen(arguments, env={**os.environ, "CI": "true"})
    try:
        yield slack
    finally:
        demo.terminate()
        demo.wait()


@contextmanager
def a_lead(slack: LocalSlack) -> Iterator[Driver]:
    """Maya, as soon as there is a Slack for her, welcomed by the bot."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), driving(slack) as maya:
            maya.message(SALES, "/deal add Acme Corp", within=_PATIENCE_SECONDS)
            yield maya
            return
        time.sleep(0.1)
    raise SystemExit("The demo did not start; `make demo` says why.")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with a_demo() as slack, a_lead(slack) as maya, browsing(width=1_000, height=6_000) as browser:
        browser.open(slack.url)
        browser.until("document.querySelectorAll('.msg').length > 2")
        browser.run(_WITHOUT_TOOLS)
        take_all(browser, maya)


if __name__ == "__main__":
    main()
