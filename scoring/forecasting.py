"""Forecasts what a team wins in a period, with how far off that may be, from the append-only history alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from moneyed import Money
from sqlalchemy.orm import Session

from models.attainment import goal_of, people_of
from models.course import Span, held_at, spans_of
from models.deal import ForecastCategory
from models.exchange import ExchangeRates
from models.forecast import Forecast, Glance, Hindsight, KeptPrice, OpenDeal, Outcome, Step, promise_of
from models.forecast_changes import DueDeals
from models.history import standings
from models.known_deals import Selection, stages_of
from models.members import Members
from models.model_version import Question
from models.money import rounded
from models.period import Period
from models.pipeline import StageKind
from models.pipelines import Pipelines
from models.pricing import Lot, Pricing
from models.target import Measure, Targets
from models.timeline import StageFacts
from models.timelines import Timelines
from models.workspace import Workspace, day_in
from scoring.arrays import Floats, Ints
from scoring.beliefs import believed_rates
from scoring.features import identity
from scoring.forecast_draws import chances_in, draws_of
from scoring.forecast_spans import Spans, spans_in_columns, worth_of
from scoring.forecast_stretches import first_days_of, usual_slip
from scoring.forecast_tries import (
    LOOKED_BACK,
    REMEMBERED,
    Try,
    corrected,
    outcomes_of,
    range_of,
    tries_before,
    window_of,
)
from scoring.rates import Rates

WEEK = timedelta(days=7)
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

    def forecast(self, period: Period, selection: Selection, *, at: datetime, target: Money | None = None) -> Forecast:
        """Of a whole month or quarter that runs or is still to come."""
        columns = self.columns(selection)
        told, remembered = LOOKED_BACK[period.unit], REMEMBERED[period.unit]
        window, currency = window_of(period, at), self.pricing.currency
        draws = draws_of(columns, window)
        tries = self._tries(period, columns, at=at, most=told + remembered)
        totals = None if draws is None else corrected(draws.all, tries[:remembered])
        found = None if totals is None else range_of(totals, currency)
        due = DueDeals(period, self._kinds, selection, currency, at)
        open_spans = self._open_spans(selection, at)
        open_deals = self._open_deals(open_spans, chances_in(columns, window), due)
        spans = [span for span in open_spans.values() if span.fields.forecast != ForecastCategory.OMITTED]
        counted = [deal for deal in open_deals if deal.category is not ForecastCategory.OMITTED]
        won = self._won_spans(selection, period, at)
        return Forecast(
            period=period,
            currency=currency,
            won=self._together(won),
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
            range=found,
            knows_no_worth=columns.knows_no_worth(window.known),
            from_new=rounded(found.middle * Decimal(draws.share_of_others), currency)
            if found and draws
            else Decimal(0),
            target=target,
            chance=_chance_of(target, totals),
            slip=usual_slip(columns, window, first_days_of(columns, window.known)),
            outcomes=tuple(outcomes_of(tries, most=told, remembered=remembered, currency=currency)),
            changes=due.changes(self.deals, since=at - WEEK, worth=self._worth_while_open),
            unpriced=self.pricing.unpriced(self._lots(spans, won)),
            without_amount=sum(span.fields.amount is None for span in spans),
            scored=sum(span.fields.deal_id in self.chances for span in spans),
        )

    def glance(
        self, period: Period, selection: Selection, *, at: datetime, target: Money | None = None
    ) -> Glance | None:
        """The same range in short, without what takes longer; None while the past is too short."""
        columns = self.columns(selection)
        draws = draws_of(columns, window_of(period, at))
        if draws is None:
            return None
        tries = self._tries(period, columns, at=at, most=REMEMBERED[period.unit])
        totals = corrected(draws.all, tries)
        won = self._won_spans(selection, period, at)
        lots = self._lots(self._counted_spans(selection, at), won)
        return Glance(
            period=period,
            currency=self.pricing.currency,
            won=self._together(won),
            range=range_of(totals, self.pricing.currency),
            target=target,
            chance=_chance_of(target, totals),
            unpriced=self.pricing.unpriced(lots),
            owner_ids=selection.owner_ids,
            prices=prices_of(self.pricing, {(lot.currency, lot.closed_on) for lot in lots}),
        )

    def outcomes(self, period: Period, columns: Spans, *, at: datetime, most: int) -> list[Outcome]:
        """Earlier periods of the same kind, latest first, forecast anew at the same point of each, from what was known
        then alone."""
        remembered = REMEMBERED[period.unit]
        tries = self._tries(period, columns, at=at, most=most + remembered)
        return outcomes_of(tries, most=most, remembered=remembered, currency=self.pricing.currency)

    def hindsight(self, period: Period, selection: Selection, *, target: Money | None = None) -> Hindsight:
        """Of a month or quarter that is over: forecast anew from what was known as it began, and what was won by its
        end."""
        currency, unit = self.pricing.currency, period.unit
        if self.since and period.start < self.since:
            return Hindsight(period, currency, None, target=target)
        columns = self.columns(selection)
        draws = draws_of(columns, window_of(period, period.start))
        tries = self._tries(period, columns, at=period.start, most=REMEMBERED[unit])
        won = columns.won_between(period.start.timestamp() - 1e-3, period.end.timestamp() - 1e-3)
        found = None if draws is None else range_of(corrected(draws.all, tries), currency)
        unpriced = self.pricing.unpriced(self._lots(self._counted_spans(selection, period.start), []))
        return Hindsight(period, currency, self._amount(won), found, target, unpriced)

    def columns(self, selection: Selection) -> Spans:
        return spans_in_columns(self.deals, self.stages, selection, self.pricing, since=self.since)

    def _tries(self, period: Period, columns: Spans, *, at: datetime, most: int) -> list[Try]:
        """Without those whose wins lack a rate of their day that open deals have today: what was foreseen of them and
        what was won are not of the same deals."""
        tries = tries_before(period, columns, at=at, most=most, worth=self._amount)
        return [each for each in tries if not any(map(self._has_rate_today, each.won.apart))]

    def _has_rate_today(self, currency: str) -> bool:
        return self.pricing.worth_of_lot(Lot(1, currency, Decimal(1))) is not None

    def _amount(self, places: Ints) -> Step:
        """What the deals of these spans were won for, by their places in the columns: to the cent, as it is told."""
        return self._together([self._spans[place] for place in places.tolist()])

    def _together(self, won: Sequence[Span]) -> Step:
        total: dict[str, Decimal] = defaultdict(Decimal)
        for span in won:
            for code, amount in self._worth(span, is_closed=True).items():
                total[code] += amount
        own = total.pop(self.pricing.currency, Decimal(0))
        return Step(len(won), own, dict(total))

    def _worth(self, span: Span, *, is_closed: bool) -> dict[str, Decimal]:
        """To the smallest coin of the workspace's currency, or of its own where there is no rate; nothing without an
        amount."""
        if span.fields.amount is None:
            return {}
        worth = worth_of(span, self.pricing, is_closed=is_closed)
        code = span.fields.currency if worth is None else self.pricing.currency
        return {code: rounded(span.fields.amount if worth is None else worth, code)}

    @cached_property
    def _spans(self) -> list[Span]:
        return [span for spans in self.deals for span in spans]

    @cached_property
    def _kinds(self) -> dict[int, StageKind]:
        return {stage.id: stage.kind for stage in self.stages.values()}

    @cached_property
    def _by_stage(self) -> Rates:
        """Of the deals that are closed, by each open stage that they were ever in, but for moves that were undone: the
        share that was won. A figure of money should not leap with the first wins, so it is averaged."""
        visited, won = [], []
        for spans in self.deals:
            kind = self._kinds[spans[-1].stage_id]
            if kind is not StageKind.OPEN and spans[-1].closed_at is not None:
                stages = {each.stage_id for each in standings(spans[-1].fields.moves)}
                stages = {each for each in stages if self._kinds.get(each) is StageKind.OPEN}
                visited += [identity(each) for each in stages]
                won += [kind is not StageKind.LOST] * len(stages)
        return believed_rates(Question.WON, self.stages, is_averaged=True).fit(visited, won)

    def _open_spans(self, selection: Selection, at: datetime) -> dict[int, Span]:
        """How the deals stand that are open, by their places."""
        held = ((place, held_at(spans, at)) for place, spans in enumerate(self.deals))
        return {
            place: span
            for place, span in held
            if span is not None and self._kinds[span.stage_id] is StageKind.OPEN and selection.has(span.fields)
        }

    def _counted_spans(self, selection: Selection, at: datetime) -> list[Span]:
        """How those stand that are not omitted."""
        spans = self._open_spans(selection, at).values()
        return [span for span in spans if span.fields.forecast != ForecastCategory.OMITTED]

    def _open_deals(
        self, open_spans: Mapping[int, Span], in_stretch: Mapping[int, float], due: DueDeals
    ) -> list[OpenDeal]:
        deals = []
        for place, span in open_spans.items():
            by_stage = self._by_stage.rate_of(identity(span.stage_id))
            worth = worth_of(span, self.pricing, is_closed=False)
            is_unpriced = worth is None and span.fields.amount is not None
            deals.append(
                OpenDeal(
                    stage=self.stages[span.stage_id].name,
                    worth=span.fields.amount if is_unpriced else worth,
                    currency=span.fields.currency if is_unpriced else self.pricing.currency,
                    by_stage=by_stage,
                    by_model=self.chances.get(span.fields.deal_id, by_stage),
                    in_stretch=in_stretch.get(place, 0.0),
                    is_due=due.is_due(span),
                    said=span.fields.forecast,
                )
            )
        return deals

    def _worth_while_open(self, span: Span) -> dict[str, Decimal]:
        return self._worth(span, is_closed=False)

    def _won_spans(self, selection: Selection, period: Period, at: datetime) -> list[Span]:
        """How the deals stand that were won in the period."""
        return [
            span
            for spans in self.deals
            if (span := held_at(spans, at)) is not None
            and self._kinds[span.stage_id] not in (StageKind.OPEN, StageKind.LOST)
            and span.closed_at is not None
            and period.has(span.closed_at)
            and selection.has(span.fields)
        ]

    def _lots(self, open_spans: Iterable[Span], won: Iterable[Span]) -> list[Lot]:
        """The deals that have an amount, to be priced at today's rates or at those of the day each was won."""
        zone = self.pricing.time_zone
        days: list[tuple[Span, date | None]] = [(span, None) for span in open_spans]
        days += [(span, day_in(zone, span.closed_at)) for span in won if span.closed_at]
        return [
            Lot(1, span.fields.currency, span.fields.amount, day)
            for span, day in days
            if span.fields.amount is not None
        ]


def prices_of(pricing: Pricing, wanted: Iterable[tuple[str, date | None]]) -> tuple[KeptPrice, ...]:
    """Of currencies other than the workspace's, today or on a day."""
    return tuple(
        KeptPrice(code, day, pricing.worth_of_lot(Lot(1, code, Decimal(1), day)))
        for code, day in sorted(wanted, key=str)
        if code != pricing.currency
    )


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
    session: Session,
    workspace: Workspace,
    pipeline_id: int,
    period: Period,
    whose: Selection,
    *,
    at: datetime,
    together: bool = False,
) -> Money | None:
    """The amount that these people mean to win in the period: of one pipeline, else of all where it is the only one.
    Where there are several, that of all `together`, which none of them is held against alone. None for some of their
    deals only."""
    if whose != Selection(owner_ids=whose.owner_ids):
        return None
    members, is_only = Members(session, workspace).all(), len(Pipelines(session, workspace).all()) == 1
    for target in sorted(Targets(session, workspace).on(period.last), key=lambda each: each.pipeline_id is None):
        is_here = target.pipeline_id == pipeline_id and not together
        is_here = is_here or (target.pipeline_id is None and is_only is not together)
        is_meant = target.measure is Measure.AMOUNT and target.unit is period.unit
        if is_meant and is_here and people_of(target.scope, target.member_id, members) == whose.owner_ids:
            goal = goal_of(target, ExchangeRates(session, workspace).pricing(at=at, since=target.since))
            return None if goal is None else Money(goal, workspace.currency)
    return None


def _chance_of(target: Money | None, totals: Floats | None) -> float | None:
    return None if target is None or totals is None else float((totals >= float(target.amount)).mean())
