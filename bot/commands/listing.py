"""`/deal list` shows the deals that are worth most first, `/deal find globex` those that have a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import card
from bot.faults import SelectionUnknown, WordsMissing
from bot.grammar import mention_of, unquoted
from bot.pipeline_words import without_pipeline
from bot.reply import Reply
from bot.services import Turn
from bot.views.blocks import cut
from bot.views.deals import ROWS, deal_list
from models.attention import by_expected_value
from models.deal import Deal
from models.errors import MemberNotFound, PipelineNotFound, StageNotFound
from models.member import Member
from models.pipeline import Pipeline, Stage

LONGEST_ECHO = 150


@dataclass(frozen=True)
class Selection:
    """Open deals of one owner, in one stage or pipeline, or of all, under a title."""

    title: str
    owner: Member | None = None
    stage: Stage | None = None
    pipeline: Pipeline | None = None
    only_stalled: bool = False


def list_open(words: str, turn: Turn, *, begin: int = 0) -> Reply:
    """By expected value. Stalled deals stand among the others, marked, as what is worth little may well be quiet;
    `/deal list stalled` has them by themselves. `begin` is how many are passed over, for a later page."""
    chosen = _selection(words, turn)
    deals = _chosen(chosen, turn)
    if not deals:
        return Reply(turn.say("list.empty"))
    begin = min(begin, (len(deals) - 1) // ROWS * ROWS)
    prospects = turn.outlook.prospects(deals)
    ranked = by_expected_value(deals, prospects, turn.outlook.pricing)
    title = turn.say(
        chosen.title,
        count=len(deals),
        owner=_name(chosen.owner),
        stage=_name(chosen.stage),
        pipeline=_name(chosen.pipeline),
    )
    shown = deal_list(
        title,
        ranked[begin:],
        prospects,
        turn.outlook.bands,
        total=len(deals),
        now=turn.now,
        say=turn.say,
        with_owners=chosen.owner is None,
        begin=begin,
        words=words,
    )
    return Reply(title, shown)


def find(words: str, turn: Turn, *, begin: int = 0) -> Reply:
    """Looks in names, companies and contacts, also of closed deals; the only one that fits is shown at once. `begin` is
    how many are passed over, for a later page."""
    text = unquoted(words)
    if not text:
        raise WordsMissing("/deal find Acme")
    total = turn.deals.count_found(text)
    if not total:
        return Reply(turn.say("find.nothing", text=cut(text, LONGEST_ECHO)))
    begin = min(begin, (total - 1) // ROWS * ROWS)
    deals = turn.deals.find(text, limit=ROWS, begin=begin)
    if total == 1:
        return card(turn.deals.get(deals[0].id), turn)
    title = turn.say("find.title", count=total, text=text)
    shown = deal_list(
        title,
        deals,
        turn.outlook.prospects(deals),
        turn.outlook.bands,
        total=total,
        now=turn.now,
        say=turn.say,
        with_owners=True,
        begin=begin,
        words=words,
        verb="find",
    )
    return Reply(title, shown)


def _chosen(chosen: Selection, turn: Turn) -> Sequence[Deal]:
    if chosen.only_stalled:
        return turn.open_deals.stalled(turn.now)
    return turn.open_deals.all(owner=chosen.owner, stage=chosen.stage, pipeline=chosen.pipeline)


def _selection(words: str, turn: Turn) -> Selection:
    text = unquoted(words)
    match text.lower():
        case "" | "mine" | "my" | "me" | "我的":
            return Selection("list.title_mine", owner=turn.member)
        case "all" | "everyone" | "team" | "open" | "全部" | "所有":
            return Selection("list.title_all")
        case "stalled" | "stuck" | "停滞":
            return Selection("list.title_stalled", only_stalled=True)
    if mention_of(text) or text.startswith("@"):
        return Selection("list.title_owner", owner=turn.person(text))
    stage, pipeline = without_pipeline(words, [each.name for each in turn.pipelines.all()])
    if pipeline:
        return _in_pipeline(unquoted(stage), turn.pipelines.named(pipeline))
    try:
        return Selection("list.title_stage", stage=turn.pipeline.stage_named(text))
    except StageNotFound as unknown:
        try:
            return Selection("list.title_owner", owner=turn.person(text))
        except MemberNotFound:
            try:
                return _in_pipeline("", turn.pipelines.named(text))
            except PipelineNotFound:
                raise SelectionUnknown(text, unknown.stages) from None


def _in_pipeline(stage: str, pipeline: Pipeline) -> Selection:
    """`Basket in Retail`, `in Retail`. Raises StageNotFound."""
    if stage.lower() in ("", "all", "全部", "所有"):
        return Selection("list.title_pipeline", pipeline=pipeline)
    return Selection("list.title_stage", stage=pipeline.stage_named(stage))


def _name(chosen: Member | Stage | Pipeline | None) -> str:
    return chosen.name if chosen is not None else ""
