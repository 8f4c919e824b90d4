"""Why a deal is as likely as it is, told in full to whoever asks."""

import pytest

from bot.reply import Place
from bot.say import Say
from bot.views.why import explained
from models.bands import Band
from models.explanation import Act, Explanation, Trend, WhatIf
from models.score import Estimate, Reason
from tests.bot.reading import words_in
from tests.factories import a_deal

SAY = Say("en", "Europe/Berlin")
CHINESE = Say("zh-CN", "Asia/Shanghai")
UNKNOWN = Trend(week_ago=None, month_ago=None, is_of_one_model=True)
REASONS = (
    Reason("reason.no_next_step", {}, -1.2),
    Reason("reason.meetings", {"count": 2, "days": 30}, 0.9),
    Reason("reason.source", {"source": "fair"}, -0.5),
    Reason("reason.moves_forward", {"count": 2}, 0.4),
    Reason("reason.no_owner", {}, -0.3),
    Reason("reason.no_amount", {}, -0.2),
)
ESTIMATE = Estimate(0.38, 30, 12, 400, REASONS, won=0.21)


def an_explanation(
    estimate: Estimate = ESTIMATE, *, trend: Trend = UNKNOWN, helps: tuple[WhatIf, ...] = ()
) -> Explanation:
    return Explanation(estimate, Band.WARM, trend, helps)


def lines_of(explanation: Explanation, say: Say = SAY) -> list[str]:
    return words_in(explained(a_deal(), explanation, say)).splitlines()


def test_it_begins_with_how_likely_the_deal_is_and_says_who_says_so() -> None:
    lines = lines_of(an_explanation())

    assert lines[0] == "*Acme* · Lead identified"
    assert lines[1] == "*38%* likely to move forward within 30 days · *21%* to be won in the end (:sunny: warm)"
    assert lines[-1] == "Model 12, learnt from 400 deals"


def test_the_three_strongest_reasons_for_and_against_are_told() -> None:
    lines = lines_of(an_explanation())
    speaks_for, speaks_against = (
        lines.index("*What speaks for moving forward*"),
        lines.index("*What speaks against moving forward*"),
    )

    assert lines[speaks_for + 1 : speaks_against] == ["▲ 2 meetings in the last 30 days", "▲ moved forward 2 times"]
    assert lines[speaks_against + 1 : speaks_against + 4] == ["▼ no next step", "▼ came from fair", "▼ nobody owns it"]
    assert "▼ no amount" not in lines


def test_that_nothing_speaks_for_a_deal_is_said() -> None:
    lines = lines_of(an_explanation(Estimate(0.1, 30, 12, 400, REASONS[:1])))

    assert lines[lines.index("*What speaks for moving forward*") + 1] == "nothing that stands out"


@pytest.mark.parametrize(
    ("week_ago", "said"),
    [
        (0.30, "▲ It was 30% a week ago."),
        (0.50, "▼ It was 50% a week ago."),
        (0.383, "The same as a week ago, 38%."),
    ],
)
def test_the_chance_is_compared_with_that_of_a_week_ago(week_ago: float, said: str) -> None:
    assert said in lines_of(an_explanation(trend=Trend(week_ago, None, is_of_one_model=True)))


def test_the_chance_is_compared_with_that_of_a_month_ago_which_another_model_may_have_said() -> None:
    lines = lines_of(an_explanation(trend=Trend(None, 0.25, is_of_one_model=False)))

    assert "▲ It was 25% a month ago." in lines
    assert any(line.startswith("Another version of the model said some of the earlier chances") for line in lines)


def test_the_course_of_the_month_is_drawn_from_zero_up_to_its_highest() -> None:
    lines = lines_of(an_explanation(trend=Trend(None, None, is_of_one_model=True, course=(0.0, 0.2, 0.19, 0.38))))

    assert "▁▅▅█ week by week, from 0% to 38% now" in lines
    assert not any(line.startswith("Nothing to compare with") for line in lines)


def test_two_chances_make_no_course() -> None:
    lines = lines_of(an_explanation(trend=Trend(0.3, None, is_of_one_model=True, course=(0.3, 0.38))))

    assert not any("week by week" in line for line in lines)


def test_without_earlier_scores_there_is_no_trend() -> None:
    assert "Nothing to compare with: no score of a week ago or more is kept." in lines_of(an_explanation())


def test_what_may_raise_the_chance_is_told_as_what_was_seen_and_not_as_a_promise() -> None:
    helps = (
        WhatIf(Act.PLAN_STEP, Estimate(0.46, 30, 12, 400), 0.08),
        WhatIf(Act.MEET, Estimate(0.41, 30, 12, 400), 0.03),
    )

    lines = lines_of(an_explanation(helps=helps))
    first = lines.index("*What goes with a higher chance*") + 1

    assert lines[first + 3].startswith("▲ raises the chance and ▼ lowers it beside your team's average deal")
    assert lines[first : first + 3] == [
        "Deals like this with a next step due in a week move forward more often: 46% instead of 38%.",
        "Deals like this that have just had a meeting move forward more often: 41% instead of 38%.",
        "What was seen with other deals is no promise for this one.",
    ]


@pytest.mark.parametrize("say", [SAY, CHINESE], ids=["en", "zh-CN"])
@pytest.mark.parametrize("act", Act)
def test_every_act_is_told_with_both_chances(act: Act, say: Say) -> None:
    words = "\n".join(lines_of(an_explanation(helps=(WhatIf(act, Estimate(0.46, 30, 12, 400), 0.08),)), say))

    assert "46%" in words
    assert words.count("38%") == 2


def test_where_nothing_helps_or_an_early_estimate_cannot_know_that_is_said() -> None:
    early = Estimate(
        0.4, 30, None, 12, (Reason("reason.stage_rate", {"stage": "Lead", "rate": 0.4, "count": 12}, 0.2),)
    )

    assert any(line.startswith("Neither a next step nor a meeting") for line in lines_of(an_explanation()))
    told = lines_of(an_explanation(early))
    assert told[1] == "*40%* likely to move forward within 30 days (early estimate, from 12 deals) · :sunny: warm"
    assert told[-1].startswith("That cannot be told yet")


def test_a_guess_gives_no_reasons() -> None:
    reason = Reason("reason.stage_rate", {"stage": "Lead", "rate": 0.3, "count": 0}, 0.0)

    lines = lines_of(an_explanation(Estimate(0.3, 30, None, 0, (reason,))))

    assert lines.count("nothing that stands out") == 2


def test_of_a_closed_deal_there_is_nothing_to_explain() -> None:
    reply = explained(a_deal(stage="Won"), None, SAY)

    assert reply.text == words_in(reply)
    assert reply.text == "*Acme* is closed (Won), so there is no chance left to tell. `/deal show Acme` shows it."


def test_the_text_says_all_that_the_blocks_show_to_the_person_alone() -> None:
    reply = explained(a_deal(), an_explanation(trend=Trend(0.3, 0.2, is_of_one_model=False)), SAY)

    assert reply.place is Place.PRIVATE
    assert reply.text.splitlines() == words_in(reply).splitlines()


def test_it_is_told_in_chinese() -> None:
    lines = lines_of(an_explanation(trend=Trend(0.3, 0.38, is_of_one_model=True)), CHINESE)

    assert lines[1] == "30 天内推进的可能性 *38%* · 最终赢单的可能性 *21%* (:sunny: 温)"
    assert "▲ 一周前是 30%" in lines
    assert "与一个月前相同，38%" in lines
    assert lines[-1] == "模型 12，参考了 400 个商机"
