"""The forecast of the running quarter in short, as posts tell it: of a very large pipeline as it was in the night."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from moneyed import Money
from sqlalchemy.orm import Session

from models.attainment import people_of
from models.exchange import ExchangeRates
from models.forecast import Glance
from models.kept_forecast import KeptForecasts
from models.known_deals import Selection
from models.members import Members
from models.period import Unit, whole_unit
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.schedule import Schedules, Topic
from models.workspace import Workspace, day_in
from scoring.forecasting import ForecastPast, forecast_past, prices_of, target_of

_Work = Callable[[], Glance | None]


@dataclass(frozen=True)
class Dated:
    """A forecast in short, None while the past is too short; where it was kept, since when, and whether exchange rates
    have changed meanwhile."""

    glance: Glance | None
    as_of: datetime | None = None
    has_old_rates: bool = False


class Glances:
    """Of one workspace at a moment."""

    def __init__(self, session: Session, workspace: Workspace, *, at: datetime) -> None:
        self._session = session
        self._workspace = workspace
        self._at = at
        self._quarter = whole_unit(Unit.QUARTER, day_in(workspace.time_zone, at), workspace.time_zone)

    def of(self, topic: Topic, pipeline: Pipeline) -> Dated:
        """Of the topic's deals in this pipeline. What was kept is told while the target and whose deals they are stay
        the same."""
        about = replace(topic, pipeline_id=pipeline.id)
        kept = KeptForecasts(self._session, self._workspace).of(about, self._quarter, at=self._at)
        whose = self._whose(about)
        if not kept or (kept.glance.owner_ids, kept.glance.target) != (whose.owner_ids, self._target(pipeline, whose)):
            return Dated(self._work(about, pipeline, self._past(pipeline))())
        rates = ExchangeRates(self._session, self._workspace).pricing(at=self._at, since=self._quarter.first)
        prices = prices_of(rates, ((each.currency, each.day) for each in kept.glance.prices))
        return Dated(kept.glance, as_of=kept.at, has_old_rates=prices != kept.glance.prices)

    def to_keep(self) -> Callable[[], dict[Topic, Glance]]:
        """Of each large pipeline as a whole, and of what digests are about in it. Reads now, and thinks when called."""
        kept = KeptForecasts(self._session, self._workspace)
        topics = [each.topic for each in Schedules(self._session, self._workspace).digests()]
        works: dict[Topic, _Work] = {}
        for pipeline in Pipelines(self._session, self._workspace).all():
            if kept.are_for(pipeline.id):
                past = self._past(pipeline)
                named = (pipeline.id, None) if pipeline.is_default else (pipeline.id,)
                here = [replace(each, pipeline_id=pipeline.id) for each in topics if each.pipeline_id in named]
                works |= {about: self._work(about, pipeline, past) for about in {Topic(pipeline.id), *here}}
        return lambda: {about: glance for about, work in works.items() if (glance := work())}

    def _past(self, pipeline: Pipeline) -> ForecastPast:
        return forecast_past(self._session, self._workspace, pipeline.id, at=self._at, chances={})

    def _work(self, about: Topic, pipeline: Pipeline, past: ForecastPast) -> _Work:
        whose = self._whose(about)
        target = self._target(pipeline, whose)
        return lambda: past.glance(self._quarter, whose, at=self._at, target=target)

    def _whose(self, about: Topic) -> Selection:
        members = Members(self._session, self._workspace).all()
        return Selection(owner_ids=people_of(about.scope, about.owner_id, members))

    def _target(self, pipeline: Pipeline, whose: Selection) -> Money | None:
        return target_of(self._session, self._workspace, pipeline.id, self._quarter, whose, at=self._at)
