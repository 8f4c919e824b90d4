"""Blocks keep Slack's limits by themselves."""

import pytest

from bot.views.blocks import (
    MESSAGE_CHARACTERS,
    Block,
    button,
    choice,
    context,
    cut,
    fit,
    header,
    option,
    paragraphs,
    section,
    size,
    text_input,
)
from tests.slack_double.block_rules import refuse_bad_blocks


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"


@pytest.mark.parametrize("text", ["", "x", "x" * 5_000])
def test_slack_takes_a_block_with_any_text(text: str) -> None:
    blocks: list[Block] = [
        header(text),
        context(text),
        section(text, accessory=button(text, "a", f"1{text}", label=text, style="primary")),
    ]

    assert refuse_bad_blocks(blocks, "message") == blocks


def test_slack_takes_fields_of_forms() -> None:
    fields: list[Block] = [
        text_input("note", "Note", hint="x" * 200, limit=3_000, multiline=True),
        choice("kind", "Kind", [option("x" * 100, "a"), option("Call", "b")]),
    ]

    assert refuse_bad_blocks(fields, "modal") == fields


def test_lines_share_a_section_until_it_is_full() -> None:
    texts = [block["text"]["text"] for block in paragraphs(["a" * 1_400, "b" * 1_400, "c" * 1_400, "d"])]

    assert texts == ["a" * 1_400 + "\n" + "b" * 1_400, "c" * 1_400 + "\nd"]


def test_as_many_groups_fit_as_a_message_can_hold() -> None:
    pair = [section("x"), section("y")]
    long = [section("x" * 2_500)]

    assert fit([pair] * 100) == 23
    assert fit([pair] * 3) == 3
    assert size(long * fit([long] * 100)) <= MESSAGE_CHARACTERS
