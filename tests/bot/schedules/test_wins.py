"""A channel hears of each deal that is won, once, with the amount, the people and what is special about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from moneyed import Money

from bot.actions import FORMS, Submission
from bot.actions.origin import Origin
from bot.commands import answer
from bot.services import Turn
from bot.speech import converse
from models.commission import Commissions
from models.history import Via
from models.schedule import ScheduleKind
from tests.bot.schedules.office import Office, utc
from tests.factories import Team, days

NINE = utc(2026, 3, 3, 9)
SOON = timedelta(seconds=20)


def does(office: Office, work: Callable[[Turn], object], *, at: datetime = NINE, user: str = "UBOB") -> None:
    """What somebody does in Slack, in a turn of its own."""
    office.clock.time = at
    with office.services.turn("T1", user, once=f"{at}{user}", channel="C2") as turn:
        work(turn)


def types(office: Office, line: str, *, at: datetime = NINE, user: str = "UBOB") -> None:
    command, _, words = line.partition(" ")
    does(office, lambda turn: answer(command, words, turn), at=at, user=user)


def wins(office: Office) -> list[tuple[str, str, str, str]]:
    return office.deliveries(ScheduleKind.WIN)


@pytest.fixture
def selling(office: Office) -> Office:
    """A digest goes to C1, tomorrow; Bob is about to win Acme."""
    office.subscribe(at=NINE)
    office.arrange(
        lambda team: team.adds(
            "Acme", owner=team.bob, at=NINE - days(30), money=Money(12_000, "USD"), company="Acme Ltd"
        )
    )
    return office


def test_the_channel_of_the_digest_hears_of_a_win_with_amount_and_people(selling: Office) -> None:
    def helped(team: Team) -> None:
        deal = team.deals.named("Acme")
        eve = team.members.known_as("Eve", at=NINE)
        for helper, percent in ((team.ann, 30), (eve, 20), (eve, 0)):
            Commissions(team.session, team.workspace).split(deal, helper, Decimal(percent), by=team.ann, at=NINE)

    selling.arrange(helped)
    types(selling, "/deal won Acme")
    selling.tick(NINE + SOON)

    (post,) = selling.posts()
    assert post.text.splitlines() == [":tada: *bob* has won *Acme*!", "*$12,000* · Acme Ltd · with Ann"]
    assert wins(selling) == [("C1", f"deal {selling.deal('Acme').id}", "posted", "")]


def test_a_company_that_the_deal_is_named_after_is_not_repeated(selling: Office) -> None:
    selling.arrange(lambda team: setattr(team.deals.named("Acme"), "company", "ACME"))
    types(selling, "/deal won Acme")
    selling.tick(NINE + SOON)

    (post,) = selling.posts()
    assert post.text.splitlines() == [":tada: *bob* has won *Acme*!", "*$12,000*"]


def test_a_win_that_is_taken_back_and_done_again_is_told_once(selling: Office) -> None:
    for minute, line in enumerate(("/deal won Acme", "/deal undo Acme", "/deal won Acme")):
        types(selling, line, at=NINE + timedelta(minutes=minute))
        selling.tick(NINE + timedelta(minutes=minute) + SOON)

    assert len(selling.posts()) == 1


def test_a_win_that_is_taken_back_at_once_is_told_when_it_is_done_again(selling: Office) -> None:
    types(selling, "/deal won Acme")
    types(selling, "/deal undo Acme", at=NINE + SOON / 4)
    selling.tick(NINE + SOON)
    assert selling.posts() == []

    types(selling, "/deal won Acme", at=NINE + SOON * 2)
    selling.tick(NINE + SOON * 3)

    assert len(selling.posts()) == 1
    assert [state for _, _, state, _ in wins(selling)] == ["posted"]


def test_a_deal_that_is_reopened_and_won_again_is_told_again(selling: Office) -> None:
    for minute, line in enumerate(("/deal won Acme", "/deal reopen Acme", "/deal won Acme")):
        types(selling, line, at=NINE + timedelta(minutes=minute))
        selling.tick(NINE + timedelta(minutes=minute) + SOON)

    number = selling.deal("Acme").id
    assert len(selling.posts()) == 2
    assert [(period, state) for _, period, state, _ in wins(selling)] == [
        (f"deal {number}", "posted"),
        (f"deal {number} 2", "posted"),
    ]


@pytest.mark.parametrize("way", ["a form", "plain words", "a move"])
def test_wins_are_told_however_they_come_about(selling: Office, way: str) -> None:
    deal = selling.deal("Acme")
    origin = Origin(deal_id=deal.id, stage_id=deal.stage_id, response_url="https://x")
    ways: dict[str, Callable[[Turn], object]] = {
        "a form": lambda turn: FORMS["form.won"].run(Submission({"amount": "15k"}, origin), turn),
        "plain words": lambda turn: converse("we won Acme", turn),
        "a move": lambda turn: answer("/deal", "move Acme to Won", turn),
    }

    does(selling, ways[way])
    selling.tick(NINE + SOON)

    assert len(selling.posts()) == 1


def test_the_channel_may_be_chosen_and_the_gong_switched_off(selling: Office) -> None:
    types(selling, "/funnel set wins here", user="UANN")
    types(selling, "/deal won Acme", at=NINE + SOON)
    selling.tick(NINE + SOON * 2)
    assert (len(selling.posts("C1")), len(selling.posts("C2"))) == (0, 1)

    types(selling, "/funnel set wins off", at=NINE + SOON * 3, user="UANN")
    selling.arrange(lambda team: team.adds("Globex", owner=team.bob, at=NINE - days(30)))
    types(selling, "/deal won Globex", at=NINE + SOON * 4)
    selling.tick(NINE + SOON * 5)

    assert len(selling.posts("C2")) == 1


def test_without_a_digest_or_a_channel_nobody_hears_of_it(office: Office) -> None:
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=NINE - days(30)))

    types(office, "/deal won Acme")
    office.tick(NINE + SOON)

    assert wins(office) == []


@pytest.mark.parametrize("leaderboard", [True, False])
def test_a_record_stands_in_the_same_post_and_is_not_cheered_again_by_the_digest(
    selling: Office, leaderboard: bool
) -> None:
    def win_five_small_ones(team: Team) -> None:
        for number in range(5):
            deal = team.adds(f"Deal {number}", owner=team.ann, at=NINE - days(40), money=Money(1_000, "USD"))
            deal.win(by=team.ann, at=NINE - days(30), via=Via.COMMAND)

    selling.arrange(win_five_small_ones)
    selling.arrange(lambda team: setattr(team.workspace, "leaderboard", leaderboard))
    types(selling, "/deal won Acme", at=NINE + SOON)
    selling.tick(NINE + SOON * 2)
    selling.tick(NINE + days(1))

    win, digest = selling.posts()
    assert ("*Acme* is the biggest deal won this year: $12K" in win.text) == leaderboard
    assert "1 won" in digest.text
    assert "biggest" not in digest.text


def test_where_slack_will_not_have_it_the_gong_is_silent_until_it_is_resumed(selling: Office) -> None:
    selling.slack.fail_next("chat.postMessage", error="is_archived")
    types(selling, "/deal won Acme")
    selling.tick(NINE + SOON)

    assert selling.schedules()["win", "C1"].paused_because == "is_archived"
    assert "win post" in selling.slack.direct_messages("UANN")[0].text
