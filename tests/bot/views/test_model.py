"""A manager reads which model answers, how good it is, and whether what it said came true."""

from dataclasses import replace

from bot.say import Say
from bot.views.model import Standing, model_view, trained_line
from bot.views.model_alert import model_alert
from models.model_card import Group, Quality, Watch, WatchVerdict
from models.model_version import ModelStatus, ModelVersion, Question
from tests.bot.reading import words_in
from tests.factories import MONDAY, a_model_version, days

SAY = Say("en", "UTC")
WELL = Watch(
    WatchVerdict.WELL,
    MONDAY + days(60),
    614,
    Quality(0.512, 0.17, 0.031),
    Quality(0.601, 0.21, 0.05),
    (Group(0.05, 0.06, 200, 0.03, 0.1), Group(0.3, 0.28, 200, 0.2, 0.4), Group(0.7, 0.66, 214, 0.6, 0.72)),
)


def shown(champion: ModelVersion | None, challenger: ModelVersion | None = None) -> str:
    return words_in(model_view([Standing(Question.FORWARD, champion, challenger, 37, 30)], SAY))


def test_while_no_model_is_better_the_rates_answer() -> None:
    told = shown(None)

    assert "Will a deal move forward within 30 days?" in told
    assert "the rates of the stages do, as an early estimate. 37 deals are closed so far" in told


def test_a_serving_model_tells_where_it_comes_from_and_how_good_it_was_when_tried() -> None:
    told = shown(a_model_version())

    assert "*model 3*, since Mar 2, 2026. It was trained on Mar 2, 2026 by Ann." in told
    assert "It learnt from 412 deals with known outcomes, Jan 26, 2025 to Jan 31, 2026" in told
    assert "what did best was: logistic regression." in told
    assert "it was 18% less wrong than the rates by stage, or by stage and age" in told
    assert "log loss 0.492 against 0.6" in told
    assert "there is nothing to tell yet" in told


def test_what_it_looks_at_is_told_in_words_with_a_mark_of_the_data() -> None:
    chinese = words_in(model_view([Standing(Question.FORWARD, a_model_version(), None, 37, 30)], Say("zh-CN", "UTC")))

    assert (
        "It looks at 37 things about a deal; what weighs most: time in the stage, the owner, and Seats. Data 3f9c1a7e."
        in shown(a_model_version())
    )
    assert "影响最大的是在阶段中的时间、负责人和Seats。数据指纹 3f9c1a7e。" in chinese


def test_what_trained_it_by_itself_is_said_in_words() -> None:
    assert "by the weekly routine" in shown(a_model_version(trained_by="schedule"))
    assert "because many deals had been closed" in shown(a_model_version(trained_by="new outcomes"))
    assert "from the command line" in shown(a_model_version(trained_by="command line"))


def test_the_last_90_days_are_told_in_numbers_that_a_manager_reads() -> None:
    version = a_model_version()
    version.take_note(WELL)

    told = shown(version)

    assert "*The last 90 days:* doing well on 614 deals. Log loss 0.512, the rates alone 0.601" in told
    assert "Of 100 deals called 5%, 6 moved on." in told
    assert "Of 100 deals called 30%, 28 moved on." in told
    assert "Of 100 deals called 70%, 66 moved on." in told


def test_few_outcomes_are_called_too_few() -> None:
    version = a_model_version()
    version.take_note(Watch(WatchVerdict.TOO_FEW, MONDAY + days(9), 12))

    assert "too few outcomes to tell how its scores have done (12 deals)" in shown(version)


def test_why_the_last_challenger_was_not_taken_is_told_unless_a_champion_came_after_it() -> None:
    older, newer = (
        a_model_version(number=number, status=ModelStatus.CHALLENGER, verdict="no_better_than_serving")
        for number in (2, 4)
    )

    assert "Last tried: model 4, trained on Mar 2, 2026. Not taken, as it was no better than the one that answers" in (
        shown(a_model_version(number=3), newer)
    )
    assert "Last tried" not in shown(a_model_version(number=3), older)


def test_the_news_says_what_is_wrong_and_what_to_do() -> None:
    version = a_model_version(Question.WON)
    version.take_note(replace(WELL, verdict=WatchVerdict.OFF))

    told = words_in(model_alert([version], SAY).blocks)

    assert "*Winning: model 3*" in told
    assert "off by 3% on average, on 614 deals, and chance does not explain it" in told
    assert "Of 100 deals called 30%, 28 were won." in told
    assert "`/funnel model rollback`" in told
    assert "`/funnel model train`" in told


def test_what_came_of_a_training_is_said_with_the_model_where_there_is_one() -> None:
    assert trained_line(Question.FORWARD, "published", 4, SAY).startswith(
        "Moving forward, model 4: it answers from now"
    )
    assert trained_line(Question.WON, "too_little", None, SAY, lacking=7).startswith(
        "Winning: too few answers yet: it takes ten deals with a yes and ten with a no"
    )


def test_a_model_that_was_not_tried_says_how_many_deals_are_still_needed() -> None:
    untried = a_model_version(status=ModelStatus.CHALLENGER, verdict="not_tried", lacking=3)

    told = shown(None, untried)
    assert "Not tried yet: it takes ten deals with a yes and ten with a no" in told
    assert "At least 3 more are needed." in told
    assert trained_line(Question.WON, "not_tried", 3, SAY, lacking=1).endswith("At least 1 more is needed.")
