"""Things are said in the reader's language, with what people wrote made harmless."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from bot.say import Percent, Say, escaped, known, mention

SAY = Say("en", "Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Money(12_000, "USD"), "$12,000"),
        (Money("1200.50", "EUR"), "€1,200.50"),
        (Money(30_000, "JPY"), "¥30,000"),
        (Percent(0.615), "62%"),
        (date(2026, 3, 15), "Mar 15, 2026"),
        (timedelta(days=3), "3 days"),
        (12_345, "12,345"),
        (["Ann", "Bob", "Cleo"], "Ann, Bob, and Cleo"),
        (None, ""),
    ],
)
def test_a_value_is_said_by_its_kind(value: object, said: str) -> None:
    assert SAY.value(value) == said


def test_an_amount_in_short_has_coins_only_while_they_count() -> None:
    amounts = [Decimal("42.0875"), Decimal("69.7"), Decimal(7), Decimal("999.4"), Decimal("1234.5678")]

    assert [Say("en").compact(Money(each, "USD")) for each in amounts] == ["$42.09", "$69.70", "$7", "$999", "$1.2K"]
    assert Say("zh-CN").compact(Money(amounts[-1], "CNY")) == "¥1235"


@pytest.mark.parametrize(
    ("amount", "code", "said"),
    [
        ("13.739", "KWD", "KWD13.739"),
        ("0.005", "KWD", "KWD0.005"),
        ("99.9", "JPY", "¥100"),
        ("0.125", "EUR", "€0.13"),
    ],
)
def test_an_amount_in_short_has_the_coins_of_its_currency(amount: str, code: str, said: str) -> None:
    assert Say("en").compact(Money(amount, code)).replace("\xa0", "") == said


def test_a_moment_is_said_in_the_reader_s_zone() -> None:
    assert SAY.value(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)).startswith("Jul 2, 12:30")
    assert Say("zh-CN", "Asia/Shanghai").value(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "7月2日 06:30"


def test_where_hours_matter_a_moment_is_said_with_its_weekday_and_zone() -> None:
    assert SAY.full_moment(datetime(2026, 3, 2, 8, tzinfo=UTC)).startswith("Mon, Mar 2, 2026, 09:00 ")
    in_shanghai = Say("zh-CN", "Asia/Shanghai").full_moment(datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert in_shanghai.startswith("2026年3月2日周一 16:00 ")


def test_numbers_pick_their_plural() -> None:
    assert [SAY.plain("unit.days", count=number) for number in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert [Say("zh-CN").plain("unit.days", count=number) for number in (0, 1, 2)] == ["0 天", "1 天", "2 天"]


def test_a_reader_of_a_language_without_catalogue_reads_english_with_their_own_numbers() -> None:
    assert Say("de-DE").plain("unit.days", count=1_200) == "1.200 days"
    assert Say("tlh").plain("unit.days", count=3) == "3 days"


def test_a_sentence_that_is_not_there_is_a_mistake_of_ours() -> None:
    assert not known("no.such.sentence")
    with pytest.raises(KeyError):
        SAY("no.such.sentence")


def test_a_mention_is_markup_and_everything_else_is_text() -> None:
    assert SAY("alert.owner", name=mention("U1")) == "<@U1>"
    assert SAY("alert.owner", name="<@U1>") == "&lt;@U1&gt;"
    assert SAY.plain("alert.owner", name="<@U1>") == "<@U1>"


@given(st.text())
def test_what_is_escaped_mentions_and_links_nothing(text: str) -> None:
    safe = escaped(text)

    assert "<" not in safe
    assert ">" not in safe
    assert safe.count("&") == sum(map(text.count, "&<>"))
