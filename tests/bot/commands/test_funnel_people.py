"""`/funnel leaderboard`, `/funnel coaching`: who hears what of whom"""

import pytest
from moneyed import Money

from bot.faults import LeaderboardOff, NobodyReports, SettingNotUnderstood
from models.errors import DomainError, NotAllowed
from models.history import Via
from models.pipelines import Pipelines
from models.workspace import Workspace
from tests.bot.conftest import Desk, Office
from tests.factories import MONDAY, a_team, days
from tests.slack_double import SlackDouble
from tests.slack_double.block_rules import texts_in


def told_in(slack: SlackDouble, channel: str) -> str:
    return "\n".join("\n".join(texts_in(post.blocks)) for post in slack.posts(channel))


@pytest.mark.parametrize("draws_tables", [True, False])
def test_the_leaderboard_tells_what_people_won_in_a_table_or_else_in_lines(
    office: Office, slack: SlackDouble, draws_tables: bool
) -> None:
    slack.workspace.draws_tables = draws_tables
    with office.database.begin() as session:
        team = a_team(session, "T0001")
        team.bob.name = "Bob <!here>"
        for name, owner, amount in (("Acme", team.bob, 5000), ("Globex", team.ann, 700), ("Imported", None, 9000)):
            deal = team.adds(name, owner=owner or team.ann, money=Money(amount, "USD"))
            deal.assign(owner, by=team.ann, at=MONDAY)
            deal.win(by=owner, at=MONDAY, via=Via.COMMAND)
    office.clock.time = MONDAY + days(1)
    office.types("/funnel leaderboard")

    (post,) = [each for each in slack.posts("C1") if "Leaderboard" in each.text]
    tables = [[[each["text"] for each in row] for row in block["rows"]] for block in post.blocks if "rows" in block]
    if draws_tables:
        assert tables[0][1:] == [
            ["1", "Bob <!here>", "$5K", "1", "$0", "0", "100%", "1 of 1"],
            ["2", "Ann", "$700", "1", "$0", "0", "100%", "1 of 1"],
            ["–", "No owner", "$9K", "1", "$0", "–", "–", "1 of 1"],
        ]
        assert slack.refused == []
    else:
        assert tables == []
        shown = told_in(slack, "C1")
        assert shown.index("1. *Bob &lt;!here&gt;*: $5K in 1 win") < shown.index("2. *Ann*: $700 in 1 win")
        assert "\n*No owner*: $9K in 1 win · $0 weighted in open deals\n" in shown
        assert [each.error for each in slack.refused] == ["invalid_blocks"]


@pytest.mark.parametrize(
    ("words", "error"),
    [("leaderboard bananas", SettingNotUnderstood), ("set leaderboard maybe", SettingNotUnderstood)],
)
def test_what_makes_no_sense_is_refused(desk: Desk, words: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel {words}")


def test_a_manager_switches_the_leaderboard_off_and_a_rep_does_not(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.types("/funnel set leaderboard off", by=desk.team.bob)
    desk.types("/funnel set leaderboard off")

    with pytest.raises(LeaderboardOff):
        desk.types("/funnel leaderboard")
    desk.types("/funnel set leaderboard on")
    assert desk.types("/funnel leaderboard").labour is not None


def test_coaching_is_for_those_whom_somebody_reports_to(desk: Desk) -> None:
    for member in (desk.team.ann, desk.team.bob):
        with pytest.raises(NobodyReports):
            desk.types("/funnel coaching", by=member)


@pytest.mark.parametrize("draws_charts", [True, False])
def test_coaching_is_told_to_the_manager_alone_and_reads_a_merged_stage_as_the_other(
    office: Office, slack: SlackDouble, draws_charts: bool
) -> None:
    slack.workspace.draws_tables = draws_charts
    with office.database.begin() as session:
        team = a_team(session, "T0001")
        team.bob.report_to(team.ann)
        team.bob.name = "R&B"
        for number in range(40):
            owner = team.bob if number < 20 else team.ann
            deal = team.adds(f"Deal {number}", owner=owner)
            if owner is team.bob:
                deal.lose("price", by=owner, at=MONDAY + days(1), via=Via.COMMAND)
            else:
                for day in (1, 1.5):
                    deal.advance(by=owner, at=MONDAY + days(day), via=Via.COMMAND)
    office.clock.time = MONDAY + days(2)
    office.types("/funnel coaching")

    said = "\n".join("\n".join(texts_in(each.blocks)) for each in slack.ephemerals("UANN"))
    beyond = "0% of 20 deals got beyond it within 1 day (95% interval 0% to 16%), against 100% of the others'."
    assert f"*R&amp;B*, _Lead identified_: {beyond}" in said
    assert "not a cause" in said
    (told,) = (each for each in slack.ephemerals("UANN") if each.blocks)
    assert "R&amp;B, Lead identified: 0% got beyond it within 1 day (95% interval 0% to 16%), others 100%" in told.text
    drawn = [series for each in told.blocks if "chart" in each for series in each["chart"]["series"]]
    bars = {series["name"]: [(bar["label"], bar["value"]) for bar in series["data"]] for series in drawn}
    bob = "R&B: Lead ide…"
    assert bars == (
        {
            "others'": [(bob, 100.0)],
            "interval from": [(bob, 0.0)],
            "this person's": [(bob, 0.0)],
            "interval to": [(bob, 16.1)],
        }
        if draws_charts
        else {}
    )

    with office.database.begin() as session:
        pipelines = Pipelines(session, session.get_one(Workspace, "T0001"))
        first, second, *_ = pipelines.all()[0].stages
        pipelines.reshaping(pipelines.all()[0]).retire(first, into=second, at=office.clock.time)
        name = second.name
    office.types("/funnel coaching")
    said = "\n".join("\n".join(texts_in(each.blocks)) for each in slack.ephemerals("UANN"))
    assert f"*R&amp;B*, _{name}_: {beyond.replace('1 day', '2 days')}" in said

    office.types("/funnel pipeline add Shop from retail")
    office.types("/funnel coaching Shop")
    said = "\n".join("\n".join(texts_in(each.blocks)) for each in slack.ephemerals("UANN"))
    assert "too few deals yet" in said
    (told,) = (each for each in slack.ephemerals("UANN") if "too few" in each.text)
    assert "*" not in told.text
    assert slack.posts("C1") == slack.ephemerals("UBOB") == []
    assert slack.files == []


@pytest.mark.parametrize("draws_charts", [True, False])
def test_commission_and_coaching_are_answered_to_who_asked_alone(
    office: Office, slack: SlackDouble, draws_charts: bool
) -> None:
    slack.workspace.draws_tables = draws_charts
    with office.database.begin() as session:
        team = a_team(session, "T0001")
        team.bob.report_to(team.ann)
        deal = team.adds("Acme", owner=team.bob, money=Money(5_000, "USD"))
        deal.win(by=team.bob, at=MONDAY, via=Via.COMMAND)
    lines = (
        "/funnel commission plan 5%",
        "/funnel commission plan",
        "/funnel commission",
        "/funnel commission @bob this quarter",
        "/funnel coaching",
        "/funnel coaching Sales",
    )
    for line in lines:
        before = len(slack.ephemerals("UANN"))
        office.types(line)
        assert len(slack.ephemerals("UANN")) > before, line
    slack.deliver(slack.mention("what is my commission this quarter?", user="UANN", channel="C1"))

    assert len(slack.ephemerals("UANN")) == before + 3  # coaching says first that it begins
    assert "*Commission of Ann" in slack.ephemerals("UANN")[-1].text
    assert [post.user for post in slack.posts("C1")] == ["UANN"]  # what she asked in plain words
    assert slack.ephemerals("UBOB") == []

    slack.deliver(slack.mention("what is my commission this quarter?", user="UBOB", channel="C1"))

    assert [post.user for post in slack.posts("C1")] == ["UANN", "UBOB"]
    for user, asked in (("UANN", 1), ("UBOB", 1)):
        charts = [each for each in slack.ephemerals(user) if any("chart" in block for block in each.blocks)]
        told = [each for each in slack.ephemerals(user) if "$5,000 won pays $250" in each.text]
        assert (len(charts), len(told)) == (asked if draws_charts else 0, asked)
    assert slack.files == []
