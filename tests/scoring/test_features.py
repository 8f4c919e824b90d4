"""What is known of a deal at a moment is all that was known then, and nothing that came later."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.activity import ActivityKind
from models.history import Change, kept_moves
from models.timeline import DealHistory, PastActivity, PastRevision, PastStep
from scoring.features import Row, features_of, identity
from tests.scoring.simulation import DEMO, LEAD, LOST, NEWCOMER, OFFER, STAGES, START, WON, a_deal, after, days, move


def test_a_stage_is_told_with_how_long_the_deal_has_been_in_it() -> None:
    deal = a_deal(move(Change.FORWARD, OFFER, after(4)))

    row = features_of(deal, after(10), STAGES, NEWCOMER)

    assert row["stage"] == identity(OFFER)
    assert row["days_in_stage"] == 6
    assert row["days_since_creation"] == 10
    assert (row["moves_forward"], row["moves_back"], row["stages_skipped"]) == (1, 0, 1)


def test_an_undone_move_leaves_the_deal_where_it_was_since_when_it_was() -> None:
    deal = a_deal(move(Change.FORWARD, DEMO, after(4)), move(Change.UNDONE, LEAD, after(5), origin=DEMO))

    row = features_of(deal, after(10), STAGES, NEWCOMER)

    assert row["stage"] == identity(LEAD)
    assert row["days_in_stage"] == 10
    assert row["moves_forward"] == 0


def test_a_move_that_will_be_undone_stands_until_then() -> None:
    deal = a_deal(move(Change.FORWARD, DEMO, after(4)), move(Change.UNDONE, LEAD, after(5), origin=DEMO))

    assert features_of(deal, after(4.5), STAGES, NEWCOMER)["stage"] == identity(DEMO)


def test_activities_count_as_recent_for_thirty_days() -> None:
    meetings = (PastActivity(START, ActivityKind.MEETING), PastActivity(after(20), ActivityKind.MEETING))
    deal = replace(a_deal(), activities=meetings)

    row = features_of(deal, after(30), STAGES, NEWCOMER)

    assert (row["meeting_recent"], row["meeting_total"]) == (1, 2)
    assert row["days_since_activity"] == 10


def test_what_is_not_there_is_missing() -> None:
    deal = replace(a_deal(), amount=None, source="", owner_id=None, company="", custom={"Region": ""})

    row = features_of(deal, START, STAGES, NEWCOMER)

    missing = {"amount_known", "company_known", "source", "owner", "custom:Region"}
    missing |= {"pace_in_stage", "pace_since_creation", "pace_so_far", "owner_won_share"}
    missing |= {"close_date_in", "next_step_set", "next_step_in", "days_since_activity"}
    assert {name for name, value in row.items() if isinstance(value, float) and math.isnan(value)} == missing
    assert "amount:USD" not in row


def test_a_close_date_that_was_put_off_counts_as_a_slip() -> None:
    revisions = (
        PastRevision(after(1), "close_date", "", "2024-02-01"),
        PastRevision(after(2), "close_date", "2024-02-01", "2024-03-01"),
        PastRevision(after(3), "close_date", "2024-03-01", "2024-02-15"),
    )
    deal = replace(a_deal(), close_date=date(2024, 2, 15), revisions=revisions)

    assert features_of(deal, after(1.5), STAGES, NEWCOMER)["close_date_slips"] == 0
    row = features_of(deal, after(4), STAGES, NEWCOMER)
    assert row["close_date_slips"] == 1
    assert row["close_date_in"] == (date(2024, 2, 15) - after(4).date()).days


def test_the_next_step_is_the_one_that_was_open_then() -> None:
    steps = (
        PastStep(set_at=START, due=date(2024, 1, 3), done_at=after(5)),
        PastStep(set_at=after(5), due=date(2024, 2, 1), done_at=None),
    )
    deal = replace(a_deal(), steps=steps)

    assert features_of(deal, after(4), STAGES, NEWCOMER)["next_step_in"] == -2
    assert features_of(deal, after(5), STAGES, NEWCOMER)["next_step_in"] == 26


@pytest.mark.parametrize(
    ("value", "read"),
    [("12.5", 12.5), (7, 7.0), (" 3 ", 3.0), ("North", "North"), ("inf", "inf"), (True, 1.0), (["a"], "['a']")],
)
def test_a_field_of_the_teams_own_is_a_number_where_it_reads_like_one(value: object, read: float | str) -> None:
    deal = replace(a_deal(), custom={"Mine": value})

    assert features_of(deal, START, STAGES, NEWCOMER)["custom:Mine"] == read


def test_a_deal_has_no_features_before_it_was_created() -> None:
    with pytest.raises(ValueError, match="did not exist"):
        features_of(a_deal(), START - days(1), STAGES, NEWCOMER)


@dataclass(frozen=True)
class Event:
    """Something that happens to a deal; `pick` chooses among what is possible at that time."""

    at: datetime
    kind: str
    pick: int


KINDS = ("move", "undo", "meeting", "note", "step", "step done", "close_date", "amount", "owner", "source", "custom")
EVENTS = st.lists(
    st.builds(
        Event,
        at=st.integers(0, 24 * 90).map(lambda hours: after(hours / 24)),
        kind=st.sampled_from(KINDS),
        pick=st.integers(0, 999),
    ),
    max_size=30,
).map(lambda events: sorted(events, key=lambda event: event.at))


def lived(events: Sequence[Event]) -> DealHistory:
    """The deal after all of that, kept as the domain keeps it: fields overwritten, what they were in revisions."""
    deal = a_deal()
    for event in events:
        deal = _after_event(deal, event)
    return deal


def _after_event(deal: DealHistory, event: Event) -> DealHistory:
    at, pick = event.at, event.pick
    text = str(pick) if pick % 3 else ""
    match event.kind:
        case "move":
            target = (LEAD, DEMO, OFFER, WON, LOST)[pick % 5]
            change = (Change.BACK, Change.FORWARD, Change.FORWARD, Change.WON, Change.LOST)[pick % 5]
            made = move(change, target, at, origin=deal.standing.stage_id)
            return replace(deal, moves=(*deal.moves, made))
        case "undo" if len(kept_moves(deal.moves)) > 1:
            back_to = kept_moves(deal.moves)[-2].to_stage_id
            undone = move(Change.UNDONE, back_to, at, origin=deal.standing.stage_id)
            return replace(deal, moves=(*deal.moves, undone))
        case "meeting" | "note":
            return replace(deal, activities=(*deal.activities, PastActivity(at, ActivityKind(event.kind))))
        case "step" | "step done":
            finished = tuple(replace(step, done_at=step.done_at or at) for step in deal.steps)
            due = date(2024, 1, 1 + pick % 28) if pick % 2 else None
            fresh = (PastStep(at, due, None),) if event.kind == "step" else ()
            return replace(deal, steps=finished + fresh)
        case "close_date":
            day = date(2024, 1 + pick % 12, 1) if pick % 3 else None
            old = deal.close_date.isoformat() if deal.close_date else ""
            revised = replace(deal, close_date=day)
            return _revised(revised, at, "close_date", old, day.isoformat() if day else "")
        case "amount":
            old = f"{deal.amount} {deal.currency}" if deal.amount is not None else ""
            amount = Decimal(pick) if pick % 3 else None
            currency = ("USD", "EUR")[pick % 2] if amount is not None else deal.currency
            revised = replace(deal, amount=amount, currency=currency)
            return _revised(revised, at, "amount", old, f"{amount} {currency}" if amount is not None else "")
        case "owner":
            revised = replace(deal, owner_id=int(text) if text else None)
            return _revised(revised, at, "owner", str(deal.owner_id or ""), text)
        case "source":
            return _revised(replace(deal, source=text), at, "source", deal.source, text)
        case "custom":
            revised = replace(deal, custom={"Region": text} if text else {})
            return _revised(revised, at, "custom:Region", str(deal.custom.get("Region", "")), text)
    return deal


def _revised(deal: DealHistory, at: datetime, field: str, old: str, new: str) -> DealHistory:
    return replace(deal, revisions=(*deal.revisions, PastRevision(at, field, old, new)))


@given(EVENTS, st.integers(0, 24 * 90).map(lambda hours: after(hours / 24)))
def test_nothing_that_happens_later_changes_what_was_known(events: list[Event], at: datetime) -> None:
    known_then = lived([event for event in events if event.at <= at])
    known_today = lived(events)

    assert as_text(features_of(known_today, at, STAGES, NEWCOMER)) == as_text(
        features_of(known_then, at, STAGES, NEWCOMER)
    )


def as_text(row: Row) -> dict[str, str]:
    """Comparable: NaN is not equal to itself."""
    return {name: repr(value) for name, value in row.items()}
