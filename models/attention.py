"""Which deals deserve a look today: those that stall, those about to close, and those that are likely worth most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.deal import Deal
from models.score import Estimate
from models.workspace import Workspace

SOON = timedelta(days=7)


class Why(StrEnum):
    """Why a deal deserves a look; the first that holds is told."""

    CLOSE_DATE_PASSED = "close_date_passed"
    STALLED = "stalled"
    CLOSING_SOON = "closing_soon"
    VALUABLE = "valuable"


@dataclass(frozen=True)
class Look:
    """A deal to look at today. `expected` is its chance times its amount; None in a currency that is not the team's."""

    deal: Deal
    why: Why
    estimate: Estimate | None
    expected: Decimal | None


def worth_a_look(
    deals: Sequence[Deal], estimates: Mapping[int, Estimate], workspace: Workspace, *, at: datetime, most: int
) -> list[Look]:
    """Of the open deals given: first those with a cause, then others, each time by the value expected of them.

    Amounts in currencies other than the workspace's are not compared: such a deal is here only when it has a cause.
    """
    looks = [_look(deal, estimates.get(deal.id), workspace, at) for deal in deals]
    ranked = sorted(
        (look for look in looks if look.why is not Why.VALUABLE or look.expected),
        key=lambda look: (look.why is Why.VALUABLE, -(look.expected or 0), look.deal.id),
    )
    return ranked[:most]


def is_high_value(deal: Deal, workspace: Workspace) -> bool:
    """Whether the deal is worth the workspace's high-value amount; one in another currency is not compared."""
    return deal.amount is not None and deal.currency == workspace.currency and deal.amount >= workspace.high_value


def _look(deal: Deal, estimate: Estimate | None, workspace: Workspace, at: datetime) -> Look:
    expected = None
    if estimate is not None and deal.amount is not None and deal.currency == workspace.currency:
        expected = Decimal(estimate.probability) * deal.amount
    return Look(deal, _why(deal, workspace, at), estimate, expected)


def _why(deal: Deal, workspace: Workspace, at: datetime) -> Why:
    today = at.astimezone(ZoneInfo(workspace.time_zone)).date()
    if deal.close_date is not None and deal.close_date < today:
        return Why.CLOSE_DATE_PASSED
    if deal.is_stalled(at):
        return Why.STALLED
    if deal.close_date is not None and deal.close_date <= today + SOON:
        return Why.CLOSING_SOON
    return Why.VALUABLE
