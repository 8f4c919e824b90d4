"""A missing exchange rate is nowhere nothing: what cannot be added up stands beside the sum, and ranks nobody."""

import pytest
from moneyed import Money

from models.history import Via
from models.member import Member
from models.score import Estimate, Scores
from tests.bot.conftest import TEAM_ID, Office
from tests.factories import MONDAY, Team, a_team, days
from tests.slack_double.block_rules import texts_in

A_RATE = "`/funnel rates`"


def won(team: Team, name: str, owner: Member, money: Money) -> None:
    team.adds(name, owner=owner, money=money, at=MONDAY - days(1)).win(by=owner, at=MONDAY, via=Via.COMMAND)


@pytest.fixture
def team_of_two(office: Office) -> Office:
    """In dollars: Ann won 10,000 of them, Bob two deals of 25,000 euros each; he has 70,000 euros open."""
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        won(team, "Acme", team.ann, Money(10_000, "USD"))
        won(team, "Initech", team.bob, Money(25_000, "EUR"))
        won(team, "Umbrella", team.bob, Money(25_000, "EUR"))
        hope = team.adds("Hope", owner=team.bob, money=Money(70_000, "EUR"))
        Scores(session, team.workspace).keep({hope.id: Estimate(0.5, 30, 1, 100, won=0.1)}, at=MONDAY)
    office.clock.time = MONDAY + days(1)
    return office


def answer_to(office: Office, line: str) -> str:
    """All that the channel sees, with the sentence that tells of the picture."""
    office.types(line)
    posts = ["\n".join(texts_in(post.blocks)) for post in office.slack.posts("C1")]
    return "\n".join([*posts, *(str(file.alt_text) for file in office.slack.files)])


def home_of(office: Office) -> str:
    """What Ann sees on her Home tab."""
    office.slack.deliver(office.slack.open_home("UANN"))
    view = office.slack.home("UANN")
    return "\n".join(texts_in(view.blocks)) if view else ""


def test_the_team_tab_tells_them_beside_each_sum_and_ranks_by_number(team_of_two: Office) -> None:
    home_of(team_of_two)
    view = team_of_two.slack.home("UANN")
    assert view
    team_of_two.slack.deliver(team_of_two.slack.click(view, "home.team", user="UANN"))

    told = home_of(team_of_two)
    assert "*Bob*: 1 open, €70K · weighted €7K · 0 stalled · 2 won this month, €50K" in told
    assert told.index("*Bob*") < told.index("*Ann*: 0 open, $0 · weighted $0 · 0 stalled · 1 won this month, $10K")
    assert f"Amounts in EUR have no exchange rate and stand beside the sums ({A_RATE})." in told
    assert "Ranked by the number of won deals" in told


@pytest.mark.parametrize("draws_tables", [True, False])
def test_the_leaderboard_tells_them_beside_each_sum_and_ranks_by_wins(team_of_two: Office, draws_tables: bool) -> None:
    team_of_two.slack.workspace.draws_tables = draws_tables

    told = answer_to(team_of_two, "/funnel leaderboard")

    if draws_tables:
        assert "1\nBob\n€50K\n2\n€7K" in told
        assert "2\nAnn\n$10K\n1\n$0" in told
    else:
        assert "1. *Bob*: €50K in 2 wins · €7K weighted in open deals" in told
    assert f"Amounts in EUR have no exchange rate and stand beside the sums ({A_RATE})." in told
    assert "Ranked by the number of won deals" in told
    assert "Bob €50K in 2 wins and Ann $10K in 1 win" in told


def test_a_target_tells_what_it_leaves_out_on_home_and_in_the_channel(team_of_two: Office) -> None:
    team_of_two.types("/funnel target won 500k a month")
    left_out = f"2 won deals are not counted, as they have no exchange rate: €50,000 ({A_RATE})"

    told = answer_to(team_of_two, "/funnel targets")
    assert left_out in told
    assert told.count(" at most (") == 2

    assert left_out in home_of(team_of_two)

    team_of_two.clock.time = MONDAY + days(30)
    assert "Before: ▁ Mar 2026: $10K of $500K (2%) (without 2 won deals that have no exchange rate)" in answer_to(
        team_of_two, "/funnel targets"
    )


def test_leaks_rank_stages_and_owners_by_number_where_nobody_knows_which_is_the_costliest(office: Office) -> None:
    """Of two stages one lost a little in dollars, the other much in euros."""
    with office.database.begin() as session:
        team = a_team(session, TEAM_ID)
        won(team, "One", team.ann, Money(1_000, "USD"))
        won(team, "Two", team.ann, Money(1_000, "USD"))
        team.adds("Three", stage="Proposal", at=MONDAY - days(1)).win(by=team.ann, at=MONDAY, via=Via.COMMAND)
        for name, stage, owner, money in [
            ("Small", "Proposal", team.ann, Money(3_000, "USD")),
            *((f"Large {number}", "Lead identified", team.bob, Money(900_000, "EUR")) for number in range(6)),
        ]:
            deal = team.adds(name, owner=owner, money=money, stage=stage, at=MONDAY - days(1))
            deal.lose("price", by=owner, at=MONDAY, via=Via.COMMAND)
    office.clock.time = MONDAY + days(1)

    told = answer_to(office, "/funnel leaks")

    assert "*Lead identified*: expected value lost 6 deals unpriced: €1.4M · lost 6" in told
    assert "*Proposal*: expected value lost $1.5K · lost 1" in told
    assert f"6 lost deals have no exchange rate ({A_RATE})" in told
    assert told.index("Bob: expected value") < told.index("Ann: expected value")
    assert "100% of the deals lost in Lead identified went for “price”" in told
    assert "How many deals each stage of Sales lost" in told
    assert "the most first: Lead identified: lost 6 · €1.4M" in told
    assert told.rindex("identified: lost 6") < told.rindex("Proposal: lost 1 · $1.5K") < told.rindex("contact: lost 0")


def test_the_forecast_tells_them_beside_each_sum(team_of_two: Office) -> None:
    team_of_two.types("/funnel target won 100k a quarter")
    with team_of_two.database.begin() as session:
        team = a_team(session, TEAM_ID)
        mine = team.adds("Mine", owner=team.ann, money=Money(30_000, "EUR"), at=MONDAY - days(1))
        mine.lose("price", by=team.ann, at=MONDAY, via=Via.COMMAND)

    told = answer_to(team_of_two, "/funnel forecast this quarter")

    assert "*Won so far:* $10K + €50K, 3 deals" in told
    assert "*Target:* $100K, at most $90K to go" in told
    assert "1 open deal worth €70K is €" in told
    assert "*Pipeline*: 1 deal, €70K, of which €70K is due; weighted €" in told
    assert "$10K + €50K won or committed, $10K + €50K with best case, $10K + €120K with all that is due" in told
    assert "*Since last week:* $0 → €70K" in told
    assert "5 new +($10K + €150K): among them " in told
    assert "1 lost −€30K: Mine" in told
    assert "3 deals have no exchange rate and stand beside the sums: €120,000." in told
    assert "Won so far: $10K + €50K." in told


@pytest.mark.parametrize("draws_tables", [True, False])
@pytest.mark.parametrize("view", ["", " cohort"])
def test_a_report_broken_down_tells_them_beside_what_each_part_won(
    team_of_two: Office, view: str, draws_tables: bool
) -> None:
    team_of_two.slack.workspace.draws_tables = draws_tables

    told = answer_to(team_of_two, f"/funnel report this year by owner{view}")

    assert ("Bob\n3\n2\n€50K\n" if draws_tables else "*Bob*  3 began · 2 won (€50K)") in told
    assert f"Amounts in EUR have no exchange rate and stand beside the sums ({A_RATE})." in told
    left_out = "2 won deals in currencies without a rate are left out of the average: €50,000"
    assert (left_out in told) == (not view)


def test_the_trend_tells_them_beside_each_sum(team_of_two: Office) -> None:
    told = answer_to(team_of_two, "/funnel trend")

    assert "*€70K* in 1 open deal at the end (Tue, Mar 3, 2026)" in told
    assert "€70K in 1 at the highest (Tue, Mar 3, 2026)" in told
    assert f"Amounts in EUR have no exchange rate ({A_RATE}): they stand beside the sums" in told
