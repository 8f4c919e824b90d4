"""`/funnel forecast` tells what is likely to be won by the end of a month or quarter."""

import re
from datetime import date

import pytest
from moneyed import Money

from bot.commands.funnel_forecast import forecast_wanted
from bot.faults import ForecastCategoryUnknown, SettingNotUnderstood
from models.deal import ForecastCategory
from models.history import Via
from models.period import Unit
from tests.bot.conftest import Desk, Office
from tests.factories import MONDAY, a_team, days
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in


def test_without_words_it_is_the_running_quarter(desk: Desk) -> None:
    found = forecast_wanted("", desk.turn())

    assert (found.period.unit, found.period.is_running) == (Unit.QUARTER, False)
    assert found.period.first <= desk.turn().today <= found.period.last
    assert found.report.asked.only == ()


@pytest.mark.parametrize(
    ("words", "unit", "is_next"),
    [
        ("this month", Unit.MONTH, False),
        ("next quarter for @bob", Unit.QUARTER, True),
        ("下季度 负责人 bob", Unit.QUARTER, True),
        ("本月", Unit.MONTH, False),
        ("next month", Unit.MONTH, True),
    ],
)
def test_a_period_may_run_or_be_the_next_one(desk: Desk, words: str, unit: Unit, is_next: bool) -> None:
    found = forecast_wanted(words, desk.turn())

    assert found.period.unit is unit
    assert (found.period.first > desk.turn().today) is is_next
    assert bool(found.report.selection.owner_ids) is ("bob" in words)


@pytest.mark.parametrize(
    ("words", "unit", "first"),
    [
        ("last quarter", Unit.QUARTER, date(2025, 10, 1)),
        ("previous month for @bob", Unit.MONTH, date(2026, 2, 1)),
        ("Q2 2025", Unit.QUARTER, date(2025, 4, 1)),
        ("November", Unit.MONTH, date(2025, 11, 1)),
        ("2025-03", Unit.MONTH, date(2025, 3, 1)),
        ("上季度 负责人 bob", Unit.QUARTER, date(2025, 10, 1)),
        ("上个月", Unit.MONTH, date(2026, 2, 1)),
        ("March", Unit.MONTH, date(2026, 3, 1)),
        ("Q1 2026", Unit.QUARTER, date(2026, 1, 1)),
        ("April", Unit.MONTH, date(2026, 4, 1)),
        ("4月", Unit.MONTH, date(2026, 4, 1)),
        ("April 2025", Unit.MONTH, date(2025, 4, 1)),
        ("May", Unit.MONTH, date(2025, 5, 1)),
        ("Q2", Unit.QUARTER, date(2026, 4, 1)),
    ],
)
def test_a_whole_month_or_quarter_may_be_over_or_named(desk: Desk, words: str, unit: Unit, first: date) -> None:
    found = forecast_wanted(words, desk.turn())

    assert (found.period.unit, found.period.first, found.period.is_running) == (unit, first, False)
    assert bool(found.report.selection.owner_ids) is ("bob" in words)


def test_how_the_forecast_of_a_quarter_that_is_over_turned_out_is_told_with_a_picture(
    office: Office, slack: SlackDouble
) -> None:
    office.types("/funnel target won 10k a quarter from 2025-01-01")
    with office.database.begin() as session:
        team = a_team(session, "T0001")
        for week in range(1, 80):
            at = MONDAY - days(7 * week)
            deal = team.adds(f"Deal {week}", owner=team.bob, at=at - days(20), money=Money(1_000, "USD"))
            deal.win(by=team.bob, at=at, via=Via.IMPORT)
        team.adds("Abroad", owner=team.bob, at=MONDAY - days(200), money=Money(5_000, "EUR"))
    office.types("/funnel forecast last quarter")
    office.types("/funnel forecast last quarter for @ann")

    told, of_ann = (post for post in slack.posts("C1") if post.blocks)
    words = "\n".join(texts_in(told.blocks))
    assert "*How the forecast turned out*, Oct 1, 2025 to Dec 31, 2025" in words
    assert re.search(r"\*Forecast as it began:\* \$1\dK \(P50\); in eight of ten cases \$\d+.*K \(P10\) to ", words)
    assert " · without 1 deal that has no exchange rate: €5,000\n*Won by" in words
    assert "*Won by its end:* $13K, 13 deals · within the range\n*Target:* $10K, reached" in words
    assert re.match(r"Sales, Oct 1, 2025 to Dec 31, 2025: \$13K won; as it began, \$1\d.*K was forecast", told.text)
    assert "*Won by its end:* $0, 0 deals" in "\n".join(texts_in(of_ann.blocks))
    assert next(upload.title for post in slack.posts("C1") for upload in post.files) == told.text
    assert slack.refused == []


def test_of_a_period_before_there_was_any_history_only_what_was_won_is_told(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 5k")
    office.types("/funnel forecast Q2 2025")

    told = next(post.text for post in slack.posts("C1") if "2025" in post.text)
    assert told.endswith("$0 won; as it began, too little was known for a forecast")


def test_what_is_not_understood_is_refused(desk: Desk) -> None:
    with pytest.raises(SettingNotUnderstood):
        forecast_wanted("tomorrow's lottery", desk.turn())


@pytest.mark.parametrize("words", ["this week", "this year", "2025", "今年"])
def test_a_time_that_is_no_month_or_quarter_to_come_is_refused(desk: Desk, words: str) -> None:
    with pytest.raises(SettingNotUnderstood) as refused:
        forecast_wanted(words, desk.turn())

    assert refused.value.text == words


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("commit", ForecastCategory.COMMIT),
        ("to Best Case", ForecastCategory.BEST_CASE),
        ("best-case", ForecastCategory.BEST_CASE),
        ("不计入", ForecastCategory.OMITTED),
    ],
)
def test_reps_say_how_sure_they_are(desk: Desk, words: str, category: ForecastCategory) -> None:
    deal = desk.team.adds("Acme")

    desk.types(f"/deal set Acme forecast {words}")

    assert deal.forecast == category
    desk.types("/deal set Acme forecast none")
    assert deal.forecast == ""


def test_no_other_word_is_a_category(desk: Desk) -> None:
    desk.team.adds("Acme")

    with pytest.raises(ForecastCategoryUnknown):
        desk.types("/deal set Acme forecast maybe")


def test_a_forecast_is_told_to_the_channel_with_its_picture(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 5k")
    office.types("/deal set Acme forecast commit")

    office.types("/deal add Later 7k close 2026-06-30")
    office.types("/deal set Later forecast commit")
    office.types("/deal add Won 2k")
    office.types("/deal win Won")
    for name in ("Ajax", "Brio", "Corona"):
        office.types(f"/deal add {name} 1k")
    office.types("/funnel target won 10k a quarter")
    office.types("/funnel forecast this quarter")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1")]
    (forecast,) = (words for words in told if "Won by the end" in words)
    assert "*Target:* $10K, $8K to go\n" in forecast
    assert "*Commit*: 2 deals, $12K, of which $5K is due; weighted" in forecast
    assert "*Called by Mar 31, 2026:* $7K won or committed, $7K with best case, $10K with all that is due" in forecast
    assert "*Since last week:* $0 → $8K\n5 new +$10K: above all Acme, Won, and Ajax\n1 won −$2K: Won\n" in forecast
    assert "by their scores" in forecast
    assert "no range yet" in forecast


def test_a_target_of_all_pipelines_is_told_beside_the_forecast_of_one(office: Office, slack: SlackDouble) -> None:
    office.types("/funnel pipeline add Shop from retail")
    for line in ("target won 10k a quarter", "forecast this quarter", "target won 4k a quarter in Sales", "forecast"):
        office.types(f"/funnel {line}")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1")]
    first, second = (words for words in told if "Won by the end" in words)
    assert "*Target:* $10K, but of all pipelines together, and this forecast is of Sales alone." in first
    assert "`/funnel target won 500k a quarter in Sales`" in first
    assert "*Target:* $4K, $4K to go" in second
    assert "all pipelines together" not in second
