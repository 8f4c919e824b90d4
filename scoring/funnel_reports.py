"""Reports of a funnel for a period, a pipeline and some deals, made from the append-only history alone.

The same history gives the same figures: of a period that is over, whatever is moved or written later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.attainment import heads_of
from models.cohorts import cohorts_of, whole
from models.exchange import ExchangeRates
from models.funnel_figures import CohortView, Compared, Dimension, Figures, Part, PipelineFigures, Snapshot
from models.history import Change
from models.known_deals import Selection, known_before, stages_of
from models.members import Members
from models.period import Period
from models.pipeline import StageKind
from models.pricing import Pricing
from models.stage_flow import stage_flows, stays_begun
from models.timeline import DealHistory, StageFacts
from models.timelines import Timelines
from models.velocity import velocity_of
from models.workspace import Workspace, day_in
from scoring.breakdown import Breakdown, counted
from scoring.funnel_statistics import quartiles, ratio


@dataclass(frozen=True)
class FunnelPast:
    """The past of one pipeline: all its deals, its stages in their order, and what amounts were worth."""

    histories: Sequence[DealHistory]
    stages: Sequence[StageFacts]
    pricing: Pricing
    resting: Mapping[Period, Mapping[int, int]] = field(default_factory=dict)
    """How many deals stood won in each stage, by its id, all through a period, that are not among the histories."""
    heads: Mapping[int, int] = field(default_factory=dict)
    """Of each person the manager whose team they are in today."""

    def snapshot(self, period: Period, selection: Selection) -> Compared[Snapshot]:
        """What moved in the period, as it was known at its end."""
        return self._compared(lambda each: self._snapshot(each, selection), period)

    def cohorts(self, period: Period, selection: Selection, *, at: datetime) -> Compared[CohortView]:
        """What became of the deals that began in the period, until `at`.

        Earlier cohorts are followed for as long, not until today: they would look better for their age alone.
        """
        followed = at - period.end
        return self._compared(lambda each: self._cohorts(each, selection, each.end + followed), period)

    def parts(
        self, period: Period, selection: Selection, by: Dimension | str, *, cohort_at: datetime | None = None
    ) -> tuple[Compared[Part], ...]:
        """What the snapshot, or the cohort as it is known at a moment, is made up of."""
        followed = cohort_at - period.end if cohort_at else timedelta()
        told = self._compared(
            lambda each: counted(
                each,
                known_before(self.histories, each.end + followed, selection),
                is_cohort=cohort_at is not None,
            ),
            period,
        )
        stages = {stage.id: stage for stage in self.stages}
        return Breakdown(by, self.heads, stages, self.pricing).parts(told)

    def in_short(
        self, period: Period, selection: Selection, *, cohort_at: datetime | None = None
    ) -> Compared[PipelineFigures]:
        """What the snapshot, or the cohort as it is known at a moment, has in common with that of any pipeline."""
        followed = cohort_at - period.end if cohort_at else timedelta()
        stages = {stage.id: stage for stage in self.stages}

        def figures(each: Period) -> PipelineFigures:
            known = known_before(self.histories, each.end + followed, selection)
            these = counted(each, known, is_cohort=cohort_at is not None)
            velocity = velocity_of(
                these.deals if these.is_cohort else known, stages, these.closed_at, pricing=self.pricing
            )
            return PipelineFigures(
                period=each,
                begun=sum(each.has(deal.began_at) for deal in these.deals),
                win_rate=ratio(
                    velocity.won, velocity.won + velocity.lost, undecided=these.undecided(these.deals, stages)
                ),
                velocity=velocity,
                is_cohort=these.is_cohort,
                has_velocity=not these.is_cohort and len({stage.pipeline_id for stage in self.stages}) == 1,
            )

        return self._compared(figures, period)

    def _compared(self, figures_of: Callable[[Period], Figures], period: Period) -> Compared[Figures]:
        began_at = min((history.moves[0].at for history in self.histories), default=period.start)
        is_one = period.before() == period.year_before()
        before, year_before = (
            figures_of(each) if each and began_at <= each.start else None
            for each in (period.before(), None if is_one else period.year_before())
        )
        return Compared(figures_of(period), before, year_before, is_one)

    def _snapshot(self, period: Period, selection: Selection) -> Snapshot:
        ever_there = known_before(self.histories, period.end, selection, gone_since=period.start)
        deals = [deal for deal in ever_there if deal.left_at is None]
        by_id = {stage.id: stage for stage in self.stages}
        closed = [by_id[each.stage_id].kind for each in deals if each.closed_at and period.has(each.closed_at)]
        lost = closed.count(StageKind.LOST)
        won = len(closed) - lost
        return Snapshot(
            period=period,
            flows=stage_flows(ever_there, self.stages, period, self.resting.get(period, {})),
            days={
                stage_id: quartiles(stays.ended, stays.lasting)
                for stage_id, stays in stays_begun(ever_there, self.stages, period).items()
            },
            begun=sum(period.has(each.began_at) for each in deals),
            won=won,
            lost=lost,
            reopened=sum(
                move.change is Change.LOST and period.has(move.at) for deal in ever_there for move in deal.moves[:-1]
            ),
            win_rate=ratio(won, won + lost),
            velocity=velocity_of(deals, by_id, counted(period, deals, is_cohort=False).closed_at, pricing=self.pricing),
        )

    def _cohorts(self, period: Period, selection: Selection, at: datetime) -> CohortView:
        months = cohorts_of(known_before(self.histories, at, selection), self.stages, period)
        together = whole(months, self.stages)
        ways = tuple(stage for stage in self.stages if stage.kind is not StageKind.LOST)
        return CohortView(
            period=period,
            known_at=at,
            stages=ways,
            months=months,
            whole=together,
            conversions=tuple(
                ratio(together.onward[place], together.decided(place), undecided=together.undecided(place))
                for place, stage in enumerate(ways)
                if stage.is_open
            ),
            overall=ratio(together.won, together.won + together.lost, undecided=together.open),
        )


def funnel_past(
    session: Session,
    workspace: Workspace,
    pipeline_id: int,
    *,
    at: datetime,
    of: Period,
    selection: Selection | None = None,
) -> FunnelPast:
    """No more of it is read than counts for a period, for those beside it and for the deals selected."""
    timelines = Timelines(session, workspace)
    periods = (of, of.before(), of.year_before())
    histories = timelines.in_pipeline_within(pipeline_id, periods)
    resting: Mapping[Period, Mapping[int, int]] = {}
    if selection is None or selection == Selection():
        resting = dict(zip(periods, timelines.count_resting(pipeline_id, periods), strict=True))
    else:
        histories += timelines.resting(pipeline_id, periods)
    return _past_of(histories, session, workspace, pipeline_id, at=at, resting=resting)


def pipelines_past(
    session: Session, workspace: Workspace, pipeline_ids: Sequence[int], *, at: datetime, of: Period
) -> tuple[FunnelPast, dict[int, FunnelPast]]:
    """The past of several pipelines as if they were one, and each by its id."""
    timelines = Timelines(session, workspace)
    stages = timelines.stages().values()
    periods = (of, of.before(), of.year_before())
    histories = {each: timelines.in_pipeline_within(each, periods) for each in pipeline_ids}
    every = [history for of_one in histories.values() for history in of_one]
    whole = _past_of(every, session, workspace, pipeline_ids[0], at=at, resting={})
    apart = {each: replace(whole, histories=histories[each], stages=stages_of(stages, each)) for each in pipeline_ids}
    return replace(whole, stages=[stage for past in apart.values() for stage in past.stages]), apart


def funnel_past_since(
    session: Session, workspace: Workspace, pipeline_id: int, since: datetime, *, at: datetime
) -> FunnelPast:
    """Of the deals that are open, or moved from a moment on."""
    histories = Timelines(session, workspace).in_pipeline_since(pipeline_id, since)
    return _past_of(histories, session, workspace, pipeline_id, at=at, resting={})


def _past_of(
    histories: Sequence[DealHistory],
    session: Session,
    workspace: Workspace,
    pipeline_id: int,
    *,
    at: datetime,
    resting: Mapping[Period, Mapping[int, int]],
) -> FunnelPast:
    """With the exchange rates of all days on which one of the deals moved."""
    first = min((history.moves[0].at for history in histories), default=at)
    return FunnelPast(
        histories=histories,
        stages=stages_of(Timelines(session, workspace).stages().values(), pipeline_id),
        pricing=ExchangeRates(session, workspace).pricing(at=at, since=day_in(workspace.time_zone, first)),
        resting=resting,
        heads=heads_of(Members(session, workspace).all()),
    )
