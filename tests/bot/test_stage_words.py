"""What a manager wants of a stage is read in English and Chinese, whatever words its name has."""

import pytest

from bot.stage_words import before_text, beside, patience, stage_and_rest, stage_and_text
from models.errors import StageNotFound
from models.pipeline import Pipeline, StageKind, StagePlan
from tests.factories import a_pipeline


@pytest.fixture
def pipeline() -> Pipeline:
    return a_pipeline(
        StagePlan("Ready to buy"), StagePlan("需求确认"), StagePlan("Phase 2"), StagePlan("Won", StageKind.WON)
    )


@pytest.mark.parametrize(
    ("words", "stage", "rest"),
    [
        ("Ready to buy to Warm", "Ready to buy", "Warm"),
        ("phase 2 into Ready to buy", "Phase 2", "Ready to buy"),
        ("需求确认 为 方案", "需求确认", "方案"),
        ('"Phase 2" → Try to close', "Phase 2", "Try to close"),
    ],
)
def test_the_first_to_behind_a_stage_parts_it_from_the_rest(
    words: str, stage: str, rest: str, pipeline: Pipeline
) -> None:
    found = stage_and_rest(words, pipeline)

    assert found is not None
    assert (found[0].name, found[1]) == (stage, rest)


def test_a_stage_that_is_not_there_is_told(pipeline: Pipeline) -> None:
    assert stage_and_rest("Phase 2", pipeline) is None
    for read, words in ((stage_and_rest, "Nope to Phase 2"), (stage_and_text, "Nope is fine"), (beside, "A after Zed")):
        with pytest.raises(StageNotFound):
            read(words, pipeline)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Phase 2 is agree: yes or no", "agree: yes or no"),
        ("phase 2: agree", "agree"),
        ("Phase 2 are need is known", "need is known"),
        ("Phase 2 is none", ""),
    ],
)
def test_what_a_goal_says_follows_is(words: str, text: str, pipeline: Pipeline) -> None:
    found = stage_and_text(words, pipeline)

    assert found is not None
    assert (found[0].name, found[1]) == ("Phase 2", text)


def test_a_pipeline_stands_before_the_text() -> None:
    assert before_text("Visit in Shop is a date in Shop") == ("Visit in Shop", " is a date in Shop")
    assert before_text("Visit") == ("Visit", "")


@pytest.mark.parametrize(
    ("words", "name", "stage", "before"),
    [
        ("Demo after Phase 2", "Demo", "Phase 2", False),
        ("Day after day before phase 2", "Day after day", "Phase 2", True),
        ('"Demo" behind ready', "Demo", "Ready to buy", False),
        ("演示 在 需求确认 之后", "演示", "需求确认", False),
        ("演示 在需求确认前", "演示", "需求确认", True),
    ],
)
def test_a_new_stage_stands_beside_another(words: str, name: str, stage: str, before: bool, pipeline: Pipeline) -> None:
    found = beside(words, pipeline)

    assert found is not None
    assert (found.name, found.stage.name, found.before) == (name, stage, before)


@pytest.mark.parametrize("words", ["Demo", "", "Demo 在 需求确认"])
def test_a_new_stage_without_a_place_is_not_understood(words: str, pipeline: Pipeline) -> None:
    assert beside(words, pipeline) is None


@pytest.mark.parametrize(
    ("words", "stage", "days"),
    [
        ("Phase 2 10 days", "Phase 2", 10),
        ("Ready to buy after 1 day", "Ready to buy", 1),
        ("需求确认 10天", "需求确认", 10),
        ("Phase 2 never", "Phase 2", None),
        ("需求确认 从不", "需求确认", None),
    ],
)
def test_patience_is_a_number_of_days_or_never_ends(
    words: str, stage: str, days: int | None, pipeline: Pipeline
) -> None:
    found = patience(words, pipeline)

    assert found is not None
    assert (found.stage.name, found.days) == (stage, days)


@pytest.mark.parametrize("words", ["Phase 2 0 days", "Phase 2 366 days", "需求确认", "", "Phase 2 soon"])
def test_other_patience_is_not_understood(words: str, pipeline: Pipeline) -> None:
    assert patience(words, pipeline) is None
