"""A pipeline is a list of stages in the only order that makes sense, with one that is won and one that is lost."""

import pytest

from models.database import Database
from models.errors import DomainError, PipelineInvalid, PipelineNotFound, StageNotFound, TextMissing, TextTooLong
from models.pipeline import StageKind, StagePlan, stages_from_text
from models.pipelines import Pipelines
from models.templates import B2B
from tests.factories import a_pipeline, a_team

SHORT = stages_from_text("Lead,Demo,Signed:won,Dropped:lost")


def test_the_stages_are_read_from_a_line() -> None:
    plans = stages_from_text("Lead, Demo , Signed:won, Care:after-sales ,Dropped: LOST")

    assert [(plan.name, plan.kind, plan.stalled_after_days) for plan in plans] == [
        ("Lead", StageKind.OPEN, 14),
        ("Demo", StageKind.OPEN, 14),
        ("Signed", StageKind.WON, None),
        ("Care", StageKind.AFTER_SALES, None),
        ("Dropped", StageKind.LOST, None),
    ]


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises(PipelineInvalid) as refused:
        stages_from_text("Lead,Signed:one")

    assert refused.value.reason == "kind_unknown"


def test_a_stage_leads_to_the_next_one_that_is_not_lost() -> None:
    pipeline = a_pipeline()

    names = [each.name if (each := pipeline.stage_after(stage)) else None for stage in pipeline.stages]

    assert names == [
        "First contact",
        "Qualified",
        "Proposal",
        "Negotiation",
        "Won",
        "After-sales",
        None,
        None,
    ]


@pytest.mark.parametrize("text", ["Negotiation", "nego", "NEGOCIATION", "negotation"])
def test_a_stage_is_found_by_what_was_meant(text: str) -> None:
    assert a_pipeline().stage_named(text).name == "Negotiation"


@pytest.mark.parametrize("text", ["", "nirvana", "\x00", "\ud800", "l", "%"])
def test_a_stage_that_is_not_clear_is_refused_with_the_names_there_are(text: str) -> None:
    with pytest.raises(StageNotFound) as refused:
        a_pipeline().stage_named(text)

    assert refused.value.stages[0] == "Lead identified"


def test_a_new_team_has_the_seven_stages_and_lost(database: Database) -> None:
    with database.begin() as session:
        pipelines = Pipelines(session, a_team(session).workspace)

        default = pipelines.default()

        assert [stage.name for stage in default.stages] == [plan.name for plan in B2B]
        assert (default.first.name, default.won.name, default.lost.name) == ("Lead identified", "Won", "Lost")
        assert len(default.open_stages) == 5
        assert pipelines.all() == [default]


def test_stages_are_put_in_order_and_lost_is_added(database: Database) -> None:
    with database.begin() as session:
        pipelines = Pipelines(session, a_team(session).workspace)

        pipeline = pipelines.add("Retail", stages_from_text("Care:after_sales,Paid:won,Visit,Try"))

        assert [stage.name for stage in pipeline.stages] == ["Visit", "Try", "Paid", "Care", "Lost"]
        assert [stage.position for stage in pipeline.stages] == [0, 1, 2, 3, 4]
        assert not pipeline.is_default
        assert pipelines.named("reta") is pipeline


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Signed:won", "no_open_stage"),
        ("Lead", "one_won_stage"),
        ("Lead,A:won,B:won", "one_won_stage"),
        ("Lead,A:won,B:lost,C:lost", "one_lost_stage"),
        ("Lead,LEAD ,A:won", "stage_twice"),
        ("Lead,Ｌｅａｄ,A:won", "stage_twice"),
        ("Lead,Lost,A:won", "stage_twice"),
    ],
)
def test_stages_that_make_no_pipeline_are_refused(database: Database, line: str, reason: str) -> None:
    with database.begin() as session:
        pipelines = Pipelines(session, a_team(session).workspace)

        with pytest.raises(PipelineInvalid) as refused:
            pipelines.add("New", stages_from_text(line))

        assert refused.value.reason == reason
        assert len(pipelines.all()) == 1


@pytest.mark.parametrize("name", ["Sales", " sales ", "ＳＡＬＥＳ", "Sa\u200bles"])
def test_two_pipelines_cannot_be_told_apart_by_case_or_spaces(database: Database, name: str) -> None:
    with database.begin() as session:
        pipelines = Pipelines(session, a_team(session).workspace)

        with pytest.raises(PipelineInvalid) as refused:
            pipelines.add(name, SHORT)

        assert refused.value.reason == "name_taken"


@pytest.mark.parametrize(
    ("name", "plans", "error"),
    [
        ("", SHORT, TextMissing),
        ("x" * 3000, SHORT, TextTooLong),
        ("New", (*SHORT, StagePlan(" ")), TextMissing),
        ("New", (*SHORT, StagePlan("x" * 3000)), TextTooLong),
    ],
)
def test_names_that_cannot_be_kept_are_refused(
    database: Database, name: str, plans: tuple[StagePlan, ...], error: type[DomainError]
) -> None:
    with database.begin() as session, pytest.raises(error):
        Pipelines(session, a_team(session).workspace).add(name, plans)


@pytest.mark.parametrize("name", ["", "Nothing like it", "\x00", "\ud800"])
def test_a_pipeline_that_is_not_there_is_refused(database: Database, name: str) -> None:
    with database.begin() as session, pytest.raises(PipelineNotFound):
        Pipelines(session, a_team(session).workspace).named(name)
