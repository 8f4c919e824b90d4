"""What a report of leaks says: what each stage costs, where time goes, which loss reasons grow, what is out of line."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from models.period import Period
from models.pricing import Worth
from models.timeline import StageFacts


@dataclass(frozen=True)
class Leak:
    """What was lost out of a stage, or by an owner, in a period.

    lost
        The moves into lost, as the funnel report counts them.
    value
        Of the deals that stand lost by them at the period's end: amount × the stage's usual chance of winning, each
        converted at the rate of the day it was lost; neither a total nor unpriced where none of them has an amount.
    no_amount
        How many of those have no amount.
    reopened
        The losses that did not last until the period's end: the report's headline leaves them out.
    """

    lost: int
    value: Worth
    no_amount: int
    reopened: int


@dataclass(frozen=True)
class StageLeak:
    stage: StageFacts
    leak: Leak
    win_share: float | None
    """Of the closed deals that were ever in the stage, those that stand won."""
    days: float
    """What all deals spent in it in the period, in days."""
    days_share: float | None
    """Of the time spent in all open stages."""
    usual_share: float | None
    """The same in the year before the period."""


@dataclass(frozen=True)
class OwnerLeak:
    owner_id: int | None
    leak: Leak


@dataclass(frozen=True)
class ReasonGrowth:
    """A loss reason's losses among all, in the period, the one before it, and the year before the period."""

    reason: str
    lost: int
    of: int
    lost_before: int
    of_before: int
    lost_usually: int
    of_usually: int
    is_beyond_chance: bool
    stage: str
    """Where most of these losses were."""
    owner_id: int | None
    """Whose most of them were."""


@dataclass(frozen=True)
class Clue:
    """What the losses of the costliest stage have in common; of their value, or of their number where none is known.

    `share` went for `reason`; of that, `part` came with `value` in `field`, which `usual` of all deals that left the
    stage have. Without a field nothing stands out beyond chance.
    """

    stage: str
    reason: str
    share: float
    by_value: bool
    field: str = ""
    value: str = ""
    part: float = 0.0
    usual: float = 0.0


class Abnormal(StrEnum):
    ATTRITION = "attrition"
    SLOWDOWN = "slowdown"


@dataclass(frozen=True)
class Verdict:
    """The last three weeks of a stage against the year before them.

    Of attrition: `seen` of `among` deals that left it forward or lost were lost, `usual` as a share would be. Of
    slowdown: `seen` of `among` that stood in it left, `usual` as a number would have. `chance` is how often so much, or
    more, comes of chance alone; 1 where it is no more than usual.
    """

    kind: Abnormal
    stage: StageFacts
    seen: int
    among: int
    usual: float
    chance: float
    is_abnormal: bool


@dataclass(frozen=True)
class Watched:
    verdicts: tuple[Verdict, ...]
    too_young: tuple[StageFacts, ...]
    """Open stages whose history is too short to tell."""

    @property
    def abnormal(self) -> tuple[Verdict, ...]:
        return tuple(each for each in self.verdicts if each.is_abnormal)


@dataclass(frozen=True)
class WatchedWeek:
    """What the watch said at the end of a week's last day, as it does at every day's end: of the three weeks up to it.

    limit
        The number seen from which on the stage is out of line; None where none is, or the stage was too young to tell,
        which `is_told` says.
    """

    last_day: date
    verdict: Verdict
    limit: int | None
    is_told: bool

    @property
    def whole(self) -> float:
        """What its numbers are shares of: the deals that left, or would have at the usual pace."""
        return self.verdict.among if self.verdict.kind is Abnormal.ATTRITION else self.verdict.usual

    @property
    def share(self) -> float:
        return self.verdict.seen / self.whole

    @property
    def usual_share(self) -> float:
        return self.verdict.usual if self.verdict.kind is Abnormal.ATTRITION else 1.0

    @property
    def limit_share(self) -> float | None:
        return None if self.limit is None else self.limit / self.whole


@dataclass(frozen=True)
class OutOfLine:
    """A stage that is out of line, of which pipeline and since when, how it has done week by week, and what its losses
    have in common."""

    pipeline: str
    verdict: Verdict
    begun: datetime
    weeks: tuple[WatchedWeek, ...] = ()
    clue: Clue | None = None


@dataclass(frozen=True)
class Leaks:
    period: Period
    stages: tuple[StageLeak, ...]
    owners: tuple[OwnerLeak, ...]
    reasons: tuple[ReasonGrowth, ...]
    clue: Clue | None
    watched: Watched

    @property
    def is_by_value(self) -> bool:
        """Whether stages and owners are ranked by the value lost. Where one lost deal has no rate, nobody knows who
        lost most, and where no value is known neither: then they are ranked by the number of deals lost."""
        values = [each.leak.value for each in self.stages]
        return any(value.amount for value in values) and not any(value.unpriced for value in values)

    @property
    def ranked(self) -> list[StageLeak]:
        """The open stages, and others that deals were lost from, the costliest first."""
        shown = [each for each in self.stages if each.stage.is_open or each.leak.lost]
        return sorted(shown, key=lambda each: -self.size_of(each))

    def size_of(self, each: StageLeak) -> Decimal:
        """The value lost, or the number of deals."""
        return each.leak.value.amount if self.is_by_value else Decimal(each.leak.lost)

    @property
    def unpriced(self) -> int:
        """How many lost deals have an amount and no rate."""
        return sum(each.count for stage in self.stages for each in stage.leak.value.unpriced)

    @property
    def no_amount(self) -> int:
        """How many lost deals nobody has named an amount of."""
        return sum(stage.leak.no_amount for stage in self.stages)

    @property
    def is_empty(self) -> bool:
        return not any(each.days or each.leak.lost for each in self.stages)
