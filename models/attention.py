"""Which deals deserve a look today: those likely worth most, those whose close dates slipped, those that stall, and
those about to close."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from heapq import nsmallest
from itertools import zip_longest
from math import ceil

from models.bands import Band, Bands
from models.deal import Deal
from models.deals import Piece
from models.pricing import Lot, Pricing, Valued
from models.score import Estimate, Prospect
from models.workspace import Workspace

SOON = timedelta(days=7)
MUCH = 0.1
"""A chance that moved by as much within a week is worth a look."""


class Why(StrEnum):
    """Why a deal deserves a look."""

    CLOSE_DATE_PASSED = "close_date_passed"
    STALLED = "stalled"
    CLOSING_SOON = "closing_soon"
    PUT_OFF = "put_off"
    VALUABLE = "valuable"
    DUE = "due"
    SCORE_MOVED = "score_moved"


_CALLS = (Why.DUE, Why.CLOSE_DATE_PASSED, Why.STALLED, Why.CLOSING_SOON, Why.SCORE_MOVED)


_IN_TURN = ({Why.CLOSE_DATE_PASSED, Why.PUT_OFF}, {Why.STALLED}, {Why.CLOSING_SOON})


@dataclass(frozen=True)
class Look:
    """A deal to look at today; VALUABLE is told where there is no other cause. `expected` is its expected value,
    `put_off_by` by how much later it is to close than it was, `band` where its chance stands in the team."""

    deal: Deal
    whys: tuple[Why, ...]
    expected: Decimal | None
    put_off_by: timedelta = timedelta()
    estimate: Estimate | None = None
    band: Band | None = None


@dataclass(frozen=True)
class Looks:
    """The deals to look at today, and how many others there is a cause for."""

    shown: tuple[Look, ...]
    more: int

    def told(self, estimates: Mapping[int, Estimate], bands: Bands) -> "Looks":
        """With what the scorer says of those that are shown."""
        shown = []
        for look in self.shown:
            said = estimates.get(look.deal.id)
            band = bands.band_of(said.prospect.chance) if said else None
            shown.append(replace(look, estimate=said, band=band))
        return replace(self, shown=tuple(shown))


def worth_a_look(
    deals: Sequence[Deal],
    prospects: Mapping[int, Prospect],
    pricing: Pricing,
    put_off: Mapping[int, timedelta] | None = None,
    *,
    at: datetime,
    most: int,
) -> Looks:
    """Of the open deals given, in turn one of the highest expected value, one whose close date slipped, one that stalls
    and one about to close, of each kind first what is worth most; so no kind crowds out another.

    Amounts are compared in the workspace's currency; an unpriced deal is here only when it has a cause. `put_off` is by
    how much close dates were put off.
    """
    looks = [_look(deal, prospects.get(deal.id), pricing, (put_off or {}).get(deal.id), at=at) for deal in deals]
    ranked = sorted(looks, key=lambda look: (-(look.expected or 0), look.deal.id))
    kinds = [
        [look for look in ranked if look.expected],
        *([look for look in ranked if kind.intersection(look.whys)] for kind in _IN_TURN),
    ]
    in_turn = {look.deal.id: look for turn in zip_longest(*kinds) for look in turn if look}
    found = list(in_turn.values())
    return Looks(tuple(found[:most]), sum(Why.VALUABLE not in look.whys for look in found[most:]))


def worth_most(pieces: Iterable[Piece], prospects: Mapping[int, Prospect], pricing: Pricing, *, most: int) -> list[int]:
    """The ids of the open deals of the highest expected value, those that have one."""
    expected = ((expected_value(each, prospects.get(each.id), pricing), each.id) for each in pieces)
    return [deal_id for _, deal_id in nsmallest(most, ((-value, deal_id) for value, deal_id in expected if value))]


@dataclass(frozen=True)
class Call:
    """A deal that calls for its owner today, for at least one cause; `by` is how much its chance has moved in a week,
    None where unknown."""

    deal: Deal
    whys: tuple[Why, ...]
    by: float | None = None


def calls_for_attention(
    deals: Sequence[Deal], moved: Mapping[int, float], pricing: Pricing, *, today: date, at: datetime
) -> list[Call]:
    """Of an owner's deals those with a cause: a task that is due, a close date, silence, or a chance that moved.

    `moved` is by how much chances moved; `today` is the owner's. By the first cause of each, then what is worth
    most first.
    """
    calls = [Call(deal, whys, moved.get(deal.id)) for deal in deals if (whys := _whys(deal, moved, today, at))]
    return sorted(
        calls, key=lambda call: (_CALLS.index(call.whys[0]), -(pricing.worth_of(call.deal) or 0), call.deal.id)
    )


def by_expected_value(deals: Sequence[Deal], prospects: Mapping[int, Prospect], pricing: Pricing) -> list[Deal]:
    """The deals, those of the highest expected value first; then those that have none, furthest along first."""

    def place(deal: Deal) -> tuple[bool, Decimal, int, str, int]:
        expected = expected_value(deal, prospects.get(deal.id), pricing)
        return (expected is None, -(expected or Decimal(0)), -deal.stage.position, deal.name_key, deal.id)

    return sorted(deals, key=place)


def expected_value(deal: Valued, prospect: Prospect | None, pricing: Pricing) -> Decimal | None:
    """A deal's chance times what it is worth in the workspace's currency.

    None without a chance or an amount, and for an amount that there is no exchange rate for.
    """
    worth = pricing.worth_of(deal)
    return None if prospect is None or worth is None else Decimal(prospect.chance) * worth


def high_value_from(workspace: Workspace, open_pieces: Iterable[Piece], pricing: Pricing) -> Decimal:
    """From which worth on a deal is of high value: the workspace's amount, or that of the top share of what is open."""
    if not workspace.high_value_top:
        return workspace.high_value
    lots = [Lot(1, piece.currency, piece.amount) for piece in open_pieces if piece.amount is not None]
    worths = sorted((worth for lot in lots if (worth := pricing.worth_of_lot(lot)) is not None), reverse=True)
    if not worths:
        return workspace.high_value
    return worths[ceil(len(worths) * workspace.high_value_top / 100) - 1]


def is_high_value(deal: Deal, least: Decimal, pricing: Pricing) -> bool:
    """Whether the deal is worth that much; nobody knows that of one that is unpriced."""
    worth = pricing.worth_of(deal)
    return worth is not None and worth >= least


def _look(deal: Deal, prospect: Prospect | None, pricing: Pricing, put_off: timedelta | None, *, at: datetime) -> Look:
    causes = [*_causes(deal, pricing.today, at), *([Why.PUT_OFF] if put_off else [])]
    expected = expected_value(deal, prospect, pricing)
    return Look(deal, tuple(causes or [Why.VALUABLE]), expected, put_off or timedelta())


def _whys(deal: Deal, moved: Mapping[int, float], today: date, at: datetime) -> tuple[Why, ...]:
    due = [Why.DUE] if deal.due_by(today) else []
    if not deal.is_open:
        return tuple(due)
    has_moved = [Why.SCORE_MOVED] if abs(moved.get(deal.id, 0)) >= MUCH else []
    return (*due, *_causes(deal, today, at), *has_moved)


def _causes(deal: Deal, today: date, at: datetime) -> list[Why]:
    has_passed = deal.close_date is not None and deal.close_date < today
    is_soon = deal.close_date is not None and today <= deal.close_date <= today + SOON
    found = {Why.CLOSE_DATE_PASSED: has_passed, Why.STALLED: deal.is_stalled(at), Why.CLOSING_SOON: is_soon}
    return [why for why, holds in found.items() if holds]
