"""What amounts were worth in a team's own currency on any day, at the rates that were known by then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from models.exchange import ExchangeRates
from models.pricing import Rates
from models.timeline import DealHistory
from models.workspace import Workspace


@dataclass(frozen=True)
class Conversion:
    """From other currencies into the team's own.

    Like all that is usual in a team, it goes by what was known before the day of a moment began (UTC): the day's own
    rate may come later than a score of that day. An amount that no rate leads from stays in its own currency, and is
    compared with its like only.
    """

    currency: str = ""
    rates: Rates = field(default_factory=lambda: Rates(()))

    def of(self, amount: Decimal, currency: str, at: datetime) -> tuple[Decimal, str]:
        """The amount, and the currency that it is in."""
        price = None
        if currency != self.currency:
            price = self.rates.price(currency, self.currency, at.astimezone(UTC).date() - timedelta(days=1))
        return (amount, currency) if price is None else (price.of(amount), self.currency)


OWN_CURRENCIES = Conversion()
"""Without rates: each amount in its own currency."""


def conversion_for(session: Session, workspace: Workspace, histories: Sequence[DealHistory]) -> Conversion:
    """By the workspace's rates for as long as it has had these deals."""
    begun = min((history.created_at.date() for history in histories), default=date.max)
    return Conversion(workspace.currency, ExchangeRates(session, workspace).since(begun))
