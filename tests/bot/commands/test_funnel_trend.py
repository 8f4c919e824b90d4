"""`/funnel trend` shows how the open pipeline has grown and shrunk."""

import re

import pytest

from bot.faults import SettingNotUnderstood
from bot.say import Say
from bot.views.trend import trend_charts
from tests.bot.conftest import Desk, Office
from tests.bot.test_drawing import TEAM
from tests.bot.views.test_limits import VOICES
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in


@pytest.mark.parametrize("draws_charts", [True, False])
def test_a_trend_is_told_to_the_channel_with_charts_or_where_slack_has_none_with_a_picture(
    office: Office, slack: SlackDouble, draws_charts: bool
) -> None:
    slack.workspace.draws_tables = draws_charts
    office.types("/deal add Acme 5k")
    office.types("/deal add Globex 300")
    office.types("/deal lost Globex because price")

    office.types("/funnel trend")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1")]
    (trend,) = (words for words in told if "at the highest" in words)
    assert "in 1 open deal at the end" in trend
    assert "in 0 at the first day shown (" in trend
    charts = [each["chart"] for post in slack.posts("C1") for each in post.blocks if "chart" in each]
    if draws_charts:
        assert [chart["series"][0]["data"][-1]["value"] for chart in charts] == [5_000, 1]
        assert slack.files == []
    else:
        (file,) = slack.files
        assert (file.alt_text or "").startswith("The open pipeline over time.")
        assert charts == []


def test_a_chart_has_few_enough_points_and_the_latest() -> None:
    trend = TEAM.trend

    (amounts, _) = trend_charts(trend, VOICES["en"])

    labels = amounts["chart"]["axis_config"]["categories"]
    assert 10 < len(labels) <= 20
    assert labels[-1] == VOICES["en"].weekday(trend.last.day)


def test_a_day_of_the_trend_is_told_with_its_weekday_in_full_so_that_it_is_no_month() -> None:
    days = [
        chart["chart"]["axis_config"]["categories"][-1]
        for voice in (VOICES["en"], Say("zh-CN"))
        for chart in trend_charts(TEAM.trend, voice)[:1]
    ]

    assert re.fullmatch(r"[A-Z][a-z]{2}, [A-Z][a-z]{2} \d{1,2}, \d{4}", days[0])
    assert re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日周.", days[1])


def test_what_is_not_understood_is_refused(desk: Desk) -> None:
    with pytest.raises(SettingNotUnderstood):
        desk.types("/funnel trend of the lottery")
