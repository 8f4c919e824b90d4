"""What a person sees on the bot's Home tab: what needs them today first, then all their deals, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.home_state import Tab
from bot.say import Markup, Say, escaped
from bot.views.blocks import (
    Block,
    Element,
    actions,
    button,
    context,
    cut,
    divider,
    header,
    home,
    option,
    paragraphs,
    search_field,
    section,
    select,
)
from bot.views.buttons import (
    add_button,
    advance_button,
    button_value,
    lost_button,
    note_button,
    notifications_button,
    show_button,
    snooze_menu,
)
from bot.views.deals import deal_row
from bot.views.help import deal_help
from bot.views.playbook import task_line
from bot.views.start import Start, start_guide
from models.activity import Task
from models.attention import Call, Why
from models.bands import Band, Bands
from models.deal import Deal
from models.score import Prospect
from models.tally import Tally

CALLS = 7
TASKS = 8
PAGE = 15
STAGES = 20
MOST = 40
"""Slack would take more choices in a menu, but not a view of 250 KB; longer names are cut to `NAME` there."""
NAME = 30
_ALL = "0"


@dataclass(frozen=True)
class StageSum:
    """A person's open deals in one stage; the pipeline is named where there are several."""

    name: str
    pipeline: str
    tally: Tally


@dataclass(frozen=True)
class Choice:
    """A stage or a pipeline that the list can be narrowed to."""

    id: int
    name: str


@dataclass(frozen=True)
class DealPage:
    """One page of the deals that were chosen, of which there are `total`, and what was chosen; 0 is all."""

    deals: Sequence[Deal]
    prospects: Mapping[int, Prospect]
    bands: Bands
    number: int
    total: int
    stages: Sequence[Choice] = ()
    pipelines: Sequence[Choice] = ()
    stage: int = 0
    pipeline: int = 0
    band: Band | None = None
    search: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.stage or self.pipeline or self.band or self.search)


@dataclass(frozen=True)
class Mine:
    """A person's own work: how many open deals there are, what calls for them today, what is to be done."""

    total: int
    stalled: int
    calls: Sequence[Call]
    tasks: Sequence[tuple[Task, Deal]]
    tasks_in_all: int
    stages: Sequence[StageSum]
    page: DealPage


def home_tab(
    mine: Mine,
    *,
    now: datetime,
    say: Say,
    targets: Sequence[str] = (),
    said: str = "",
    start: Start | None = None,
    may_manage: bool = False,
) -> Block:
    """`start` is there until a new team has begun. `said` is markup that tells what has just been done; `targets` are
    lines that tell where the person's stand."""
    today = now.astimezone(ZoneInfo(say.time_zone)).date()
    return home(
        [
            *([context(said)] if said else []),
            *(start_guide(start, say) if start else []),
            actions(
                add_button(say),
                notifications_button(say),
                *(_tabs(Tab.MINE, say) if may_manage else []),
                block_id="home-tabs",
            ),
            *_attention(mine, today, say),
            *_tasks(mine, today, say),
            *([section("\n".join([say("targets.title"), *targets]))] if targets else []),
            *_stages(mine, say),
            *_list(mine, now, say),
            divider(),
            *deal_help(say, open_deals=mine.total, stalled=mine.stalled),
        ]
    )


def manager_tab(told: Sequence[Block], *, tab: Tab, say: Say, said: str = "") -> Block:
    """What managers see instead of their own deals: their people, or the settings."""
    return home([*([context(said)] if said else []), actions(*_tabs(tab, say), block_id="home-tabs"), *told])


def _tabs(now: Tab, say: Say) -> Iterator[Element]:
    for tab in Tab:
        if tab is not now:
            yield button(say.plain(f"home.tab.{tab}"), f"home.{tab}", tab)


def _attention(mine: Mine, today: date, say: Say) -> Iterator[Block]:
    yield header(say.plain("home.attention"))
    if not mine.calls:
        yield section(say("home.nothing_waits"))
    for call in mine.calls[:CALLS]:
        task = _due(call, today)
        yield section(_call(call, task, today, say), accessory=show_button(call.deal, say))
        yield actions(*_call_buttons(call.deal, task, say), block_id=f"deal-{call.deal.id}")
    if (more := len(mine.calls) - CALLS) > 0:
        yield context(say("list.and_more", count=more))


def _due(call: Call, today: date) -> Task | None:
    """Of what is due the next step, or what is to be done first."""
    due = call.deal.due_by(today)
    return next((task for task in due if task.is_next_step), due[0] if due else None)


def _call(call: Call, task: Task | None, today: date, say: Say) -> str:
    deal = call.deal
    head = [say("deal.line", name=deal.name, stage=deal.stage.name)]
    if deal.money:
        head.append(say("stalled.amount", amount=deal.money))
    due = [task_line(task, today, say)] if task else []
    return "\n".join([" · ".join(head), *due, *(_cause(why, call, say) for why in call.whys if why is not Why.DUE)])


def _cause(why: Why, call: Call, say: Say) -> str:
    points = round(abs(call.by or 0) * 100)
    key = "score_fell" if why is Why.SCORE_MOVED and (call.by or 0) < 0 else why
    return say(f"look.{key}", date=call.deal.close_date, count=points)


def _call_buttons(deal: Deal, task: Task | None, say: Say) -> Iterator[Element]:
    if task:
        yield _tick(deal, task, say)
    if (advance := advance_button(deal, say)) is not None:
        yield advance
    yield note_button(deal, say)
    yield snooze_menu(deal, say)
    if deal.is_open:
        yield lost_button(deal, say)


def _tick(deal: Deal, task: Task, say: Say) -> Element:
    label = say.plain("button.done_label", task=task.text)
    return button(say.plain("button.done"), "home.tick", button_value(deal, str(task.id)), label=label)


def _tasks(mine: Mine, today: date, say: Say) -> Iterator[Block]:
    """What is due first of a deal stands above already."""
    above = [task for call in mine.calls[:CALLS] if (task := _due(call, today))]
    shown = [(task, deal) for task, deal in mine.tasks if task not in above]
    if not shown:
        return
    yield header(say.plain("home.tasks"))
    for task, deal in shown:
        told = say("task.of_deal", name=deal.name, task=Markup(task_line(task, today, say)))
        yield section(told, accessory=_tick(deal, task, say))
    if (more := mine.tasks_in_all - len(shown) - len(above)) > 0:
        yield context(say("list.and_more", count=more))


def _stages(mine: Mine, say: Say) -> Iterator[Block]:
    if mine.stages:
        yield header(say.plain("home.pipeline", count=mine.total))
        yield from paragraphs([_stage(each, say) for each in mine.stages[:STAGES]])
        if (more := len(mine.stages) - STAGES) > 0:
            yield context(say("list.and_more", count=more))


def _stage(each: StageSum, say: Say) -> str:
    key = "home.stage_of" if each.pipeline else "home.stage"
    line = say(key, stage=cut(each.name, 60), pipeline=cut(each.pipeline, NAME), count=each.tally.count)
    return f"{line} · {escaped(' + '.join(map(say.compact, each.tally.told)))}" if each.tally.told else line


def _list(mine: Mine, now: datetime, say: Say) -> Iterator[Block]:
    page = mine.page
    if not mine.total:
        return
    yield header(say.plain("home.title"))
    yield actions(*_filters(page, say), block_id="home-filters")
    yield search_field("home.search", say.plain("home.search"), hint=say.plain("home.search_hint"), value=page.search)
    if not page.deals:
        yield section(say("home.none_fit"))
    for deal in page.deals:
        yield deal_row(deal, page.prospects.get(deal.id), page.bands, now, say)
    first = page.number * PAGE
    if page.total:
        yield context(say("home.page", first=first + 1, last=first + len(page.deals), total=page.total))
    if turns := list(_turns(page, say)):
        yield actions(*turns, block_id="home-pages")


def _filters(page: DealPage, say: Say) -> Iterator[Element]:
    """A menu of one choice is none."""
    if len(page.pipelines) > 1:
        yield _menu("home.pipeline", say.plain("home.every_pipeline"), page.pipelines, page.pipeline)
    yield _menu("home.stage", say.plain("home.every_stage"), page.stages, page.stage)
    bands = [option(say.plain("home.every_band"), _ALL), *(option(say.plain(f"band.{each}"), each) for each in Band)]
    chosen = next((each for each in bands if each["value"] == page.band), bands[0])
    yield select(say.plain("home.every_band"), "home.band", bands, chosen=chosen)
    if page.is_narrowed:
        yield button(say.plain("home.clear"), "home.clear", "all")


def _menu(action_id: str, every: str, choices: Sequence[Choice], chosen: int) -> Element:
    options = [option(every, _ALL), *(option(cut(each.name, NAME), str(each.id)) for each in choices)][:MOST]
    first = next((each for each in options if each["value"] == str(chosen)), options[0])
    return select(every, action_id, options, chosen=first)


def _turns(page: DealPage, say: Say) -> Iterator[Element]:
    if page.number:
        yield button(say.plain("home.previous"), "home.previous", str(page.number - 1))
    if (page.number + 1) * PAGE < page.total:
        yield button(say.plain("home.next"), "home.next", str(page.number + 1))
