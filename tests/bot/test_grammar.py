"""What people type is read as they mean it, and a name is never changed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from moneyed import Money

from bot.grammar import (
    Addition,
    Split,
    Step,
    addition,
    as_typed,
    at_colon,
    at_reason,
    at_to,
    is_nothing,
    mention_of,
    mentioned,
    next_step,
    unquoted,
    verb_and_words,
    without_joint,
)
from models.errors import DomainError
from models.reading_errors import AmountOutOfRange, DateNotUnderstood, DateOutOfRange
from models.reading_money import find_money

MONDAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)
IDES = date(2026, 3, 15)


def read(words: str) -> Addition:
    return addition(words, currency="USD", today=MONDAY, locale="en")


# What Slack makes of what was typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("add AT&amp;T &lt;new&gt;", "add AT&T <new>"),
        ("add &amp;lt;", "add &lt;"),
        ("add <http://acme.com|acme.com> 12k", "add acme.com 12k"),
        ("add <https://acme.com/a>", "add https://acme.com/a"),
        ("note Acme <mailto:ann@acme.com|ann@acme.com> called", "note Acme ann@acme.com called"),
        ("note Acme see <#C123|sales>", "note Acme see #sales"),
        ("note Acme see <#G123> and <#C9|>", "note Acme see #G123 and #C9"),
        ("assign Acme to <@U123|bob>", "assign Acme to <@U123|bob>"),
    ],
)
def test_what_slack_made_of_the_text_is_undone(text: str, typed: str) -> None:
    assert as_typed(text) == typed


def test_people_are_mentioned_by_id() -> None:
    assert mentioned("give <@U1|bob> and <@W2> this") == ["U1", "W2"]


def test_of_many_mentions_only_the_last_few_are_asked_about() -> None:
    crowd = " ".join(f"<@U{number}>" for number in range(200))

    assert mentioned(f"{crowd} <@U199>") == ["U197", "U198", "U199"]
    assert mention_of(" <@U1|bob> ") == "U1"
    assert mention_of("<@U1> or so") == ""
    assert mention_of("bob") == ""


# Verbs


@pytest.mark.parametrize(
    ("text", "verb", "words"),
    [
        ("add Acme 12k", "add", "Acme 12k"),
        ("  ADD   Acme ", "add", "Acme"),
        ("list", "list", ""),
        ("frobnicate Acme", "frobnicate", "Acme"),
        ("新建 华为云", "新建", "华为云"),
        ("新建华为云 3万", "新建", "华为云 3万"),
        ("", "", ""),
        ("add　全角　5万", "add", "全角　5万"),
        ("add\nAcme", "add", "Acme"),
        ("add: Acme", "add", "Acme"),
        ("新建：华为", "新建", "华为"),
    ],
)
def test_the_first_word_is_the_verb(text: str, verb: str, words: str) -> None:
    assert verb_and_words(text, {"add", "list", "新建"}) == (verb, words)


# New deals


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Acme Corp 12k USD close 15 March", Addition("Acme Corp", Money(12_000, "USD"), IDES)),
        ("Acme Corp close 15 March 12k USD", Addition("Acme Corp", Money(12_000, "USD"), IDES)),
        ("Acme Corp 12k USD closes by 15 March", Addition("Acme Corp", Money(12_000, "USD"), IDES)),
        ("Acme Corp 12k, by friday", Addition("Acme Corp", Money(12_000, "USD"), FRIDAY)),
        ("Acme Corp 12k friday", Addition("Acme Corp", Money(12_000, "USD"), FRIDAY)),
        ("Acme Corp 12k friday <@U1|ann>", Addition("Acme Corp", Money(12_000, "USD"), FRIDAY, "<@U1|ann>")),
        ("Acme 12k friday special", Addition("Acme friday special", Money(12_000, "USD"))),
        ("Acme, 12k, close friday", Addition("Acme", Money(12_000, "USD"), FRIDAY)),
        ("Acme worth €900", Addition("Acme", Money(900, "EUR"))),
        ("Acme for 12k", Addition("Acme", Money(12_000, "USD"))),
        ("Acme close friday", Addition("Acme", None, FRIDAY)),
        ("Acme 12k <@U1|bob>", Addition("Acme", Money(12_000, "USD"), None, "<@U1|bob>")),
        ("Acme for <@U1>", Addition("Acme", None, None, "<@U1>")),
        ("Acme 12k friday @Ann Lee", Addition("Acme", Money(12_000, "USD"), FRIDAY, "@Ann Lee")),
        ("Coffee @home Ltd 5k", Addition("Coffee", Money(5_000, "USD"), None, "@home Ltd", "Coffee @home Ltd")),
        ("Coffee for @Ann Lee", Addition("Coffee", None, None, "@Ann Lee")),
        ("Coffee @home Ltd @bob", Addition("Coffee @home Ltd", None, None, "@bob")),
        ('"Lunch @work" 5k', Addition("Lunch @work", Money(5_000, "USD"))),
        ('"Lunch @work" 5k @bob', Addition("Lunch @work", Money(5_000, "USD"), None, "@bob")),
        ("Lunch @ Work 5k <@U1>", Addition("Lunch @ Work", Money(5_000, "USD"), None, "<@U1>")),
        ("华为云 3万元 预计 3月15日", Addition("华为云", Money(30_000, "CNY"), IDES)),
        ("华为云 3万元 预计成交日期：3月15日", Addition("华为云", Money(30_000, "CNY"), IDES)),
        ("华为云 3万元 成交日期 3月15日", Addition("华为云", Money(30_000, "CNY"), IDES)),
        ("华为云 3万元 3月15日前成交", Addition("华为云", Money(30_000, "CNY"), IDES)),
        ("华为云 3万元 成交：3月15日", Addition("华为云", Money(30_000, "CNY"), IDES)),
        ("华为云 3万元 3月15日成交 <@U1>", Addition("华为云", Money(30_000, "CNY"), IDES, "<@U1>")),
        ("未成交 3月15日 3万元", Addition("未成交 3月15日", Money(30_000, "CNY"))),
        ("华为云 3万元 成交概率 高", Addition("华为云 成交概率 高", Money(30_000, "CNY"))),
        ("成交宝 3万元", Addition("成交宝", Money(30_000, "CNY"))),
        ("Acme Corp 12k expected close 15 March", Addition("Acme Corp", Money(12_000, "USD"), IDES)),
        ("“Close by Friday” 12k close 15 March", Addition("Close by Friday", Money(12_000, "USD"), IDES)),
        ('"12k"', Addition("12k")),
        ('"Route 1,200" 500', Addition("Route 1,200", Money(500, "USD"))),
        ("「转到 A」 12k", Addition("转到 A", Money(12_000, "USD"))),
        ("Acme １２ｋ", Addition("Acme", Money(12_000, "USD"))),
    ],
)
def test_a_new_deal_is_read_in_any_natural_order(words: str, expected: Addition) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Close the gap",
        "Stand by me",
        "Website for Globex",
        "Path to Victory",
        "3M renewal",
        "Area 51",
        "<!channel> party",
        "<@U1|bob> & friends",
        "<@U1>",
        "*bold* _name_",
        "O'Neil",
        "Acme - North",
        "شركة المثال",
        "🚀 Rocket",
        "",
    ],
)
def test_a_name_that_has_such_words_is_kept_whole(name: str) -> None:
    assert read(name) == Addition(name)


@given(st.text(max_size=60))
def test_a_quoted_name_comes_back_verbatim(name: str) -> None:
    assume(name.strip() and not set(name) & set('"“”„«»「」＂'))

    assert read(f'"{name}" 12k close friday') == Addition(name.strip(), Money(12_000, "USD"), FRIDAY)


@given(st.from_regex(r"[^\W\d_]{1,12}( [^\W\d_]{1,12}){0,4}", fullmatch=True))
def test_a_name_of_words_alone_comes_back_verbatim_before_an_amount(name: str) -> None:
    assume(read(name) == Addition(name))  # `at` and `close Friday` have their meaning
    amount = find_money(f"{name} 12k", currency="USD")
    assume(amount and amount.start > len(name))  # and so have `euro` and `元` right before a number

    said = read(f"{name} 12k")

    assert said.money == Money(12_000, "USD")
    assert name.startswith(said.name)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Acme 12k close someday", DateNotUnderstood),
        ("Acme 12k close 2199-01-01", DateOutOfRange),
        ("Acme -5k", AmountOutOfRange),
        ("Acme 999999bn", AmountOutOfRange),
    ],
)
def test_what_is_wrong_with_an_amount_or_a_date_is_said(words: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        read(words)


# Names and what follows


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Acme to Proposal", Split("Acme", "Proposal")),
        ("Path to Victory to Proposal", Split("Path to Victory", "Proposal")),
        ("Acme -> Proposal", Split("Acme", "Proposal")),
        ("Acme into Proposal", Split("Acme", "Proposal")),
        ("华为云到谈判", Split("华为云", "谈判")),
        ("华为云给 <@U1>", Split("华为云", "<@U1>")),
        ('"Path to Victory" Proposal', Split("Path to Victory", "Proposal")),
        ("“Path to Victory” to Proposal", Split("Path to Victory", "Proposal")),
        ("Acme Proposal", Split(None, "Acme Proposal")),
        ("Acme to", Split(None, "Acme to")),
    ],
)
def test_a_stage_stands_behind_to(words: str, expected: Split) -> None:
    assert at_to(words) == expected


@pytest.mark.parametrize(
    "words",
    ["Acme because price", "Acme due to price", "Acme: price", "Acme, because of price", "Acme，因为price"],
)
def test_a_reason_stands_behind_because(words: str) -> None:
    assert at_reason(words) == Split("Acme", "price")


def test_the_first_because_parts_the_name_from_the_reason() -> None:
    assert at_reason("Acme because late because slow") == Split("Acme", "late because slow")


def test_a_note_stands_behind_a_colon() -> None:
    assert at_colon("Acme: they said: no") == Split("Acme", "they said: no")
    assert at_colon("Acme：他们来电") == Split("Acme", "他们来电")
    assert at_colon('"Acme: North": called') == Split("Acme: North", "called")


def test_joints_and_quotes_are_taken_off() -> None:
    assert without_joint("to Proposal") == "Proposal"
    assert without_joint("because price") == "price"
    assert without_joint("too expensive") == "too expensive"
    assert unquoted(' "Path to Victory" ') == "Path to Victory"
    assert unquoted("Acme ") == "Acme"


# Next steps, and nothing


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("call Ann by friday", Step("call Ann", FRIDAY)),
        ("call Ann tomorrow", Step("call Ann", date(2026, 3, 3))),
        ("stand by them", Step("stand by them", None)),
        ("send offer by mail by 15 March", Step("send offer by mail", IDES)),
        ("发报价 截止 3月15日", Step("发报价", IDES)),
        ("by friday", Step("by friday", None)),
    ],
)
def test_a_next_step_may_have_a_day(words: str, expected: Step) -> None:
    assert next_step(words, today=MONDAY, locale="en") == expected


@pytest.mark.parametrize("word", ["none", " None ", "-", "clear", "无"])
def test_some_words_mean_nothing(word: str) -> None:
    assert is_nothing(word)


# When to speak


@given(st.text(max_size=200))
def test_reading_raises_nothing_but_errors_with_a_sentence(words: str) -> None:
    for reader in (read, at_to, at_reason, at_colon, unquoted, without_joint, as_typed, mentioned):
        with suppress(DomainError):
            reader(words)
    next_step(words, today=MONDAY, locale="en")
