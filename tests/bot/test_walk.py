"""Without any documentation a new rep adds, moves, finds, wins and takes back a deal, in English and in Chinese, and a
manager gets a weekly digest, alerts and a forecast, by what the bot itself shows.

`WRITE_WALK=1` before this test writes docs/walk.md anew.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import Office
from tests.slack_double.block_rules import elements_of, texts_in
from tests.slack_double.state import Message, View

TRANSCRIPT = Path(__file__).parents[2] / "docs/walk.md"
_CODE = re.compile(r"`(/[^`]+)`")


class Walk:
    """Somebody who has seen nothing but what stands in `seen`, and does nothing that is not shown there."""

    def __init__(self, office: Office, user: str, name: str, *, begins_with: str) -> None:
        self._office = office
        self._slack = office.slack
        self._user = user
        self._channel = "C2" if user == "UMEI" else "C1"
        self.name = name
        self.steps: list[str] = []
        self._told: list[str] = []
        self._commands = {begins_with}
        self._seen: Message | View | None = None

    def types(self, line: str, *, shown: str) -> None:
        """A command that was shown, with another name in it perhaps."""
        assert shown in self._commands, f"nobody told them of {shown}"
        self._does(f"types `{line}`", lambda: self._office.types(line, user=self._user, channel=self._channel))

    def fills_in(self, **answers: str) -> None:
        form = self._slack.views(self._user)[-1]
        assert answers.keys() <= {block.get("block_id") for block in form.body["blocks"]}
        told = "".join(f"fills in “{answer}” as the {name}, " for name, answer in answers.items())
        self._does(
            f"{told}presses *{form.body['submit']['text']}*",
            lambda: self._slack.deliver(self._slack.submit(form, user=self._user, values=answers)),
        )

    def presses(self, label: str) -> None:
        """A button, or a line of a menu, of what they saw last."""
        seen = self._seen
        assert isinstance(seen, Message)
        action_id, value = next(found for name, *found in _pressable(seen) if name == label)
        self._does(
            f"presses *{label}*",
            lambda: self._slack.deliver(self._slack.click(seen, action_id, user=self._user, value=value)),
        )

    def _does(self, what: str, gesture: Callable[[], object]) -> None:
        before = self._everything()
        gesture()
        self.steps.append(what)
        fresh = [each for key, each in self._everything().items() if key not in before]
        assert fresh, f"nothing came of it: {what}"
        self._seen = fresh[-1]
        words = "\n".join(map(_words, fresh))
        self._commands |= set(_CODE.findall(words))
        self._told.append(words)

    def _everything(self) -> Mapping[tuple[str, str], Message | View]:
        """All that they can look at; a message that changes counts anew."""
        posts = [*self._slack.posts(self._channel), *self._slack.ephemerals(self._user)]
        views = {("view", view.id): view for view in self._slack.views(self._user)}
        return {(post.ts, str(post.blocks) + post.text): post for post in posts} | views

    def transcript(self) -> Iterator[str]:
        for number, (step, told) in enumerate(zip(self.steps, self._told, strict=True), 1):
            yield from (f"**{number}. {self.name} {step}.**", "", *(f"> {line}  " for line in told.splitlines()), "")


def _blocks(seen: Message | View) -> list[Any]:
    return list(seen.body["blocks"] if isinstance(seen, View) else seen.blocks)


def _words(seen: Message | View) -> str:
    return "\n".join(texts_in(_blocks(seen))) or getattr(seen, "text", "")


def _pressable(message: Message) -> Iterator[tuple[str, str, str]]:
    for block in message.blocks:
        for element in elements_of(block):
            for each in (element, *element.get("options", ())):
                if "value" in each:
                    yield each["text"]["text"], element["action_id"], each["value"]


def a_rep(office: Office) -> Walk:
    bob = Walk(office, "UBOB", "Bob", begins_with="/deal")
    bob.types("/deal", shown="/deal")
    bob.fills_in(name="Acme Corp", amount="12k")
    bob.presses("Advance to First contact")
    assert office.stage_of("Acme Corp") == "First contact"
    bob.types("/deal find acme", shown="/deal find acme")
    bob.presses("Mark as won")
    bob.fills_in()
    assert office.stage_of("Acme Corp") == "Won"
    bob.presses("Take back the latest move")
    assert office.stage_of("Acme Corp") == "First contact"
    return bob


def a_rep_who_reads_chinese(office: Office) -> Walk:
    mei = Walk(office, "UMEI", "梅", begins_with="/deal")
    mei.types("/deal", shown="/deal")
    mei.fills_in(name="星辰科技", amount="12万")
    mei.presses("推进到 初步接触")
    assert office.stage_of("星辰科技") == "初步接触"
    mei.types("/deal 查找 星辰", shown="/deal 查找 星辰")
    mei.presses("标记为赢单")
    mei.fills_in()
    assert office.stage_of("星辰科技") == "赢单"
    mei.presses("撤销最近一次移动")
    assert office.stage_of("星辰科技") == "初步接触"
    return mei


def a_manager(office: Office) -> Walk:
    ann = Walk(office, "UANN", "Ann", begins_with="/funnel help")
    ann.types("/funnel help", shown="/funnel help")
    ann.types("/funnel subscribe weekly monday 9:00", shown="/funnel subscribe weekly monday 9:00")
    ann.types("/funnel set alert channel here", shown="/funnel set alert channel here")
    ann.types("/funnel forecast this quarter", shown="/funnel forecast this quarter")
    return ann


@pytest.mark.parametrize(
    ("walk", "most_steps", "title"),
    [
        (a_rep, 7, "A new rep adds, advances, finds, wins and undoes a deal"),
        (a_rep_who_reads_chinese, 7, "The same in Chinese"),
        (a_manager, 4, "A manager wants a weekly digest, alerts and the forecast"),
    ],
)
def test_who_is_new_does_all_that_a_day_needs_without_documentation(
    walk: Callable[[Office], Walk], most_steps: int, title: str, office: Office
) -> None:
    if walk is a_rep_who_reads_chinese:
        office.slack.add_user("UMEI", name="mei", real_name="梅", tz="Asia/Shanghai", locale="zh-CN")
        office.slack.add_channel("C2", "销售", members=["UMEI"])

    walked = walk(office)

    told = [f"## {title}: {len(walked.steps)} steps", "", *walked.transcript()]
    assert len(walked.steps) <= most_steps
    assert office.slack.refused == []
    if os.environ.get("WRITE_WALK"):
        _write(title, told)
    assert "\n".join(told).strip() in TRANSCRIPT.read_text(encoding="utf-8")


def _write(title: str, told: list[str]) -> None:
    """The chapter of that title anew, or behind the others."""
    head, *chapters = re.split(r"^(?=## )", TRANSCRIPT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    fresh = "\n".join(told).rstrip() + "\n\n"
    places = [at for at, each in enumerate(chapters) if each.startswith(f"## {title}:")]
    chapters[slice(places[0], places[0] + 1) if places else slice(len(chapters), None)] = [fresh]
    TRANSCRIPT.write_text("".join([head, *chapters]).rstrip() + "\n", encoding="utf-8")
