"""A stage's tasks are made when a deal really enters it and has none of them to do, and its messages are filled."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.database import Database
from models.deal import Deal
from models.errors import PlaceholderUnknown, PlaybookFull, PlaybookHasNot, TaskNotFound, TextMissing, TextTooLong
from models.history import Change, StageChange, Via
from models.moving_errors import AlreadyThere, NothingToUndo
from models.pipeline import Pipeline, StageKind, StagePlan, Trade
from models.pipelines import Pipelines
from models.playbook import MESSAGE_LIMIT, MOST, Message, Placeholder, PlannedTask, message
from models.template_playbooks import PLAYBOOKS
from models.templates import template
from models.timelines import Timelines
from models.to_do import ToDo
from tests.factories import MONDAY, a_deal, a_member, a_pipeline, a_team, days


def a_short_pipeline() -> Pipeline:
    return a_pipeline(
        StagePlan("Lead", tasks=(PlannedTask("Call", 1),)),
        StagePlan("Offer", tasks=(PlannedTask("Send", 2), PlannedTask("Ask", 5, in_working_days=True))),
        StagePlan("Talks", tasks=(PlannedTask("Agree"),)),
        StagePlan("Won", StageKind.WON, tasks=(PlannedTask("Thank", 0),)),
        StagePlan("Lost", StageKind.LOST),
    )


def texts(deal: Deal) -> list[str]:
    return [task.text for task in deal.to_do]


def test_a_deal_that_enters_a_stage_gets_its_tasks_with_their_days() -> None:
    deal = a_deal(stage="Lead", pipeline=a_short_pipeline(), owner=a_member())

    deal.advance(by=None, at=MONDAY + days(4), via=Via.COMMAND)

    assert [(task.text, task.due) for task in deal.to_do] == [
        ("Call", date(2026, 3, 3)),
        ("Send", date(2026, 3, 8)),
        ("Ask", date(2026, 3, 13)),  # from Friday the 6th five working days
    ]
    assert [task.text for task in deal.left_behind] == ["Call"]


def test_what_was_taken_back_was_never_asked_for_and_is_the_same_work_when_it_comes_again() -> None:
    deal = a_deal(stage="Lead", pipeline=a_short_pipeline())
    deal.advance(by=None, at=MONDAY, via=Via.COMMAND)
    deal.finish("Send", at=MONDAY + days(1))

    deal.undo(by=None, at=MONDAY + days(1), via=Via.COMMAND)
    taken_back = texts(deal)
    deal.advance(by=None, at=MONDAY + days(7), via=Via.COMMAND)

    assert taken_back == ["Call"]
    assert texts(deal) == ["Call", "Ask"]
    assert deal.to_do[-1].due == date(2026, 3, 16)


def test_a_deal_that_comes_back_gets_anew_what_was_done_and_keeps_what_is_still_to_do() -> None:
    deal = a_deal(stage="Offer", pipeline=a_short_pipeline())
    deal.finish("Send", at=MONDAY)
    deal.move(deal.pipeline.first, by=None, at=MONDAY + days(1), via=Via.COMMAND)

    deal.advance(by=None, at=MONDAY + days(2), via=Via.COMMAND)

    assert [(task.text, task.due) for task in deal.to_do] == [
        ("Call", date(2026, 3, 4)),
        ("Send", date(2026, 3, 6)),
        ("Ask", date(2026, 3, 9)),  # since the first time
    ]
    deal.undo(by=None, at=MONDAY + days(2), via=Via.COMMAND)
    assert texts(deal) == ["Call", "Ask"]


def test_an_import_makes_no_tasks() -> None:
    deal = a_deal(stage="Lead", pipeline=a_short_pipeline())

    deal.advance(by=None, at=MONDAY, via=Via.IMPORT)

    assert texts(deal) == ["Call"]


def test_a_next_step_and_the_tasks_of_a_stage_leave_each_other_alone() -> None:
    deal = a_deal(stage="Offer", pipeline=a_short_pipeline())
    deal.plan("Lunch", due=None, by=None, at=MONDAY)
    deal.plan("Dinner", due=None, by=None, at=MONDAY)

    assert texts(deal) == ["Send", "Ask", "Dinner"]
    assert deal.next_step is not None
    assert deal.next_step.text == "Dinner"
    deal.finish_step(at=MONDAY)
    assert texts(deal) == ["Send", "Ask"]
    with pytest.raises(TaskNotFound):
        deal.finish("Dinner", at=MONDAY)


def naively(changes: Sequence[StageChange], pipeline: Pipeline) -> list[str]:
    """The tasks that a whole history asks for, once each, by its kept entries and nothing else."""
    kept: list[StageChange] = []
    for change in changes:
        if change.change is Change.UNDONE:
            kept.pop()
        else:
            kept.append(change)
    return sorted({task.text for each in kept for task in pipeline.stage_now(each.to_stage_id).tasks})


@given(st.lists(st.integers(0, 5), max_size=25))
@example([1, 5, 0, 1, 4, 5, 1])
@example([1, 4, 1, 4, 1])
@example([1, 2, 4, 4, 1, 0, 1])
@example([1, 0, 1, 0, 4, 4, 4, 0])
def test_the_tasks_are_those_of_the_stages_that_the_history_says_were_entered(steps: list[int]) -> None:
    """4 takes a move back; 5 does what is to be done first."""
    deal = a_deal(stage="Lead", pipeline=a_short_pipeline())

    for hour, step in enumerate(steps, start=1):
        with suppress(AlreadyThere, NothingToUndo):
            if step == 4:
                deal.undo(by=None, at=MONDAY + days(hour), via=Via.COMMAND)
            elif step == 5:
                for task in deal.to_do[:1]:
                    task.done_at = MONDAY + days(hour)
            else:
                deal.move(deal.pipeline.stages[step], by=None, at=MONDAY + days(hour), via=Via.COMMAND)

    asked_for = naively(deal.changes, deal.pipeline)
    assert len(texts(deal)) == len(set(texts(deal)))
    assert set(texts(deal)) <= set(asked_for)
    assert 5 in steps or sorted(texts(deal)) == asked_for
    set_aside = [(task.text, task.set_at) for task in deal.tasks if task.is_set_aside]
    assert len(set_aside) == len(set(set_aside))


def test_tasks_are_kept_and_found_again_and_no_score_sees_them(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds(stage="Proposal", owner=team.bob).id
        team.adds("Globex").lose("price", by=team.ann, at=MONDAY + days(1), via=Via.COMMAND)

    with database.begin() as session:
        team = a_team(session)
        deal = team.deals.get(deal_id)
        open_before = texts(deal)
        deal.finish_numbered(deal.to_do[0].id, at=MONDAY)
        deal.finish_numbered(deal.tasks[0].id, at=MONDAY + days(1))
        session.flush()

        assert open_before == ["Send the offer", "Ask what they think of the offer"]
        assert [each.name for each in ToDo(session, team.workspace).deals()] == ["Acme"]
        assert ToDo(session, team.workspace).deals(owner=team.ann) == []
        assert deal.tasks[0].done_at == MONDAY
        assert Timelines(session, team.workspace).of([deal_id])[0].steps == ()


def test_tasks_of_a_merged_stage_belong_to_the_stage_that_took_it_over(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal_id = team.adds(stage="Proposal", owner=team.bob).id
        change = Pipelines(session, team.workspace).reshaping(team.pipeline)
        named = change.pipeline.stage_named
        change.retire(named("Proposal"), into=named("Negotiation"), at=MONDAY)

        deal = team.deals.get(deal_id)

        assert texts(deal) == ["Send the offer", "Ask what they think of the offer"]
        assert deal.left_behind == []
        assert [task.text for task, _ in ToDo(session, team.workspace).tasks(owner=team.bob)] == texts(deal)


def test_an_owner_s_tasks_are_those_of_where_each_deal_is(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme", owner=team.bob)
        team.adds("Beta", owner=team.ann)
        deal.advance(by=team.bob, at=MONDAY + days(1), via=Via.COMMAND)
        deal.plan("Wait", due=None, by=team.bob, at=MONDAY)
        session.flush()

        to_do = ToDo(session, team.workspace)
        found = to_do.tasks(owner=team.bob)

        assert deal.left_behind != []
        assert {task.text for task, _ in found} == {task.text for task in deal.to_do if task not in deal.left_behind}
        assert to_do.count(owner=team.bob) == len(found)
        assert found[-1][0].text == "Wait"
        first = found[0][0].due
        assert [task.due for task, _ in to_do.tasks(owner=team.bob, due=first)] == [first]


def test_a_stage_s_tasks_and_messages_are_written_down_anew_and_dropped() -> None:
    stage = a_pipeline().first
    stage.plan_task(PlannedTask("Call", 1))
    stage.plan_task(PlannedTask("CALL", 2))
    stage.keep_template(Message("Hello", "Hi"))

    assert stage.tasks == [PlannedTask("CALL", 2)]
    assert stage.drop_task("cal") == "CALL"
    assert stage.template_named("hel", shown=["Hello"]).text == "Hi"
    with pytest.raises(PlaybookHasNot):
        stage.drop_template("Bye")
    for number in range(MOST):
        stage.plan_task(PlannedTask(f"Task {number}"))
    with pytest.raises(PlaybookFull):
        stage.plan_task(PlannedTask("One more"))


def test_a_message_is_filled_and_keeps_its_lines() -> None:
    told = message("For {公司}", "Dear { Contact },\n\n  {deal}  is {amount}\\n{owner}")

    filled = told.filled({each: f"<{each}>" for each in Placeholder})

    assert filled == Message("For <company>", "Dear <contact>,\n\n<deal> is <amount>\n<owner>")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Dear {boss}", PlaceholderUnknown),
        ("Dear {}", PlaceholderUnknown),
        (" \n ", TextMissing),
        ("x" * (MESSAGE_LIMIT + 1), TextTooLong),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        message("Hello", text)


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("trade", list(Trade))
def test_every_stage_of_every_trade_asks_for_something_that_can_be_filled(trade: Trade, locale: str) -> None:
    plans = template(trade, locale)

    assert all(plan.tasks for plan in plans if plan.kind is not StageKind.LOST)
    assert any(plan.messages for plan in plans)
    assert any(task.days == 90 for plan in plans if plan.kind is StageKind.AFTER_SALES for task in plan.tasks) or (
        trade is Trade.FINANCE
    )
    for told in (each for plan in plans for each in plan.messages):
        assert message(told.name, told.text) == told
    assert {plan.name for plan in plans if plan.kind is not StageKind.LOST} <= PLAYBOOKS.keys()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_placeholders(text: str) -> None:
    with suppress(PlaceholderUnknown, TextMissing):
        message("Name", text).filled(dict.fromkeys(Placeholder, "{deal}"))
