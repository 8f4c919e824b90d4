"""Deals that live through whatever Hypothesis thinks of, told as far as a moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from models.activity import ActivityKind
from models.history import Change, kept_moves
from models.timeline import DealHistory, PastActivity, PastRevision, PastStep
from tests.scoring.simulation import DEMO, LEAD, LOST, OFFER, START, WON, a_deal, after, created, move


@dataclass(frozen=True)
class Event:
    """Something that happens to one of the deals; `pick` chooses among what is possible at that time."""

    at: datetime
    deal_id: int
    kind: str
    pick: int


CREATED = {1: START, 2: after(10), 3: after(40)}
"""When each of the deals of a team was added."""
KINDS = (
    *("move", "undo", "meeting", "note", "step", "step done"),
    *("close_date", "amount", "owner", "company", "source", "custom"),
)
MOMENTS = st.integers(0, 24 * 90).map(lambda hours: after(hours / 24))
EVENTS = st.lists(
    st.builds(
        Event,
        at=MOMENTS,
        deal_id=st.sampled_from(list(CREATED)),
        kind=st.sampled_from(KINDS),
        pick=st.integers(0, 999),
    ),
    max_size=40,
).map(lambda events: sorted(events, key=lambda event: event.at))


def lived(events: Sequence[Event], *, until: datetime) -> list[DealHistory]:
    """The deals of a team at a moment, kept as the domain keeps them: fields overwritten, what they were in revisions.

    What happens later is not cut off but never happens.
    """
    deals = {
        number: replace(a_deal(deal_id=number), created_at=born, moves=(created(at=born),))
        for number, born in CREATED.items()
        if born <= until
    }
    for event in events:
        if CREATED[event.deal_id] <= event.at <= until:
            deals[event.deal_id] = _after_event(deals[event.deal_id], event)
    return list(deals.values())


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
            return revise(revised, at, "close_date", old, day.isoformat() if day else "")
        case "amount":
            old = f"{deal.amount} {deal.currency}" if deal.amount is not None else ""
            amount = Decimal(pick) if pick % 3 else None
            currency = ("USD", "EUR")[pick % 2] if amount is not None else deal.currency
            revised = replace(deal, amount=amount, currency=currency)
            return revise(revised, at, "amount", old, f"{amount} {currency}" if amount is not None else "")
        case "owner":
            owner = ("", "1", "2")[pick % 3]
            revised = replace(deal, owner_id=int(owner) if owner else None)
            return revise(revised, at, "owner", str(deal.owner_id or ""), owner)
        case "company":
            company = ("", "Acme", "Globex")[pick % 3]
            return revise(replace(deal, company=company), at, "company", deal.company, company)
        case "source":
            return revise(replace(deal, source=text), at, "source", deal.source, text)
        case "custom":
            revised = replace(deal, custom={"Region": text} if text else {})
            return revise(revised, at, "custom:Region", str(deal.custom.get("Region", "")), text)
    return deal


def revise(deal: DealHistory, at: datetime, field: str, old: str, new: str) -> DealHistory:
    """The deal, with a note that one of its fields was written anew."""
    return replace(deal, revisions=(*deal.revisions, PastRevision(at, field, old, new)))
