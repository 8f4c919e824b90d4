"""`sluice rates` takes the exchange rates that the European Central Bank publishes into a workspace."""

from pathlib import Path
from typing import Annotated

from bot import operating
from bot.console import WorkspaceOption, configured_database, file_argument, out
from models.exchange import ExchangeRates
from models.importing_rates import read_rates
from models.members import Members
from models.workspace import workspace_of


def rates(
    file: Annotated[Path, file_argument(help="eurofxref.csv or its zip, or -hist.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Take in the European Central Bank's exchange rates, so that amounts in several currencies can be added up.

    The bank publishes a file of the day and one of all days since 1999, as CSV in a zip, which can stay zipped. A rate
    counts from its day on, for 92 days at most. The same file twice changes nothing. `/funnel set rate USD 0.92 EUR`
    gives a single rate.

    Examples:

    - `sluice rates eurofxref.zip`
    - `sluice rates eurofxref-hist.csv --workspace T0123ABCD`
    """
    found = read_rates(file)
    at = operating.now()
    with configured_database() as database:
        team_id = operating.chosen_workspace(database, workspace, may_be_new=True)
        with database.begin() as session:
            kept_by = workspace_of(session, team_id, at=at)
            own = ExchangeRates(session, kept_by)
            Members(session, kept_by).outdate_homes()
            kept = own.keep(found.rates)
            pricing, needed = own.pricing(at=at), own.needed()
    first, last = found.days
    currencies, days = len(found.currencies), f"{first} to {last}" if first != last else str(first)
    out.print(
        f"{file.name}: {kept.added:,} rates added, {kept.changed:,} changed, {kept.unchanged:,} unchanged "
        f"({currencies} {'currency' if currencies == 1 else 'currencies'} per euro, {days}).",
        soft_wrap=True,
        markup=False,
    )
    if found.left_out:
        out.print(f"Left out, as nobody pays in them today: {', '.join(found.left_out)}.", soft_wrap=True)
    unpriced = [code for code in needed if pricing.rates.price(code, pricing.currency, pricing.today) is None]
    if unpriced:
        out.print(
            f"Deals in {', '.join(unpriced)} have no rate in {pricing.currency} on {pricing.today} and are unpriced. "
            "`/funnel set rate` gives one.",
            soft_wrap=True,
            markup=False,
        )
