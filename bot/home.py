"""The Home tab: what needs a person today, what is to be done, their open deals by stage, a list to look through."""

from collections.abc import Sequence

from bot.gong import place_of_wins
from bot.home_state import HomeState, Tab
from bot.services import Turn
from bot.views.blocks import Block
from bot.views.home import PAGE, TASKS, Choice, DealPage, Mine, StageSum, home_tab, manager_tab
from bot.views.start import Start
from bot.views.targets import brief_line
from bot.views.team import team_settings, team_view
from models.attainment import progress
from models.attention import MUCH, SOON, Call, calls_for_attention
from models.deal import Deal
from models.member import Role
from models.period import Unit, whole_unit
from models.pipeline import Pipeline
from models.target import Scope
from models.team import workloads

TARGETS = 8
MOST_MOVED = 50


def home(turn: Turn, *, said: str = "") -> Block:
    """What the person sees there now; `said` is markup that tells what has just been done."""
    state = HomeState.of(turn.member)
    may_manage = turn.member.role is not Role.REP
    if state.tab is not Tab.MINE and may_manage:
        told = _settings(turn) if state.tab is Tab.SETTINGS else _team(turn)
        return manager_tab(told, tab=state.tab, say=turn.say, said=said)
    return home_tab(
        _mine(state, turn),
        now=turn.now,
        say=turn.say,
        targets=_targets(turn),
        said=said,
        start=_start(state, turn),
        may_manage=may_manage,
    )


def _team(turn: Turn) -> Sequence[Block]:
    """Those who report to a manager; to an admin, everybody."""
    me, period = turn.member, whole_unit(Unit.MONTH, turn.today, turn.workspace.time_zone)
    people = [each for each in turn.members.all() if me.role is Role.ADMIN or each.manager_id == me.id]
    chances, pricing = turn.outlook.chances_of_winning(), turn.exchange_rates.pricing(at=turn.now, since=period.first)
    found = workloads(people, turn.deals, turn.open_deals, chances, pricing, period=period, at=turn.now)
    return team_view(found, say=turn.say)


def _settings(turn: Turn) -> Sequence[Block]:
    wins_by = place_of_wins(turn.schedules.all())
    return team_settings(turn.workspace, turn.members.all(), turn.schedules.digests(), wins_by, turn.say)


def _start(state: HomeState, turn: Turn) -> Start | None:
    """None once the team has a digest and deals; its admins are asked who they are even then."""
    me = turn.member
    start = Start(
        is_known=state.introduced or me.manager is not None,
        has_digest=bool(turn.schedules.digests()),
        has_deals=turn.deals.has_any(),
        name=me.name,
        role=me.role,
        manager=me.manager.name if me.manager else "",
        may_choose_role=me.role is Role.ADMIN,
    )
    is_known = start.is_known or me.role is not Role.ADMIN
    return None if is_known and start.has_digest and start.has_deals else start


def _mine(state: HomeState, turn: Turn) -> Mine:
    me, pipelines = turn.member, turn.pipelines.all()
    stalled = turn.open_deals.stalled(turn.now, owner=me)
    return Mine(
        total=turn.open_deals.count(owner=me),
        stalled=len(stalled),
        calls=_calls(stalled, turn),
        tasks=turn.to_do.tasks(owner=me, limit=TASKS),
        tasks_in_all=turn.to_do.count(owner=me),
        stages=_stages(pipelines, turn),
        page=_page(state, pipelines, turn),
    )


def _calls(stalled: Sequence[Deal], turn: Turn) -> list[Call]:
    """Only deals with a cause are looked at: a rep may have thousands."""
    me = turn.member
    moved = {deal_id: by for deal_id, by in turn.outlook.moved(me).items() if abs(by) >= MUCH}
    found = [
        *(deal for _, deal in turn.to_do.tasks(owner=me, due=turn.today)),
        *turn.open_deals.closing(turn.outlook.pricing.today + SOON, owner=me),
        *stalled,
        *turn.deals.some(list(moved)[:MOST_MOVED]),
    ]
    deals = list({deal.id: deal for deal in found}.values())
    awake = [deal for deal in deals if deal.snoozed_until is None or deal.snoozed_until <= turn.now]
    return calls_for_attention(awake, moved, turn.outlook.pricing, today=turn.today, at=turn.now)


def _stages(pipelines: Sequence[Pipeline], turn: Turn) -> list[StageSum]:
    """Those in which the person has deals."""
    tallies = turn.funnel.open_by_stage(owner=turn.member, at=turn.now)
    return [
        StageSum(stage.name, each.name if len(pipelines) > 1 else "", tallies[stage.id])
        for each in pipelines
        for stage in each.stages
        if stage.id in tallies
    ]


def _page(state: HomeState, pipelines: Sequence[Pipeline], turn: Turn) -> DealPage:
    """What was chosen may be gone, as stages and pipelines change, and then is not chosen any more."""
    chosen = next((each for each in pipelines if each.id == state.pipeline), None)
    offered = [stage for each in ([chosen] if chosen else pipelines) for stage in each.stages if stage.is_open]
    stage = next((each for each in offered if each.id == state.stage), None)
    ids = turn.open_deals.ids(owner=turn.member, stage=stage, pipeline=chosen, words=state.search)
    if state.band:
        of_band = turn.outlook.in_band(state.band)
        ids = [deal_id for deal_id in ids if deal_id in of_band]
    number = min(state.page, max(0, len(ids) - 1) // PAGE)
    deals = turn.deals.some(ids[number * PAGE : (number + 1) * PAGE])
    return DealPage(
        deals=deals,
        prospects=turn.outlook.prospects(deals),
        bands=turn.outlook.bands,
        number=number,
        total=len(ids),
        stages=[Choice(each.id, each.name) for each in offered],
        pipelines=[Choice(each.id, each.name) for each in pipelines],
        stage=stage.id if stage else 0,
        pipeline=chosen.id if chosen else 0,
        band=state.band,
        search=state.search,
    )


def _targets(turn: Turn) -> list[str]:
    """Where the person's own targets stand, those of the team that they lead, and those of all, with the
    period before."""
    workspace, me = turn.workspace, turn.member.id
    found = progress(
        turn.session,
        workspace,
        turn.members.all(),
        at=turn.now,
        looking_back=1,
        of=lambda target: target.scope is Scope.WORKSPACE or target.member_id == me,
    )
    return [brief_line(each, workspace.currency, turn.say) for each in found[-TARGETS:]]
