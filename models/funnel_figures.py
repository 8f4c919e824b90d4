"""What a funnel report says: a snapshot of a period, or its cohorts, beside the period before and last year's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from moneyed import Money

from models.cohorts import Cohort
from models.period import Period
from models.pricing import Worth
from models.stage_flow import StageFlow
from models.timeline import StageFacts
from models.velocity import Velocity


@dataclass(frozen=True)
class Ratio:
    """Hits among a count, as a share, with the interval that chance leaves open (Wilson's, 95 %)."""

    hits: int
    count: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.hits / self.count


@dataclass(frozen=True)
class Quartiles:
    """After how many days a quarter, half and three quarters have left a stage (Kaplan and Meier's estimate).

    None where so many have not left yet. `ended` and `lasting` say how many stays it is from.
    """

    low: float | None
    median: float | None
    high: float | None
    ended: int
    lasting: int


class Dimension(StrEnum):
    """What a report can be broken down by, beside the team's own fields."""

    OWNER = "owner"
    TEAM = "team"
    SOURCE = "source"
    COMPANY = "company"
    PIPELINE = "pipeline"
    """Whose stages differ, so that they stand beside each other by what means the same in all of them."""


@dataclass(frozen=True)
class Part:
    """The deals of a report that have one value of a field in common.

    `value` is the id of an owner or of a team's manager, or what was written in the field, empty for none; None for all
    values that are not shown by themselves. All parts together are the report's begun, won and lost.
    """

    value: int | str | None
    begun: int
    won: int
    lost: int
    win_rate: Ratio | None
    won_amount: Worth
    """At the rates of the days they were won."""


@dataclass(frozen=True)
class PipelineFigures:
    """What means the same in every pipeline, whatever its stages are, of a snapshot or of a cohort."""

    period: Period
    begun: int
    win_rate: Ratio | None
    velocity: Velocity
    """Its open deals are, of a cohort, its own."""
    is_cohort: bool
    has_velocity: bool
    """Neither a cohort has one nor several pipelines together, whose amounts and cycles are no average of any deal."""

    @property
    def is_empty(self) -> bool:
        return not self.begun + self.velocity.opportunities

    @property
    def a_day(self) -> Money | None:
        return self.velocity.a_day if self.has_velocity else None

    def part(self, name: str) -> Part:
        """As a part of the whole."""
        told = self.velocity
        return Part(name, self.begun, told.won, told.lost, self.win_rate, told.worth)


@dataclass(frozen=True)
class Snapshot:
    """All moves of one period, whichever deals made them: no shares of these are taken, since a deal that began in the
    period is not one that left a stage in it."""

    period: Period
    flows: tuple[StageFlow, ...]
    days: Mapping[int, Quartiles]
    """For each open stage's id, how long the stays that began in the period last."""
    begun: int
    """The deals that began."""
    won: int
    lost: int
    """The deals that were closed in the period and stand so at its end, in any currency."""
    reopened: int
    """The losses of the period that did not last until its end: in its stages' lost, and not in its own."""
    win_rate: Ratio | None
    """Won of those closed."""
    velocity: Velocity

    @property
    def is_empty(self) -> bool:
        """Whether no deal was there at all."""
        return not any(flow.at_start + flow.entered + flow.still_there for flow in self.flows) and not self.begun


@dataclass(frozen=True)
class CohortView:
    """The deals that began in one period, followed until a moment."""

    period: Period
    known_at: datetime
    stages: tuple[StageFacts, ...]
    """Those that are not lost, in their order."""
    months: tuple[Cohort, ...]
    whole: Cohort
    conversions: tuple[Ratio | None, ...]
    """For each open stage, moved on of decided."""
    overall: Ratio | None
    """Won of won and lost."""

    @property
    def is_empty(self) -> bool:
        return not self.whole.deals


Figures = TypeVar("Figures")


@dataclass(frozen=True)
class Compared(Generic[Figures]):
    """The figures of a period, beside those of the one before it and the same of last year.

    None where the history does not reach back to that period's beginning.
    """

    now: Figures
    before: Figures | None
    year_before: Figures | None
    is_one: bool = False
    """Whether the period before is the same of last year, as it is of a year; then `year_before` is not told."""

    @property
    def earlier(self) -> Sequence[Figures | None]:
        return (self.before,) if self.is_one else (self.before, self.year_before)

    @property
    def all(self) -> tuple[Figures, *tuple[Figures | None, ...]]:
        """In the order in which they stand beside each other."""
        return self.now, *self.earlier
