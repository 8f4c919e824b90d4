"""What a digest is made of beside the funnel itself: deals to look at, targets, and the forecast against them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.outlook import Outlook
from bot.say import Say
from bot.views.forecast import glance_line
from bot.views.targets import brief_line
from models.attainment import people_of, progress
from models.attention import SOON, Looks, worth_a_look, worth_most
from models.deals import Deals
from models.delays import Delay, Delays
from models.members import Members
from models.open_deals import OpenDeals
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.schedule import Topic
from models.target import Scope, Target
from models.workspace import Workspace
from scoring.glances import Glances

LOOKS = 8
"""Two of each kind."""
TARGETS = 6
_LOOKED_BACK = 3
"""How many periods before are told of."""


class Ground(Protocol):
    """A team at a moment, and whoever hears of it: a turn, or the occasion of a post."""

    @property
    def session(self) -> Session: ...
    @property
    def workspace(self) -> Workspace: ...
    @property
    def now(self) -> datetime: ...
    @property
    def say(self) -> Say: ...
    @property
    def deals(self) -> Deals: ...
    @property
    def open_deals(self) -> OpenDeals: ...
    @property
    def members(self) -> Members: ...
    @property
    def outlook(self) -> Outlook: ...


def pipeline_of(topic: Topic, ground: Ground) -> Pipeline | None:
    """The one that is named, or the default one."""
    pipelines = Pipelines(ground.session, ground.workspace).all()
    named = [each for each in pipelines if each.id == topic.pipeline_id]
    return next(iter(named or pipelines), None)


def people_in(topic: Topic, ground: Ground) -> frozenset[int] | None:
    """Whose deals it is about; None for everybody's."""
    return people_of(topic.scope, topic.owner_id, ground.members.all())


def delays(topic: Topic, pipeline: Pipeline, ground: Ground, *, since: datetime) -> list[Delay]:
    """The close dates that were put off since then."""
    known = Delays(ground.session, ground.workspace)
    return known.of(pipeline, people_in(topic, ground), since=since, until=ground.now)


def looks(topic: Topic, pipeline: Pipeline, ground: Ground, put_off: Sequence[Delay]) -> Looks:
    """The deals to look at today, with those whose close dates were put off: chosen by the chances that were last said,
    as there may be thousands, and told as they are now."""
    people, outlook, pricing, now = people_in(topic, ground), ground.outlook, ground.outlook.pricing, ground.now
    pieces = [each for each in ground.deals.open_pieces(pipeline=pipeline) if people is None or each.owner_id in people]
    prospects = outlook.prospects_of_open(pieces)
    by = {delay.deal.id: delay.by for delay in put_off}
    likely = worth_most(pieces, prospects, pricing, most=LOOKS)
    deals = [
        *ground.open_deals.to_look_through(pipeline, closing_by=pricing.today + SOON, at=now, besides=likely),
        *(delay.deal for delay in put_off),
    ]
    ids = {each.id for each in pieces}
    theirs = {deal.id: deal for deal in deals if deal.id in ids}
    found = worth_a_look(list(theirs.values()), prospects, pricing, by, at=now, most=LOOKS)
    return found.told(outlook.estimates([look.deal for look in found.shown]), outlook.bands)


def targets(topic: Topic, ground: Ground) -> list[str]:
    """Where the targets of those whom it is about stand, with the last periods before; of everybody's
    digest also those of teams."""
    workspace = ground.workspace
    found = progress(
        ground.session,
        workspace,
        ground.members.all(),
        at=ground.now,
        looking_back=_LOOKED_BACK,
        of=lambda target: _is_about(target, topic),
    )
    return [brief_line(each, workspace.currency, ground.say) for each in found[:TARGETS]]


def _is_about(target: Target, topic: Topic) -> bool:
    within = target.stage.pipeline_id if target.stage else target.pipeline_id
    if topic.pipeline_id is not None and within not in (None, topic.pipeline_id):
        return False
    if topic.owner_id is None:
        return target.scope is not Scope.REP
    return (target.scope, target.member_id) == (topic.scope, topic.owner_id)


def forecast(topic: Topic, pipeline: Pipeline, ground: Ground) -> str:
    """How the quarter is likely to end; nothing while the past is too short to say."""
    found = Glances(ground.session, ground.workspace, at=ground.now).of(topic, pipeline)
    if found.glance is None:
        return ""
    return glance_line(found.glance, ground.say, as_of=found.as_of, has_old_rates=found.has_old_rates)
