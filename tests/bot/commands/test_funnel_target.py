"""`/funnel target` sets what is to be reached, `/funnel targets` tells where it stands"""

from datetime import date
from decimal import Decimal

import pytest
from moneyed import Money

from bot.errors import worded
from bot.faults import TargetNotUnderstood, TargetsTakeNoWords, WordsMissing
from bot.home import home
from bot.target_words import target_wanted
from models.activity import ActivityKind
from models.errors import DomainError, MemberNotFound, NotAllowed, StageNotFound, TargetNotFound
from models.history import Via
from models.period import Unit
from models.target import Measure, Scope
from tests.bot.conftest import Desk, Office
from tests.factories import MONDAY, a_team, days
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("won 500k a quarter", (Measure.AMOUNT, 500_000, Unit.QUARTER, Scope.WORKSPACE)),
        ("won 500 a quarter", (Measure.AMOUNT, 500, Unit.QUARTER, Scope.WORKSPACE)),
        ("quarterly won amount: $500,000 for @bob", (Measure.AMOUNT, 500_000, Unit.QUARTER, Scope.REP)),
        ("won 10 deals a month for me", (Measure.WON, 10, Unit.MONTH, Scope.REP)),
        ("deals won 10 per month team @ann", (Measure.WON, 10, Unit.MONTH, Scope.TEAM)),
        ("wins 10 monthly for team ann", (Measure.WON, 10, Unit.MONTH, Scope.TEAM)),
        ("new leads 5 a day", (Measure.NEW, 5, Unit.DAYS, Scope.WORKSPACE)),
        ("meetings 10 a week for me", (Measure.MEETING, 10, Unit.WEEK, Scope.REP)),
        ("5 meetings a week", (Measure.MEETING, 5, Unit.WEEK, Scope.WORKSPACE)),
        ("3 new leads a day for @bob", (Measure.NEW, 3, Unit.DAYS, Scope.REP)),
        ("500k won a quarter", (Measure.AMOUNT, 500_000, Unit.QUARTER, Scope.WORKSPACE)),
        ("10 deals won per month", (Measure.WON, 10, Unit.MONTH, Scope.WORKSPACE)),
        ("5 meetings a week @bob", (Measure.MEETING, 5, Unit.WEEK, Scope.REP)),
        ("calls 30/week", (Measure.CALL, 30, Unit.WEEK, Scope.WORKSPACE)),
        ("e-mails 100 each week for everyone", (Measure.EMAIL, 100, Unit.WEEK, Scope.WORKSPACE)),
        ("Proposal 8 a month", (Measure.ENTERED, 8, Unit.MONTH, Scope.WORKSPACE)),
        ("8 deals entering Proposal a month", (Measure.ENTERED, 8, Unit.MONTH, Scope.WORKSPACE)),
        ("赢单 50万 每季度 负责人 bob", (Measure.AMOUNT, 500_000, Unit.QUARTER, Scope.REP)),
        ("赢单 10个 每月", (Measure.WON, 10, Unit.MONTH, Scope.WORKSPACE)),
        ("每周 5 次会议", (Measure.MEETING, 5, Unit.WEEK, Scope.WORKSPACE)),
        ("每月5个赢单", (Measure.WON, 5, Unit.MONTH, Scope.WORKSPACE)),
        ("会议 每周 5 次", (Measure.MEETING, 5, Unit.WEEK, Scope.WORKSPACE)),
        ("进入 Proposal 每月 8个", (Measure.ENTERED, 8, Unit.MONTH, Scope.WORKSPACE)),
        ("会议 10 每周 负责人 我", (Measure.MEETING, 10, Unit.WEEK, Scope.REP)),
        ("进入 Proposal 8 每月 团队 ann", (Measure.ENTERED, 8, Unit.MONTH, Scope.TEAM)),
    ],
)
def test_a_target_is_said_in_many_ways(desk: Desk, words: str, meant: tuple[Measure, int, Unit, Scope]) -> None:
    found = target_wanted(words, desk.turn())

    assert (found.aim.measure, int(found.goal or 0), found.aim.unit, found.aim.scope) == meant
    assert (found.stage.name if found.stage else "") == ("Proposal" if meant[0] is Measure.ENTERED else "")


def test_a_target_holds_from_the_beginning_of_a_period(desk: Desk) -> None:
    assert target_wanted("won 1m a quarter", desk.turn()).since == date(2026, 1, 1)
    assert target_wanted("won 1m a quarter for @bob from 2026-05-20", desk.turn()).since == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("", WordsMissing),
        ("won 500k", TargetNotUnderstood),
        ("won a quarter", TargetNotUnderstood),
        ("won lots a quarter", TargetNotUnderstood),
        ("won €500k a quarter", TargetNotUnderstood),
        ("meetings many a week", TargetNotUnderstood),
        ("8 a month", TargetNotUnderstood),
        ("5 deals lost a month", TargetNotUnderstood),
        ("Moon 8 a month", StageNotFound),
        ("won 500k a quarter for @nobody", MemberNotFound),
        ("remove won a quarter", TargetNotFound),
        ("remove", TargetNotUnderstood),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(desk: Desk, words: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel target {words}".strip())


def test_where_no_stage_is_called_so_those_of_the_usual_pipeline_are_named(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop from retail")

    with pytest.raises(StageNotFound) as fault:
        desk.types("/funnel target Moon 8 a month")

    assert "Proposal" in fault.value.stages


def test_a_rep_sets_and_removes_no_targets(desk: Desk) -> None:
    for words in ("meetings 10 a week for me", "remove meetings a week for me"):
        with pytest.raises(NotAllowed):
            desk.types(f"/funnel target {words}", by=desk.team.bob)


def test_a_target_of_a_stage_whose_name_ends_so_is_not_removed(desk: Desk) -> None:
    desk.types("/funnel stage insert Front End after Qualified")

    for goal in (10, 20):
        assert desk.types(f"/funnel target {goal} a week into Front End").text.startswith(
            "Target: *Deals into Front End"
        )


@pytest.mark.parametrize(
    "words",
    [
        "remove won a quarter for @bob",
        "won a quarter for @bob remove",
        "won 500k a quarter for @bob delete",
        "赢单 每季度 负责人 bob 删除",
    ],
)
def test_a_target_is_set_and_removed_in_words(desk: Desk, words: str) -> None:
    told = desk.types("/funnel target won 500k a quarter for @bob").text
    removed = desk.types(f"/funnel target {words}").text

    assert told.startswith("Target: *Won amount a quarter, Bob*: $500K, from Jan 1, 2026 on.")
    assert removed.startswith("Target removed: *Won amount a quarter, Bob*")
    assert desk.turn().targets.on(date(2026, 1, 1)) == [], "not of this quarter either"
    assert desk.types("/funnel targets").text.startswith("No targets yet.")


@pytest.mark.parametrize("line", ["/funnel targets meetings 5 a week", "/funnel 目标 会议 每周 5 次"])
def test_the_word_that_shows_targets_sets_one_too(desk: Desk, line: str) -> None:
    assert desk.types(line).text.startswith("Target: *Meetings a week*: 5,")


@pytest.mark.parametrize("words", ["last quarter", "for @bob", "sdkfj", "won 10k"])
def test_words_that_are_no_target_are_not_passed_over(desk: Desk, words: str) -> None:
    desk.types("/funnel target won 500k a quarter")

    with pytest.raises(TargetsTakeNoWords) as fault:
        desk.types(f"/funnel targets {words}")

    assert f"I can't use *{words}*" in worded(fault.value, desk.turn().say).text


def test_home_tells_where_one_s_own_targets_stand(desk: Desk) -> None:
    desk.types("/funnel target won 500k a quarter")
    desk.types("/funnel target calls 2 a week for @bob from 2026-02-09")
    desk.team.adds("Acme", owner=desk.team.bob, money=Money(400_000, "USD")).win(
        by=desk.team.bob, at=MONDAY, via=Via.COMMAND
    )
    desk.team.session.flush()
    desk.now = MONDAY + days(1)

    told = "\n".join(texts_in(home(desk.turn(desk.team.bob))["blocks"]))
    told_to_ann = "\n".join(texts_in(home(desk.turn())["blocks"]))

    assert "*Won amount a quarter*: $400K of $500K (80%), on pace" in told
    (calls,) = (line for line in told.splitlines() if line.startswith("*Calls a week, Bob*: 0 of 2 (0%)"))
    assert calls.endswith(" · Before: ▁ 0%")
    assert "Calls" not in told_to_ann.split("/deal")[0]


def test_after_a_change_of_currency_it_is_said_which_rate_brings_targets_back(
    office: Office, slack: SlackDouble
) -> None:
    for words in ("target won 10k a month", "target won 90k a year", "set currency EUR", "targets"):
        office.types(f"/funnel {words}")

    rate = "set rate USD 0.5 EUR on 2026-01-01"
    told = "\n".join(texts_in([each.blocks for each in slack.ephemerals("UANN")]))
    assert "2 targets are not shown" in told
    assert f"`/funnel {rate.replace('0.5', '0.92')}`" in told
    office.types(f"/funnel {rate}")
    office.types("/funnel targets")
    assert "of €45K" in "\n".join(texts_in([post.blocks for post in slack.posts("C1")]))


def test_the_channel_sees_targets_with_pace_and_history_and_a_picture(office: Office, slack: SlackDouble) -> None:
    office.clock.time = MONDAY
    office.types("/funnel target calls 2 a week from 2026-02-02")
    with office.database.begin() as session:
        team = a_team(session, "T0001")
        deal = team.adds("Acme", at=MONDAY - days(20))
        deal.log(ActivityKind.CALL, "Called", by=team.ann, at=MONDAY - days(5))
    office.clock.time = MONDAY + days(3.3)
    office.types("/funnel targets")

    shown = "\n".join("\n".join(texts_in(post.blocks)) for post in slack.posts("C1"))
    assert "*Calls a week*: 0 of 2 (0%), behind by 1" in shown
    assert "Before: ▁▁▁▅ Feb 2, 2026 to Feb 8, 2026: 0 of 2 (0%) · " in shown
    assert shown.split("Before: ")[1].splitlines()[0].endswith(" · Feb 23, 2026 to Mar 1, 2026: 1 of 2 (50%)")
    assert slack.refused == []


@pytest.mark.parametrize(
    ("unit", "since", "past"),
    [
        ("month", "2026-02-01", "Feb 2026: $400K of $500K (80%)"),
        ("quarter", "2025-10-01", "Q4 2025: $0 of $500K (0%)"),
        ("year", "2025-01-01", "2025: $0 of $500K (0%)"),
        ("day", "2026-02-27", "Feb 27, 2026: $400K of $500K (80%)"),
    ],
)
def test_each_earlier_period_is_told_with_its_goal_and_what_was_reached(
    office: Office, slack: SlackDouble, unit: str, since: str, past: str
) -> None:
    office.clock.time = MONDAY
    office.types(f"/funnel target won 500k a {unit} from {since}")
    with office.database.begin() as session:
        team = a_team(session, "T0001")
        acme = team.adds("Acme", owner=team.bob, money=Money(400_000, "USD"), at=MONDAY - days(10))
        acme.win(by=team.bob, at=MONDAY - days(3), via=Via.COMMAND)
    office.types(f"/funnel target won 900k a {unit}")
    office.types("/funnel targets")

    told = "\n".join("\n".join(texts_in(post.blocks)) for post in slack.posts("C1"))
    assert f"Before: {'▇' if '80%' in past else '▁'} {past}" in told


def test_a_target_keeps_its_number_exactly(desk: Desk) -> None:
    desk.types("/funnel target won 123456.78 a month")

    (target,) = desk.turn().targets.on(MONDAY.date())

    assert target.goal == Decimal("123456.78")


@pytest.mark.parametrize(
    "words", ["Qualified 8 a month in Shop", "Qualified in Shop 8 a month", "8 deals into Qualified in Shop a month"]
)
def test_a_stage_is_one_of_the_pipeline_that_is_named(desk: Desk, words: str) -> None:
    desk.types("/funnel pipeline add Shop stages Qualified, Paid:won")

    told = desk.types(f"/funnel target {words}").text
    on_home = "\n".join(texts_in(home(desk.turn())["blocks"]))

    (target,) = desk.turn().targets.on(desk.now.date())
    assert "*Deals into Qualified a month in Shop*" in told
    assert "*Deals into Qualified a month in Shop*: 0 of 8" in on_home
    assert target.stage is not None
    assert target.stage.pipeline_id == desk.turn().pipelines.named("Shop").id


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        ("won 500k a quarter in Shop for @bob", Measure.AMOUNT),
        ("won 500k a quarter for @bob in Shop", Measure.AMOUNT),
        ("won 10 deals a quarter pipeline Shop for <@UBOB>", Measure.WON),
        ("new leads 5 a quarter for bob in pipeline Shop", Measure.NEW),
        ("新线索 5 每季度 管道 Shop 负责人 bob", Measure.NEW),
    ],
)
def test_a_target_can_be_of_one_pipeline_alone(desk: Desk, words: str, measure: Measure) -> None:
    desk.types("/funnel pipeline add Shop stages Qualified, Paid:won")

    told = desk.types(f"/funnel target {words}").text

    (target,) = desk.turn().targets.on(desk.now.date())
    assert (target.measure, target.pipeline and target.pipeline.name, target.member_id) == (
        measure,
        "Shop",
        desk.team.bob.id,
    )
    assert " a quarter in Shop, Bob*" in told


def test_of_pipelines_whose_names_begin_alike_the_longest_name_is_meant(desk: Desk) -> None:
    for name in ("Shop", "Shop North"):
        desk.types(f"/funnel pipeline add {name} stages Qualified, Paid:won")

    assert "*Won amount a quarter in Shop North*" in desk.types("/funnel target won 5k a quarter in Shop North").text
    assert "*Won amount a quarter in Shop*" in desk.types("/funnel target won 5k a quarter in Shop").text


def test_meetings_are_of_no_pipeline(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Qualified, Paid:won")

    with pytest.raises(TargetNotUnderstood):
        desk.types("/funnel target meetings 10 a week in Shop")


def test_a_target_of_one_pipeline_stands_beside_that_of_all_and_ends_alone(desk: Desk) -> None:
    desk.types("/funnel pipeline add Shop stages Qualified, Paid:won")
    desk.types("/funnel target won 5 deals a month")
    desk.types("/funnel target won 2 deals a month in Shop")
    desk.types("/deal add Acme 5k in Shop")
    desk.types("/deal won Acme")
    desk.now += days(1)

    told = "\n".join(texts_in(home(desk.turn(desk.team.bob))["blocks"]))
    desk.types("/funnel target remove wins a month in Shop")

    assert "*Deals won a month*: 1 of 5 (20%)" in told
    assert "*Deals won a month in Shop*: 1 of 2 (50%)" in told
    (left,) = desk.turn().targets.on(desk.now.date())
    assert left.pipeline_id is None


def test_a_target_of_a_stage_that_another_took_over_is_told_and_removed_by_either_name(
    office: Office, slack: SlackDouble
) -> None:
    office.clock.time = MONDAY - days(1)
    for line in ("target Proposal 8 a day", "stage merge Proposal into Qualified", "targets"):
        office.types(f"/funnel {line}")

    shown = "\n".join("\n".join(texts_in(post.blocks)) for post in slack.posts("C1"))
    assert "*Deals into Qualified a day*: 0 of 8 (0%), no working day" in shown
    office.types("/funnel target remove Proposal a day")
    assert slack.ephemerals("UANN")[-1].text.startswith("Target removed: *Deals into Qualified a day*")
