"""What a forecast says: what is won, what the open deals promise, how much that may come to, and how it went before.

Every sum is in the workspace's currency. The figure of each deal is rounded to the smallest coin before it is added,
so the sums of stages and of categories are the same to the coin. Lost deals are in none, omitted ones in none but
their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from moneyed import Money

from models.deal import ForecastCategory
from models.money import KeptMoney, rounded
from models.period import Period
from models.pricing import Unpriced

COMMIT_FROM, BEST_CASE_FROM = 0.7, 0.4
"""From which chance of winning on a category is suggested."""


def suggested(chance: float) -> ForecastCategory:
    """For a deal of which nobody has said how sure it is."""
    if chance >= COMMIT_FROM:
        return ForecastCategory.COMMIT
    return ForecastCategory.BEST_CASE if chance >= BEST_CASE_FROM else ForecastCategory.PIPELINE


@dataclass(frozen=True)
class OpenDeal:
    """An open deal: its amount and the currency that this is in (the workspace's where there is a rate; None without an
    amount), its chances of being won (in the end as deals of its stage are, in the end as the model says, and within a
    stretch as long as the rest of the period), and whether it is due in the period."""

    stage: str
    worth: Decimal | None
    currency: str
    by_stage: float
    by_model: float
    in_stretch: float
    is_due: bool = False
    said: str = ""

    @property
    def in_period(self) -> float:
        """What is won within the period is won: however often deals of its stage and due were won in earlier stretches,
        it is never more likely than to be won at all, by whichever chance that is told."""
        return min(self.in_stretch, self.by_stage, self.by_model)

    @property
    def category(self) -> ForecastCategory:
        return ForecastCategory(self.said) if self.said else suggested(self.by_model)


@dataclass(frozen=True)
class Promise:
    """Some open deals: how many, what they are worth, that weighted by each of their chances, and what those are worth
    that are to close within the period; and `apart`, by currencies, the same of those among them that have no rate."""

    count: int = 0
    amount: Decimal = Decimal(0)
    by_stage: Decimal = Decimal(0)
    by_model: Decimal = Decimal(0)
    in_period: Decimal = Decimal(0)
    due: Decimal = Decimal(0)
    apart: Mapping[str, "Promise"] = field(default_factory=dict)

    def __add__(self, other: "Promise") -> "Promise":
        nothing = Promise()
        return Promise(
            self.count + other.count,
            self.amount + other.amount,
            self.by_stage + other.by_stage,
            self.by_model + other.by_model,
            self.in_period + other.in_period,
            self.due + other.due,
            {
                code: self.apart.get(code, nothing) + other.apart.get(code, nothing)
                for code in {*self.apart, *other.apart}
            },
        )

    def sum_of(self, name: str) -> "Step":
        """One of the sums, and beside it what has no rate."""
        return Step(self.count, getattr(self, name), {code: getattr(each, name) for code, each in self.apart.items()})


def promise_of(deals: Iterable[OpenDeal], currency: str) -> Promise:
    total = Promise()
    for deal in deals:
        worth = deal.worth or Decimal(0)
        amount = rounded(worth, deal.currency)
        by_stage, by_model, in_period = (
            rounded(worth * Decimal(chance), deal.currency) for chance in (deal.by_stage, deal.by_model, deal.in_period)
        )
        one = Promise(1, amount, by_stage, by_model, in_period, amount if deal.is_due else Decimal(0))
        total += one if deal.currency == currency else Promise(1, apart={deal.currency: one})
    return total


@dataclass(frozen=True)
class Range:
    """What is won in a period in the end: less than `low` once in ten times, than `middle` every second time, and more
    than `high` once in ten times."""

    low: Decimal
    middle: Decimal
    high: Decimal

    def has(self, amount: Decimal) -> bool:
        return self.low <= amount <= self.high


@dataclass(frozen=True)
class Outcome:
    """A period that is over: what would have been forecast at the same point of it, and what was won; `apart`, by
    currencies, what was won without a rate, which neither of them knows of."""

    first: date
    last: date
    forecast: Range
    won: Decimal
    apart: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Slip:
    """By how many days deals are won after the first close date that they had: a quarter by `low` at most, half by
    `median`, three quarters by `high`; drawn to none while few deals have shown it."""

    low: float
    median: float
    high: float
    count: int


@dataclass(frozen=True)
class Step:
    """Some deals that came into the pipeline, left it or changed, and by how much it changed with them, in the
    workspace's currency and `apart` in those without a rate; and the ids of those that changed it most."""

    count: int = 0
    amount: Decimal = Decimal(0)
    apart: Mapping[str, Decimal] = field(default_factory=dict)
    largest: tuple[int, ...] = field(default=(), compare=False)

    def __add__(self, other: "Step") -> "Step":
        apart = {
            code: self.apart.get(code, Decimal(0)) + other.apart.get(code, Decimal(0))
            for code in {*self.apart, *other.apart}
        }
        return Step(self.count + other.count, self.amount + other.amount, apart)


@dataclass(frozen=True)
class Waterfall:
    """How the pipeline of a period came from one moment to another: the open deals that are to close within it; while
    it runs, also overdue ones and those without a date.

        before + new + joined + grown + shrunk + slipped + won + lost + left = now

    in amounts, where those of shrunk, slipped, won, lost and left are below zero. In counts, grown and shrunk count
    nothing and those that left are taken away. `joined` were reopened, moved into the period (or won in it before they
    were due), or handed over from others; `left` were handed over, omitted, or are to close before the period.
    """

    before: Step = Step()
    new: Step = Step()
    joined: Step = Step()
    grown: Step = Step()
    shrunk: Step = Step()
    slipped: Step = Step()
    won: Step = Step()
    lost: Step = Step()
    left: Step = Step()
    now: Step = Step()

    @property
    def steps(self) -> dict[str, Step]:
        """What leads from before to now."""
        return {name: step for name, step in vars(self).items() if name not in ("before", "now")}


@dataclass(frozen=True)
class Forecast:
    """The forecast of a period. `range` is None while the team's past is too short to learn from, or `knows_no_worth`
    of any deal that was won, without amounts or rates; `chance` is that of reaching the target, `scored` are the open
    deals whose own chance is known, `unpriced` the open and won ones that have no rate and are in no range."""

    period: Period
    currency: str
    won: Step
    stages: Mapping[str, Promise]
    categories: Mapping[ForecastCategory, Promise]
    suggested: int
    range: Range | None
    from_new: Decimal
    knows_no_worth: bool = False
    target: Money | None = None
    chance: float | None = None
    slip: Slip | None = None
    outcomes: tuple[Outcome, ...] = ()
    changes: Waterfall = field(default_factory=Waterfall)
    unpriced: tuple[Unpriced, ...] = ()
    without_amount: int = 0
    scored: int = 0

    @property
    def total(self) -> Promise:
        """All open deals that are not omitted."""
        return sum(self.stages.values(), Promise())

    def called(self, category: ForecastCategory) -> Step:
        """What is won, and what deals are worth that are to close within the period, of this and surer categories."""
        order = list(ForecastCategory)
        surer = order[: order.index(category) + 1]
        return sum((self.categories[each].sum_of("due") for each in surer), self.won)

    @property
    def hits(self) -> int:
        return sum(outcome.forecast.has(outcome.won) for outcome in self.outcomes)

    def money(self, amount: Decimal) -> Money:
        return Money(rounded(amount, self.currency), self.currency)


@dataclass(frozen=True)
class KeptPrice:
    """What one of a currency is worth in the workspace's, today or on the day that deals were won; None without a
    rate."""

    currency: str
    day: date | None
    worth: Decimal | None


@dataclass(frozen=True)
class Glance:
    """A forecast in short: what is won so far, what that may come to in the end, and how likely the target is; and what
    it was made of beside deals: whose they are (None for everybody's), and prices of other currencies."""

    period: Period
    currency: str
    won: Step
    range: Range
    target: KeptMoney | None = None
    chance: float | None = None
    unpriced: tuple[Unpriced, ...] = ()
    owner_ids: frozenset[int] | None = None
    prices: tuple[KeptPrice, ...] = ()


@dataclass(frozen=True)
class Hindsight:
    """A period that is over: the range that was forecast as it began, None while the past was too short for one, and
    what was won in it, None where deals of that time are not read any more; `unpriced` are the deals that were open as
    it began, have no rate, and are in no range."""

    period: Period
    currency: str
    won: Step | None
    range: Range | None = None
    target: Money | None = None
    unpriced: tuple[Unpriced, ...] = ()
