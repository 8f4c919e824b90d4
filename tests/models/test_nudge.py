"""What is said of nudged deals and of those held back is what their history says."""

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.database import Database
from models.delivery import DeliveryState
from models.history import Via
from models.nudge import Arm, Nudges, Tried
from models.period import Period, Unit
from tests.factories import MONDAY, Team, a_team, days

PERIOD = Period(Unit.DAYS, MONDAY.date(), MONDAY.date() + timedelta(days=13), "UTC")
NOW = MONDAY + days(40)
MOVES = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["forward", "back", "won", "lost", "undone"])), max_size=4
)


def acts(team: Team, name: str, moves: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A deal that does what it can of these, by days; told is what it did and nobody took back."""
    deal = team.deals.named(name)
    done: list[tuple[int, str]] = []
    stages = team.pipeline.open_stages
    for step, (day, act) in enumerate(sorted(moves)):
        at, where = MONDAY + days(day + 0.5 + step / 100), stages.index(deal.stage) if deal.is_open else 0
        match act:
            case "forward" if deal.is_open and where + 1 < len(stages):
                deal.move(stages[where + 1], by=None, at=at, via=Via.COMMAND)
            case "back" if deal.is_open and where:
                deal.move(stages[where - 1], by=None, at=at, via=Via.COMMAND)
            case "won" if deal.is_open:
                deal.win(by=None, at=at, via=Via.COMMAND)
            case "lost" if deal.is_open:
                deal.lose("price", by=None, at=at, via=Via.COMMAND)
            case "undone" if done:
                deal.undo(by=None, at=at, via=Via.COMMAND)
                done.pop()
                continue
            case _:
                continue
        done.append((day, act))
    return done


@example(drawn=[(0, False, [(7, "forward")]), (0, True, [(6, "forward")])]).via("a day too late, and in time")
@given(drawn=st.lists(st.tuples(st.integers(0, 13), st.booleans(), MOVES), max_size=6))
@settings(max_examples=25)
def test_a_deal_counts_as_moved_that_went_forward_within_a_week_for_good(
    database: Database, drawn: list[tuple[int, bool, list[tuple[int, str]]]]
) -> None:
    with database.begin() as session:
        team = a_team(session)
        expected = {False: [0, 0], True: [0, 0]}
        for number, (day, is_held_back, moves) in enumerate(drawn):
            deal = team.adds(f"Deal {number}", at=MONDAY - days(20))
            at = MONDAY + days(day + number / 1024)
            Nudges(session, team.workspace).note(
                [deal], {deal.id} if is_held_back else set(), delivery_id=team.nudged(at=at).id, at=at
            )
            done = acts(team, deal.name, moves)
            expected[is_held_back][0] += 1
            expected[is_held_back][1] += any(day <= when < day + 7 and act in ("forward", "won") for when, act in done)
        session.flush()

        found = Nudges(session, team.workspace).tried(PERIOD, at=NOW)
        session.rollback()

    assert found.nudged == Arm(*expected[False])
    assert found.held_back == Arm(*expected[True])
    assert found.waiting == 0


def test_a_deal_is_drawn_once_in_a_stage_and_what_was_drawn_holds(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        nudges, found = Nudges(session, team.workspace), [team.adds(f"Deal {number}") for number in range(40)]
        team.workspace.nudge_holdback = 50
        session.flush()

        held = nudges.held_back(found)
        nudges.note(found, held, delivery_id=team.nudged(at=MONDAY).id, at=MONDAY)
        nudges.note(found, set(), delivery_id=team.nudged(at=MONDAY + days(1)).id, at=MONDAY + days(1))
        session.flush()
        team.workspace.nudge_holdback = 0

        assert 5 < len(held) < 35
        assert nudges.held_back(found) == held
        for deal in found:
            deal.move(team.pipeline.open_stages[1], by=None, at=MONDAY + days(2), via=Via.COMMAND)
        assert nudges.held_back(found) == set()
        assert nudges.tried(PERIOD, at=NOW) == Tried(Arm(40 - len(held), 40 - len(held)), Arm(len(held), len(held)), 0)
        assert nudges.tried(PERIOD, at=MONDAY + days(6)).waiting == 40
        session.rollback()


def test_what_no_post_has_told_counts_neither_as_told_nor_as_held_back(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        nudges, found = Nudges(session, team.workspace), [team.adds("Told"), team.adds("Held"), team.adds("Never")]
        held, failed, late = {found[1].id}, team.nudged(at=MONDAY), team.nudged(at=MONDAY + days(1))
        session.flush()
        nudges.note(found, held, delivery_id=failed.id, at=MONDAY)
        failed.end(DeliveryState.FAILED, "user_disabled", at=MONDAY)
        assert nudges.tried(PERIOD, at=NOW) == Tried(Arm(), Arm(), 0)

        nudges.note(found, held, delivery_id=late.id, at=MONDAY + days(1))
        nudges.note(found[:2], held, delivery_id=late.id, at=MONDAY + days(2))  # taken over by another process
        found[0].move(team.pipeline.open_stages[1], by=None, at=MONDAY + days(8.5), via=Via.COMMAND)

        assert nudges.held_back([found[1]]) == held
        assert nudges.tried(PERIOD, at=NOW) == Tried(Arm(1, 1), Arm(1, 0), 0)
        late.let_go("nothing to say", at=MONDAY + days(2))
        assert nudges.tried(PERIOD, at=NOW) == Tried(Arm(), Arm(1, 0), 0)
        session.rollback()
