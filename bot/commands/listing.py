"""`/deal list` shows the deals that wait for somebody, `/deal find globex` those that have a word."""

from dataclasses import dataclass

from bot.faults import SelectionUnknown, WordsMissing
from bot.grammar import mention_of, unquoted
from bot.reply import Reply
from bot.services import Turn
from bot.views.deals import ROWS, deal_list
from models.errors import MemberNotFound, StageNotFound
from models.member import Member
from models.pipeline import Stage


@dataclass(frozen=True)
class Selection:
    """Open deals of one owner, in one stage, or of all, under a title."""

    title: str
    owner: Member | None = None
    stage: Stage | None = None
    only_stalled: bool = False


def list_open(words: str, turn: Turn) -> Reply:
    """Stalled deals come first, those that have been quiet longest before the others."""
    chosen = _selection(words, turn)
    stalled = [
        deal
        for deal in turn.deals.stalled(turn.now, owner=chosen.owner)
        if chosen.stage is None or deal.stage_id == chosen.stage.id
    ]
    deals, total = stalled, len(stalled)
    if not chosen.only_stalled:
        seen = {deal.id for deal in stalled}
        others = turn.deals.open(owner=chosen.owner, stage=chosen.stage, limit=ROWS + len(stalled))
        deals = [*stalled, *(deal for deal in others if deal.id not in seen)]
        total = turn.deals.count_open(owner=chosen.owner, stage=chosen.stage)
    title = turn.say(chosen.title, count=total, owner=_name(chosen.owner), stage=_name(chosen.stage))
    if not total:
        return Reply(turn.say("list.empty"))
    with_owners = chosen.owner is None
    return Reply(title, deal_list(title, deals, total=total, now=turn.now, say=turn.say, with_owners=with_owners))


def find(words: str, turn: Turn) -> Reply:
    """Looks in names, companies and contacts, also of closed deals."""
    text = unquoted(words)
    if not text:
        raise WordsMissing("/deal find Acme")
    deals = turn.deals.find(text, limit=ROWS)
    if not deals:
        return Reply(turn.say("find.nothing", text=text))
    total = turn.deals.count_found(text)
    title = turn.say("find.title", count=total, text=text)
    return Reply(title, deal_list(title, deals, total=total, now=turn.now, say=turn.say, with_owners=True))


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
    try:
        return Selection("list.title_stage", stage=turn.pipeline.stage_named(text))
    except StageNotFound as unknown:
        try:
            return Selection("list.title_owner", owner=turn.person(text))
        except MemberNotFound:
            raise SelectionUnknown(text, unknown.stages) from None


def _name(chosen: Member | Stage | None) -> str:
    return chosen.name if chosen is not None else ""
