"""`make screenshots` takes the pictures of docs: the demo in a local Slack, looked at by the lead of its team.

Each picture is what she gets by the words or clicks that stand here, so they are as true as the bot.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.demo.local_slack import LocalSlack
from bot.demo.people import MAYA, SALES
from tests.e2e.browser import Browser, browsing
from tests.e2e.driver import Driver, driving
from tests.program import free_port

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "screens"
_PATIENCE_SECONDS = 600.0
"""A busy machine takes minutes to invent a year and to learn from it."""

COMMANDS = {
    "card": ("/deal show Northgate Shipping", "Advance to Won"),
    "why": ("/deal why Northgate Shipping", "What speaks"),
    "forecast": ("/funnel forecast this quarter", "Won by the end"),
    "leaderboard": ("/funnel leaderboard last quarter", "in open deals"),
}
"""What she types, and words of the answer."""
FORMS = {"add": "/deal", "move": "/deal move Northgate Shipping"}
"""What she types for a form."""
PICTURES = {"funnel": "/funnel show", "trend": "/funnel trend this year"}
"""What she types for a picture, which stands in docs as it was drawn."""

_MESSAGE = "[...document.querySelectorAll('.msg')].filter(each => each.innerText.includes('{}')).pop()"
_PLACE = "[...document.querySelectorAll('.sidebar-item')].filter(each => each.innerText.includes('{}')).pop()"
_PICTURE = "[...document.querySelectorAll('.msg img')].filter(each => each.src.includes('{}')).pop()"
_FORM = "document.querySelector('.modal')"
_TOP_OF_HOME = "document.querySelector('.home-inner:has(.bk-section)')"
_INTRODUCED = "[...document.querySelectorAll('.home-inner button')].find(each => each.innerText.includes('right'))"
_AS_IN_SLACK = """
document.head.insertAdjacentHTML('beforeend', `<style>
.msg-hover-actions { display: none }
.home-inner { padding: 16px }
.bk-section:has(> .bk-text) { display: flex; justify-content: space-between; align-items: flex-start; gap: 16px }
</style>`)
"""
"""Slack has a section's button on its right, and the local one below it."""
_FIELDS = """
document.querySelectorAll('.bk-unknown').forEach(each => {
  const field = document.createElement('input')
  field.style.cssText = 'width: 100%; max-width: 420px; padding: 8px; border: 1px solid #aaa; border-radius: 4px'
  each.replaceWith(field)
})
"""
"""The local Slack does not draw all of Slack's fields, and names those in red: an empty field stands there instead."""
_MOST_OF_HOME = 1_300
"""So many of the page's pixels of the Home tab are shown at the most: what else there is, is told below it by commands.
"""
_END_OF_HOME = f"""
Math.max(...[...document.querySelectorAll('.home-inner .bk-section, .home-inner .bk-actions')]
  .map(each => each.getBoundingClientRect().bottom - {_TOP_OF_HOME}.getBoundingClientRect().top)
  .filter(bottom => bottom < {_MOST_OF_HOME}))
"""
"""Where the last block ends that is shown whole."""


def take_all(browser: Browser, maya: Driver) -> None:
    _take(browser, "digest", _MESSAGE.format("To look at today"))
    for name, line in PICTURES.items():
        maya.command(MAYA.user_id, line, SALES)
        browser.until(f"{_PICTURE.format(name)}?.naturalWidth > 0")
        address = browser.run(f"{_PICTURE.format(name)}.src")
        with urllib.request.urlopen(address) as picture:  # noqa: S310 - the local Slack's
            (DOCS / f"{name}.png").write_bytes(picture.read())
    for name, (line, answer) in COMMANDS.items():
        maya.command(MAYA.user_id, line, SALES)
        _take(browser, name, _MESSAGE.format(answer))
    for name, line in FORMS.items():
        maya.command(MAYA.user_id, line, SALES)
        _take(browser, name, _FORM)
        browser.run("document.querySelector('.modal-x').click()")
        browser.until(f"!{_FORM}")
    browser.run(f"{_PLACE.format('Maya Chen')}.click()")
    _take(browser, "nudge", _MESSAGE.format("need you today"))
    browser.run(f"{_PLACE.format('Sluice')}.click()")
    browser.until(f"!!{_INTRODUCED}")
    browser.run(f"{_INTRODUCED}.click()")
    browser.until(f"!{_INTRODUCED}")
    browser.run(_FIELDS)
    _take(browser, "home", _TOP_OF_HOME, most=int(browser.run(_END_OF_HOME)) + 4)


def _take(browser: Browser, name: str, element: str, *, most: int | None = None) -> None:
    browser.until(f"!!({element})")
    browser.until("[...document.images].every(each => each.complete)")
    browser.run(_FIELDS)
    browser.picture(element, FOLDER / f"{name}.png", most=most)


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
        browser.run(_AS_IN_SLACK)
        take_all(browser, maya)


if __name__ == "__main__":
    main()
