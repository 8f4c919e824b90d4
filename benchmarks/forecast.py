"""`python -m benchmarks.forecast` measures how often the 80 % range of a forecast has what is won in the end.

Forecasts are made anew, month by month and quarter by quarter, of what was known then: of simulated teams whose deals
move by a plain law, by a rich one, and by one of busy ends of quarters, and of the Maven data set, as a whole, by five
agents together and by each agent.

Since a range is easily right if it is wide, its width is told, too, and its score (Gneiting and Raftery 2007): the
width and ten times what the outcome is beyond it. Both are parts of what was won on average; less is better.
"""

import argparse
import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.__main__ import DATA
from models.course import spans_of
from models.deal import DealField
from models.forecast import Outcome
from models.history import Change
from models.known_deals import Selection
from models.period import Unit, whole_unit
from models.pipeline import StageKind
from models.pricing import Pricing, Rates
from models.timeline import DealHistory, PastMove, PastRevision, StageFacts
from scoring.forecasting import ForecastPast
from tests.scoring.funnel_law import PLAIN, RICH
from tests.scoring.truth import a_funnel

QUARTERLY = replace(PLAIN, season={month: (0.5, -0.3, 0.0)[month % 3] for month in range(1, 13)})
LAWS = {"plain law": PLAIN, "rich law": RICH, "ends of quarters": QUARTERLY}
SIZES = (400, 1500)
"""Deals that come in over the days of a simulated team."""
DAYS = 1000
POINTS = (0.0, 0.25, 0.5, 0.75)
"""How much of a period is over when it is forecast."""
FIRST_SEED = 100
_PERIODS = {Unit.MONTH: 12, Unit.QUARTER: 4}
_ENGAGING, _WON, _LOST = 1, 2, 3
_MAVEN = {
    _ENGAGING: StageFacts(_ENGAGING, 1, "Engaging", 0, StageKind.OPEN, None),
    _WON: StageFacts(_WON, 1, "Won", 1, StageKind.WON, None),
    _LOST: StageFacts(_LOST, 1, "Lost", 2, StageKind.LOST, None),
}


@dataclass(frozen=True)
class Held:
    """Forecasts of one kind: how many there were, of how many what was won was in the range or below it, and sums of
    what was won, of widths, and of what outcomes are beyond the range."""

    count: int = 0
    within: int = 0
    below: int = 0
    won: Decimal = Decimal(0)
    width: Decimal = Decimal(0)
    beyond: Decimal = Decimal(0)

    def with_one(self, outcome: Outcome) -> "Held":
        low, high, won = outcome.forecast.low, outcome.forecast.high, outcome.won
        return Held(
            self.count + 1,
            self.within + outcome.forecast.has(won),
            self.below + (won < low),
            self.won + won,
            self.width + high - low,
            self.beyond + max(low - won, won - high, Decimal(0)),
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="where the public sets lie")
    parser.add_argument("--teams", type=int, default=8, metavar="N", help="how many of each size")
    wanted = parser.parse_args()
    table = Table(title="How often the 80 % range held")
    for name in ("forecasts of", "period", "number", "within", "below", "above", "width", "score"):
        table.add_column(name, justify="left" if name in ("forecasts of", "period") else "right")
    for (name, unit), held in [*_simulated(wanted.teams).items(), *_of_maven(wanted.data / "maven-crm").items()]:
        above = held.count - held.within - held.below
        shares = [f"{number / held.count:.0%}" for number in (held.within, held.below, above)]
        scores = [f"{number / held.won:.2f}" for number in (held.width, held.width + 10 * held.beyond)]
        table.add_row(name, unit, str(held.count), *shares, *scores)
    Console().print(table)


def _simulated(teams: int) -> dict[tuple[str, Unit], Held]:
    found: dict[tuple[str, Unit], Held] = defaultdict(Held)
    for name, law in LAWS.items():
        for size in SIZES:
            for seed in range(FIRST_SEED, FIRST_SEED + teams):
                past = a_funnel(law, deals=size, over_days=DAYS, seed=seed).past()
                for unit, outcome in _outcomes(past.histories, past.stages, Selection(), ends=date(2026, 9, 1)):
                    key = f"{name}, {size:,} deals", unit
                    found[key] = found[key].with_one(outcome)
    return found


def _of_maven(folder: Path) -> dict[tuple[str, Unit], Held]:
    histories = list(_maven(folder))
    owners = sorted({each.owner_id for each in histories if each.owner_id is not None})
    fives = [owners[start : start + 5] for start in range(0, len(owners), 5)]
    asked = {
        "Maven": [Selection()],
        "Maven, five agents": [Selection(owner_ids=frozenset(each)) for each in fives],
        "Maven, each agent": [Selection(owner_ids=frozenset([each])) for each in owners],
    }
    found: dict[tuple[str, Unit], Held] = defaultdict(Held)
    for name, selections in asked.items():
        for selection in selections:
            for unit, outcome in _outcomes(histories, _MAVEN, selection, ends=date(2018, 1, 1)):
                found[name, unit] = found[name, unit].with_one(outcome)
    return found


def _outcomes(
    histories: Sequence[DealHistory], stages: Mapping[int, StageFacts], selection: Selection, *, ends: date
) -> Iterator[tuple[Unit, Outcome]]:
    """Of the periods before the one that has a day."""
    pricing = Pricing("USD", "UTC", ends, Rates(()))
    past = ForecastPast([list(spans_of(each)) for each in histories], stages, pricing, {})
    columns = past.columns(selection)
    for unit, most in _PERIODS.items():
        period = whole_unit(unit, ends, "UTC")
        for point in POINTS:
            at = period.start + (period.end - period.start) * point
            for outcome in past.outcomes(period, columns, at=at, most=most):
                yield unit, outcome


def _maven(folder: Path) -> Iterator[DealHistory]:
    """The deals that were engaged; what one is worth is known once it is won."""
    agents: dict[str, int] = {}
    with gzip.open(folder / "sales_pipeline.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            if not row["engage_date"]:
                continue
            begun = datetime.fromisoformat(row["engage_date"]).replace(tzinfo=UTC)
            moves = [PastMove(begun, Change.CREATED, None, _ENGAGING, None)]
            amount: Decimal | None = None
            revisions: tuple[PastRevision, ...] = ()
            if row["close_date"]:
                closed = datetime.fromisoformat(row["close_date"]).replace(tzinfo=UTC) + timedelta(hours=12)
                is_won = row["deal_stage"] == "Won"
                change, stage = (Change.WON, _WON) if is_won else (Change.LOST, _LOST)
                moves.append(PastMove(closed, change, _ENGAGING, stage, None))
                amount = Decimal(row["close_value"]) if is_won else None
                revisions = (PastRevision(closed, DealField.AMOUNT, "", f"{amount} USD"),) if is_won else ()
            yield DealHistory(
                deal_id=number,
                pipeline_id=1,
                created_at=begun,
                owner_id=agents.setdefault(row["sales_agent"], len(agents) + 1),
                company=row["account"],
                source="",
                amount=amount,
                currency="USD",
                close_date=None,
                custom={},
                moves=tuple(moves),
                revisions=revisions,
            )


if __name__ == "__main__":
    main()
