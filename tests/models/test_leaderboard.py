"""What people did, held against a plain recount of the raw moves."""

from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from models.activity import ActivityKind
from models.attainment import LoggedActivity, Record
from models.history import Change
from models.leaderboard import is_by_wins, leaderboard
from models.period import Unit, whole_unit
from models.pipeline import StageKind
from models.pricing import Pricing, Rates, Worth
from models.score import Prospect
from models.timeline import DealHistory, PastMove
from tests.factories import MONDAY, a_deal, a_member, a_pipeline, days
from tests.pasts import DAYS, a_past, facts_of, pasts

PIPELINE = a_pipeline()
STAGES = {stage.id: stage for stage in facts_of(PIPELINE)}
PRICING = Pricing("USD", "UTC", (MONDAY + days(2 * DAYS)).date(), Rates(()))
ANN, BOB = a_member("Ann"), a_member("Bob")
ANN.id, BOB.id = 1, 2
MARCH = whole_unit(Unit.MONTH, MONDAY.date(), "UTC")


@given(histories=pasts(PIPELINE, most=10), day=st.integers(0, DAYS * 2))
def test_wins_and_losses_are_those_of_a_plain_recount(histories: list[DealHistory], day: int) -> None:
    period = whole_unit(Unit.MONTH, (MONDAY + days(day)).date(), "UTC")

    found = {
        each.member.id if each.member else None: (each.won, each.lost)
        for each in leaderboard(Record(histories, STAGES, (), PRICING), period, [ANN, BOB], (), prospects={})
    }

    for number in (ANN.id, BOB.id, None):
        won = lost = 0
        for past in histories:
            moves = [move for move in past.moves if move.at < period.end]
            standing: list[PastMove] = []
            for move in moves:
                standing = standing[:-1] if move.change is Change.UNDONE else [*standing, move]
            owner = past.owner_id
            for revision in reversed(past.revisions):
                if revision.at >= period.end:
                    owner = int(revision.old) if revision.old else None
            closings = [each for each in standing if each.change in (Change.WON, Change.LOST, Change.REOPENED)]
            if owner != number or not closings or closings[-1].at < period.start:
                continue
            kind = STAGES[standing[-1].to_stage_id].kind
            won += kind in (StageKind.WON, StageKind.AFTER_SALES)
            lost += kind is StageKind.LOST
        assert found.get(number, (0, 0)) == (won, lost)


def test_what_is_open_counts_by_its_chance_of_being_won_only() -> None:
    deals = [a_deal(owner=ANN, money=Money(1000, "USD")) for _ in range(3)]
    prospects = {deals[0].id: Prospect(0.5, True), deals[1].id: Prospect(0.5, False)}
    deals.append(a_deal(money=Money(800, "USD")))
    prospects[deals[3].id] = Prospect(0.25, True)

    (ann, nobody) = leaderboard(Record((), STAGES, (), PRICING), MARCH, [ANN, BOB], deals, prospects=prospects)

    assert ann.weighted == Worth(Money(500, "USD"), ())
    assert (nobody.member, nobody.weighted) == (None, Worth(Money(200, "USD"), ()))


def test_whoever_did_something_is_told_and_nobody_else() -> None:
    activities = [LoggedActivity(ActivityKind.CALL, 2, MONDAY), LoggedActivity(ActivityKind.CALL, 2, MONDAY - days(30))]

    (bob,) = leaderboard(Record((), STAGES, activities, PRICING), MARCH, [ANN, BOB], (), prospects={})

    assert (bob.member, bob.activities) == (BOB, 1)


def test_people_are_ranked_by_amount_though_what_nobody_owns_has_no_rate() -> None:
    won = [
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=100, owner_id=ANN.id),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=100, owner_id=ANN.id),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), amount=900, owner_id=BOB.id),
        a_past(PIPELINE, ("Proposal", 0), ("Won", 5), currency="GBP"),
    ]

    found = leaderboard(Record(won, STAGES, (), PRICING), MARCH, [ANN, BOB], (), prospects={})

    assert [each.member for each in found] == [BOB, ANN, None]
    assert not is_by_wins(found)
