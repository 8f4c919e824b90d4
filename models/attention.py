"""Which deals deserve a look today: those that stall, those about to close, and those that are likely worth most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.bands import Band, Bands
from models.deal import Deal
from models.score import Estimate, Prospect
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
    """A deal to look at today; `expected` is its expected value, `band` where its chance stands in the team."""

    deal: Deal
    why: Why
    estimate: Estimate | None
    expected: Decimal | None
    band: Band | None


def worth_a_look(
    deals: Sequence[Deal],
    estimates: Mapping[int, Estimate],
    bands: Bands,
    workspace: Workspace,
    *,
    at: datetime,
    most: int,
) -> list[Look]:
    """Of the open deals given: first those with a cause, then others, each time by the value expected of them.

    Amounts in currencies other than the workspace's are not compared: such a deal is here only when it has a cause.
    """
    looks = [_look(deal, estimates.get(deal.id), bands, workspace, at) for deal in deals]
    ranked = sorted(
        (look for look in looks if look.why is not Why.VALUABLE or look.expected),
        key=lambda look: (look.why is Why.VALUABLE, -(look.expected or 0), look.deal.id),
    )
    return ranked[:most]


def by_expected_value(deals: Sequence[Deal], prospects: Mapping[int, Prospect], workspace: Workspace) -> list[Deal]:
    """The deals, those of the highest expected value first; then those that have none, furthest along first."""

    def place(deal: Deal) -> tuple[bool, Decimal, int, str, int]:
        expected = expected_value(deal, prospects.get(deal.id), workspace)
        return (expected is None, -(expected or Decimal(0)), -deal.stage.position, deal.name_key, deal.id)

    return sorted(deals, key=place)


def expected_value(deal: Deal, prospect: Prospect | None, workspace: Workspace) -> Decimal | None:
    """A deal's chance times its amount.

    None without a chance or an amount, and in a currency other than the workspace's, as amounts of different
    currencies are not compared.
    """
    if prospect is None or deal.amount is None or deal.currency != workspace.currency:
        return None
    return Decimal(prospect.chance) * deal.amount


def is_high_value(deal: Deal, workspace: Workspace) -> bool:
    """Whether the deal is worth the workspace's high-value amount; one in another currency is not compared."""
    return deal.amount is not None and deal.currency == workspace.currency and deal.amount >= workspace.high_value


def _look(deal: Deal, estimate: Estimate | None, bands: Bands, workspace: Workspace, at: datetime) -> Look:
    why = _why(deal, workspace, at)
    if estimate is None:
        return Look(deal, why, None, None, None)
    expected = expected_value(deal, estimate.prospect, workspace)
    return Look(deal, why, estimate, expected, bands.band_of(estimate.prospect.chance))


def _why(deal: Deal, workspace: Workspace, at: datetime) -> Why:
    today = at.astimezone(ZoneInfo(workspace.time_zone)).date()
    if deal.close_date is not None and deal.close_date < today:
        return Why.CLOSE_DATE_PASSED
    if deal.is_stalled(at):
        return Why.STALLED
    if deal.close_date is not None and deal.close_date <= today + SOON:
        return Why.CLOSING_SOON
    return Why.VALUABLE
