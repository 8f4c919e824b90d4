"""`/funnel trend` shows how the open pipeline has grown and shrunk."""

import pytest

from bot.faults import SettingNotUnderstood
from tests.bot.conftest import Desk, Office
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in


def test_a_trend_is_told_to_the_channel_with_its_picture(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme 5k")
    office.types("/deal add Globex 300")
    office.types("/deal lost Globex because price")

    office.types("/funnel trend")

    told = ["\n".join(texts_in(post.blocks)) for post in slack.posts("C1")]
    (trend,) = (words for words in told if "at the highest" in words)
    assert "in 1 open deal at the end" in trend
    assert "in 0 at the beginning" in trend
    (file,) = slack.files
    assert (file.alt_text or "").startswith("The open pipeline over time.")


def test_what_is_not_understood_is_refused(desk: Desk) -> None:
    with pytest.raises(SettingNotUnderstood):
        desk.types("/funnel trend of the lottery")
