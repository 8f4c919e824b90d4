"""A new rep without any documentation adds, moves, finds, wins and takes back a deal by what the bot itself shows.

`WRITE_WALK=1` before this test writes docs/walk.md anew.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bot.conftest import Office
from tests.slack_double.block_rules import elements_of, texts_in
from tests.slack_double.state import Message, View

TRANSCRIPT = Path(__file__).parents[2] / "docs/walk.md"
REP, CHANNEL = "UBOB", "C1"
MOST_STEPS = 8
_CODE = re.compile(r"`(/[^`]+)`")


class Walk:
    """Bob, who has seen nothing but what stands in `seen`, and does nothing that is not shown there."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._slack = office.slack
        self.steps: list[str] = []
        self._told: list[str] = []
        self._commands = {"/deal"}
        self._seen: Message | View | None = None

    def types(self, line: str, *, shown: str) -> None:
        """A command that was shown, with another name in it perhaps."""
        assert shown in self._commands, f"nobody told him of {shown}"
        self._does(f"types `{line}`", lambda: self._office.types(line, user=REP))

    def fills_in(self, **answers: str) -> None:
        form = self._slack.views(REP)[-1]
        assert answers.keys() <= {block.get("block_id") for block in form.body["blocks"]}
        told = "".join(f"fills in “{answer}” as the {name}, " for name, answer in answers.items())
        self._does(
            f"{told}presses *{form.body['submit']['text']}*",
            lambda: self._slack.deliver(self._slack.submit(form, user=REP, values=answers)),
        )

    def presses(self, label: str) -> None:
        """A button, or a line of a menu, of what he saw last."""
        seen = self._seen
        assert isinstance(seen, Message)
        action_id, value = next(found for name, *found in _pressable(seen) if name == label)
        self._does(
            f"presses *{label}*",
            lambda: self._slack.deliver(self._slack.click(seen, action_id, user=REP, value=value)),
        )

    def _does(self, what: str, gesture: Callable[[], object]) -> None:
        before = self._everything()
        gesture()
        self.steps.append(what)
        fresh = [each for key, each in self._everything().items() if key not in before]
        assert fresh, f"nothing came of it: {what}"
        self._seen = fresh[-1]
        words = "\n".join(texts_in(_blocks(self._seen))) or getattr(self._seen, "text", "")
        self._commands |= set(_CODE.findall(words))
        self._told.append(words)

    def _everything(self) -> Mapping[tuple[str, str], Message | View]:
        """All that Bob can look at; a message that changes counts anew."""
        posts = [*self._slack.posts(CHANNEL), *self._slack.ephemerals(REP)]
        views = {("view", view.id): view for view in self._slack.views(REP)}
        return {(post.ts, str(post.blocks) + post.text): post for post in posts} | views

    def transcript(self) -> str:
        lines = ["# A new rep's first deal", ""]
        lines += ["Bob has read nothing. He begins with `/deal`, which Slack offers as he types; everything after that"]
        lines += [f"the bot has shown him before. {len(self.steps)} steps; a test walks them, and wrote this.", ""]
        for number, (step, told) in enumerate(zip(self.steps, self._told, strict=True), 1):
            lines += [f"**{number}. Bob {step}.**", "", *(f"> {line}  " for line in told.splitlines()), ""]
        return "\n".join(lines)


def _blocks(seen: Message | View) -> list[Any]:
    return list(seen.body["blocks"] if isinstance(seen, View) else seen.blocks)


def _pressable(message: Message) -> Iterator[tuple[str, str, str]]:
    for block in message.blocks:
        for element in elements_of(block):
            for each in (element, *element.get("options", ())):
                if "value" in each:
                    yield each["text"]["text"], element["action_id"], each["value"]


def test_a_new_rep_does_all_that_a_day_needs_without_documentation(office: Office) -> None:
    bob = Walk(office)

    bob.types("/deal", shown="/deal")
    bob.fills_in(name="Acme Corp", amount="12k")
    bob.presses("Advance to First contact")
    assert office.stage_of("Acme Corp") == "First contact"
    bob.types("/deal help", shown="/deal help")
    bob.types("/deal find acme", shown="/deal find globex")
    bob.presses("Mark as won")
    bob.fills_in()
    assert office.stage_of("Acme Corp") == "Won"
    bob.types("/deal undo Acme", shown="/deal undo Acme")

    assert office.stage_of("Acme Corp") == "First contact"
    assert len(bob.steps) <= MOST_STEPS
    assert office.slack.refused == []
    if os.environ.get("WRITE_WALK"):
        TRANSCRIPT.write_text(bob.transcript(), encoding="utf-8")
    assert [step for step in bob.steps if step not in TRANSCRIPT.read_text(encoding="utf-8")] == []
