"""`/funnel forecast` tells what is likely to be won by the end of a month or quarter."""

import pytest

from bot.commands.funnel_forecast import forecast_wanted
from bot.faults import ForecastCategoryUnknown, SettingNotUnderstood
from models.deal import ForecastCategory
from models.period import Unit
from tests.bot.conftest import Desk, Office
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
