"""Forecasts what a team wins in a period, with how far off that may be, from the append-only history alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np
from moneyed import Money
from sqlalchemy.orm import Session

from models.attainment import goal_of, people_of
from models.course import Span, held_at, spans_of
from models.deal import ForecastCategory
from models.exchange import ExchangeRates
from models.forecast import Forecast, Glance, OpenDeal, Outcome, Range, Slip, Step, promise_of
from models.forecast_changes import DueDeals
from models.history import standings
from models.known_deals import Selection, stages_of
from models.members import Members
from models.model_version import Question
from models.money import rounded
from models.period import Period, Unit, whole_unit
from models.pipeline import StageKind
from models.pipelines import Pipelines
from models.pricing import Lot, Pricing
from models.target import Measure, Targets
from models.timeline import StageFacts
from models.timelines import Timelines
from models.workspace import Workspace
from scoring.arrays import Floats, Ints
from scoring.beliefs import believed_rates
from scoring.forecast_draws import Window, chances_in, draws_of, usual_slip
from scoring.forecast_spans import Spans, spans_in_columns, worth_of
from scoring.forecast_tries import Try, corrected
from scoring.funnel_statistics import quartiles
from scoring.rates import Rates

WEEK = timedelta(days=7)
_LOOKED_BACK = {Unit.MONTH: 12, Unit.QUARTER: 8}
"""How many forecasts of earlier periods are told of, at most."""
_REMEMBERED = {Unit.MONTH: 24, Unit.QUARTER: 12}
"""From how many the next one learns how far off it may be."""
_LOW, _MIDDLE, _HIGH = 10, 50, 90
_MOST = 100_000
"""Deals of which the past is read. More take minutes, and tell of years ago."""


@dataclass(frozen=True)
class ForecastPast:
    """The past of one pipeline, and what its open deals' chances of winning are said to be, by the deals' ids. Where it
    has very many, deals that were closed before `since` are left out."""

    deals: Sequence[list[Span]]
    stages: Mapping[int, StageFacts]
    pricing: Pricing
    chances: Mapping[int, float]
    since: datetime | None = None

    def forecast(
        self, period: Period, selection: Selection, *, at: datetime, target: Money | None = None, random_state: int = 0
    ) -> Forecast:
        """Of a whole month or quarter that runs or is still to come."""
        columns = spans_in_columns(self.deals, self.stages, selection, self.pricing, since=self.since)
        window = _window(period, at)
        draws = draws_of(columns, window, random_state=random_state)
        most = _LOOKED_BACK[period.unit] + _REMEMBERED[period.unit]
        tries = self._tries(period, columns, at=at, random_state=random_state, most=most)
        totals = None if draws is None else corrected(draws.all, tries[: _REMEMBERED[period.unit]])
        due = DueDeals(period, self._kinds, selection, at)
        open_deals = self._open_deals(chances_in(columns, window), due)
        counted = [deal for deal in open_deals if deal.category is not ForecastCategory.OMITTED]
        currency = self.pricing.currency
        goal = None if target is None else float(target.amount)
        return Forecast(
            period=period,
            currency=currency,
            won=self._won(selection, period, at),
            stages={
                stage.name: promise_of((deal for deal in counted if deal.stage == stage.name), currency)
                for stage in self.stages.values()
                if stage.is_open
            },
            categories={
                category: promise_of((deal for deal in open_deals if deal.category is category), currency)
                for category in ForecastCategory
            },
            suggested=sum(not deal.said for deal in open_deals),
            range=None if totals is None else _range(totals, currency),
            from_new=Decimal(0) if draws is None else rounded(Decimal(float(draws.others.mean())), currency),
            target=target,
            chance=None if totals is None or goal is None else float((totals >= goal).mean()),
            slip=self._slip(columns, at),
            outcomes=tuple(self._outcomes(tries, period.unit, _LOOKED_BACK[period.unit])),
            changes=due.changes(self.deals, since=at - WEEK, worth=self._worth_while_open),
            unpriced=self.pricing.unpriced(self._lots(selection, at)),
            without_amount=sum(span.fields.amount is None for span in self._open_spans(selection, at)),
            scored=sum(span.fields.deal_id in self.chances for span in self._open_spans(selection, at)),
        )

    def glance(
        self, period: Period, selection: Selection, *, at: datetime, target: Money | None = None, random_state: int = 0
    ) -> Glance | None:
        """The same range in short, without what takes longer; None while the past is too short."""
        columns = spans_in_columns(self.deals, self.stages, selection, self.pricing, since=self.since)
        draws = draws_of(columns, _window(period, at), random_state=random_state)
        if draws is None:
            return None
        most = _REMEMBERED[period.unit]
        totals = corrected(draws.all, self._tries(period, columns, at=at, random_state=random_state, most=most))
        return Glance(
            period=period,
            currency=self.pricing.currency,
            won=self._won(selection, period, at).amount,
            range=_range(totals, self.pricing.currency),
            target=target,
            chance=None if target is None else float((totals >= float(target.amount)).mean()),
        )

    def outcomes(
        self, period: Period, columns: Spans, *, at: datetime, most: int, random_state: int = 0
    ) -> list[Outcome]:
        """Earlier periods of the same kind, latest first, forecast anew at the same point of each, from what was known
        then alone."""
        needed = most + _REMEMBERED[period.unit]
        tries = self._tries(period, columns, at=at, random_state=random_state, most=needed)
        return self._outcomes(tries, period.unit, most)

    def _outcomes(self, tries: Sequence[Try], unit: Unit, most: int) -> list[Outcome]:
        """Each with the range that the tries before it would have given."""
        currency, remembered = self.pricing.currency, _REMEMBERED[unit]
        return [
            Outcome(
                each.first,
                each.last,
                _range(corrected(each.totals, tries[place + 1 : place + 1 + remembered]), currency),
                each.won,
            )
            for place, each in enumerate(tries[:most])
        ]

    def _tries(self, period: Period, columns: Spans, *, at: datetime, random_state: int, most: int) -> list[Try]:
        """Latest first."""
        found = []
        earlier, moment = period, at
        for _ in range(most):
            earlier = whole_unit(period.unit, earlier.first - timedelta(days=1), period.zone)
            moment = earlier.start + (at - period.start)
            if earlier.end > at:
                continue
            draws = draws_of(columns, _window(earlier, min(moment, earlier.end)), random_state=random_state)
            if draws is None:
                break
            won = columns.won_between(earlier.start.timestamp() - 1e-3, earlier.end.timestamp() - 1e-3)
            found.append(Try(earlier.first, earlier.last, draws.all, self._amount(won)))
        return found

    def _amount(self, places: Ints) -> Decimal:
        """What the deals of these spans were won for, by their places in the columns: to the cent, as it is told."""
        worths = (worth_of(self._spans[place], self.pricing, is_closed=True) for place in places.tolist())
        return sum((rounded(each or Decimal(0), self.pricing.currency) for each in worths), Decimal(0))

    @cached_property
    def _spans(self) -> list[Span]:
        return [span for spans in self.deals for span in spans]

    @cached_property
    def _kinds(self) -> dict[int, StageKind]:
        return {stage.id: stage.kind for stage in self.stages.values()}

    @cached_property
    def _by_stage(self) -> Rates:
        """Of the deals that are closed, by each open stage that they were ever in, but for moves that were undone: the
        share that was won."""
        visited, won = [], []
        for spans in self.deals:
            kind = self._kinds[spans[-1].stage_id]
            if kind is not StageKind.OPEN and spans[-1].closed_at is not None:
                stages = {each.stage_id for each in standings(spans[-1].fields.moves)}
                stages = {each for each in stages if self._kinds.get(each) is StageKind.OPEN}
                visited += [str(each) for each in stages]
                won += [kind is not StageKind.LOST] * len(stages)
        return believed_rates(Question.WON, self.stages).fit(visited, won)

    def _open_deals(self, in_period: Mapping[int, float], due: DueDeals) -> list[OpenDeal]:
        deals = []
        for place, spans in enumerate(self.deals):
            span = held_at(spans, due.at)
            if span is None or not self._is_open(span, due.selection):
                continue
            by_stage = self._by_stage.rate_of(str(span.stage_id))
            deals.append(
                OpenDeal(
                    stage=self.stages[span.stage_id].name,
                    worth=worth_of(span, self.pricing, is_closed=False),
                    by_stage=by_stage,
                    by_model=self.chances.get(span.fields.deal_id, by_stage),
                    in_period=in_period.get(place, 0.0),
                    is_due=due.is_due(span),
                    said=span.fields.forecast,
                )
            )
        return deals

    def _worth_while_open(self, span: Span) -> Decimal:
        return rounded(worth_of(span, self.pricing, is_closed=False) or Decimal(0), self.pricing.currency)

    def _is_open(self, span: Span, selection: Selection) -> bool:
        return self._kinds[span.stage_id] is StageKind.OPEN and selection.has(span.fields)

    def _open_spans(self, selection: Selection, at: datetime) -> list[Span]:
        held = [span for spans in self.deals if (span := held_at(spans, at)) is not None]
        return [span for span in held if self._is_open(span, selection)]

    def _lots(self, selection: Selection, at: datetime) -> list[Lot]:
        return [
            Lot(1, span.fields.currency, span.fields.amount)
            for span in self._open_spans(selection, at)
            if span.fields.amount is not None
        ]

    def _won(self, selection: Selection, period: Period, at: datetime) -> Step:
        total = Step()
        for spans in self.deals:
            span = held_at(spans, at)
            if span is None or self._kinds[span.stage_id] in (StageKind.OPEN, StageKind.LOST):
                continue
            if span.closed_at is not None and period.has(span.closed_at) and selection.has(span.fields):
                worth = worth_of(span, self.pricing, is_closed=True) or Decimal(0)
                total += Step(1, rounded(worth, self.pricing.currency))
        return total

    def _slip(self, columns: Spans, at: datetime) -> Slip | None:
        late, lasting = usual_slip(columns, at.timestamp())
        found = quartiles(late, lasting)
        count = len(late)
        if found.median is None:
            return None
        low, median, high = (
            0.0 if each is None else _drawn(each, count) for each in (found.low, found.median, found.high)
        )
        return Slip(low, median, max(high, median), count)


def forecast_past(
    session: Session, workspace: Workspace, pipeline_id: int, *, at: datetime, chances: Mapping[int, float]
) -> ForecastPast:
    """From the newest deals alone where there are very many; earlier forecasts then begin later, too."""
    timelines = Timelines(session, workspace)
    histories, since = timelines.lately_in_pipeline(pipeline_id, _MOST)
    deals = [list(spans_of(history)) for history in histories]
    first = min((spans[0].start for spans in deals), default=at)
    return ForecastPast(
        deals=deals,
        stages={each.id: each for each in stages_of(timelines.stages().values(), pipeline_id)},
        pricing=ExchangeRates(session, workspace).pricing(at=at, since=first.date()),
        chances=chances,
        since=since,
    )


def target_of(
    session: Session, workspace: Workspace, past: ForecastPast, period: Period, whose: Selection
) -> Money | None:
    """The amount that these people mean to win in the period: of this pipeline, else of all where it is the only one.
    None for some of their deals only."""
    if whose != Selection(owner_ids=whose.owner_ids):
        return None
    members, is_only = Members(session, workspace).all(), len(Pipelines(session, workspace).all()) == 1
    here = {stage.pipeline_id for stage in past.stages.values()}
    for target in sorted(Targets(session, workspace).on(period.last), key=lambda each: each.pipeline_id is None):
        is_here = target.pipeline_id in here or (target.pipeline_id is None and is_only)
        is_meant = target.measure is Measure.AMOUNT and target.unit is period.unit
        if is_meant and is_here and people_of(target.scope, target.member_id, members) == whose.owner_ids:
            goal = goal_of(target, past.pricing)
            return None if goal is None else Money(goal, workspace.currency)
    return None


def _drawn(days: float, count: int) -> float:
    return days * count / (count + 10)


def _window(period: Period, at: datetime) -> Window:
    whole = period.start.timestamp(), period.end.timestamp()
    last_day = period.last.toordinal()
    return Window(at.timestamp(), *whole, last_day)


def _range(totals: Floats, currency: str) -> Range:
    low, middle, high = (
        rounded(Decimal(float(each)), currency) for each in np.percentile(totals, (_LOW, _MIDDLE, _HIGH))
    )
    return Range(low, middle, high)
