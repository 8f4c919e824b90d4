"""A command's first word is its verb, in many ways of saying it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import ALIASES, COMMANDS, WITHOUT_WORDS, answer
from bot.errors import worded
from bot.faults import VerbUnknown
from models.errors import DomainError
from tests.bot.conftest import Desk

EVERY_ALIAS = [(command, alias) for command, aliases in ALIASES.items() for alias in aliases]


@pytest.mark.parametrize(("command", "alias"), EVERY_ALIAS)
def test_every_alias_means_a_verb_and_is_none_itself(command: str, alias: str) -> None:
    assert ALIASES[command][alias] in COMMANDS[command]
    assert alias not in COMMANDS[command]


def test_every_command_means_something_alone() -> None:
    assert {command: WITHOUT_WORDS[command] in verbs for command, verbs in COMMANDS.items()} == {
        "/deal": True,
        "/funnel": True,
    }


def test_verbs_are_taken_in_any_case_and_in_chinese(desk: Desk) -> None:
    desk.types("/deal NEW Acme")
    desk.types("/deal 推进 Acme")
    desk.types("/deal 赢单Acme")

    assert desk.deal("Acme").is_won


@pytest.mark.parametrize(
    ("line", "likely"),
    [
        ("/deal advanec Acme", "advance"),
        ("/deal wun Acme", "won"),
        ("/deal signed Acme", "won"),
        ("/funnel shwo", "show"),
        ("/funnel velocity", "report"),
        ("/funnel conversion", "report"),
        ("/funnel win rate last quarter", "report"),
        ("/funnel retention", "aftersales"),
        ("/funnel nps", "aftersales"),
        ("/funnel 转化率", "report"),
        ("/funnel records", "leaderboard"),
        ("/funnel wins", "help wins"),
        ("/funnel 喜报", "help 喜报"),
        ("/funnel 语言", "help 语言"),
    ],
)
def test_an_unknown_verb_is_answered_with_what_is_meant_or_spelt_alike(desk: Desk, line: str, likely: str) -> None:
    with pytest.raises(VerbUnknown) as unknown:
        desk.types(line)

    said = worded(unknown.value, desk.turn().say).text
    assert unknown.value.likely == likely
    assert f"{line.split(maxsplit=1)[0]} help" in said
    assert f"`{line.split(maxsplit=1)[0]} {likely}`" in said


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("/funnel 转化率", "`/funnel 报告`"),
        ("/funnel 纪录", "`/funnel 排行榜` 还是 `/funnel 帮助 喜报`"),
        ("/funnel 时区", "`/funnel 帮助 时区`"),
        ("/deal advanec Acme", "`/deal 推进`"),
    ],
)
def test_who_reads_chinese_is_told_what_is_meant_in_chinese(desk: Desk, line: str, named: str) -> None:
    with pytest.raises(VerbUnknown) as unknown:
        desk.types(line, locale="zh-CN")

    assert named in worded(unknown.value, desk.turn(locale="zh-CN").say).text


def test_the_chinese_word_for_settings_shows_them_and_changes_one(desk: Desk) -> None:
    shown = desk.types("/funnel 设置", locale="zh-CN").text
    desk.types("/funnel 设置 高价值 7万", locale="zh-CN")

    assert shown == "*团队设置*"
    assert desk.team.workspace.high_value == 70_000


@settings(max_examples=150)
@given(
    verb=st.sampled_from([*COMMANDS["/deal"], "frobnicate"]),
    words=st.one_of(
        st.text(max_size=80),
        st.lists(
            st.sampled_from(["Acme", "to", "Proposal", "because", "12k", ":", "<@UBOB>", '"', "none", "amount", "#1"]),
            max_size=8,
        ).map(" ".join),
    ),
)
def test_whatever_is_typed_is_answered_or_refused_with_a_sentence(desk: Desk, verb: str, words: str) -> None:
    if not desk.team.deals.has_name("Acme"):
        desk.team.adds("Acme")
    turn = desk.turn()

    try:
        with turn.session.begin_nested():
            reply = answer("/deal", f"{verb} {words}", turn)
    except DomainError as error:
        reply = worded(error, turn.say, command="/deal", words=f"{verb} {words}")

    assert reply.text
