"""Answers with a deal: the card that a person sees, the words a channel hears, the line that settles a list."""

from decimal import Decimal

from bot.reply import Place, Reply
from bot.services import Turn
from bot.views.blocks import Block, context, section
from bot.views.deal import card_text, deal_card
from bot.views.playbook import asked_for, hints
from bot.views.why import explained
from models.deal import Deal
from models.history import Change, StageChange, kept_moves
from models.pipeline import Stage
from models.workspace import day_in


def card(
    deal: Deal, turn: Turn, *, said: str = "", place: Place = Place.PRIVATE, move: StageChange | None = None
) -> Reply:
    """The deal as it is now; `said` is markup that stands above it and tells what has just been done.

    As that may have changed its chance, the new one is kept, and lists need not wait for the night. After a `move`
    ahead it tells what should be so by now, and what the new stage is for.
    """
    estimate = turn.outlook.of(deal)
    if said and estimate:
        turn.outlook.keep(deal, estimate)
    blocks = deal_card(
        deal,
        estimate=estimate,
        bands=turn.outlook.bands,
        note=deal.activities[-1] if deal.activities else None,
        move=kept_moves(deal.changes)[-1],
        ties=turn.aftercare.ties(deal),
        shares=_shares_for(turn, deal) if place is Place.PRIVATE else [],
        taking=turn.alarms.takings([deal]).get(deal.id),
        now=turn.now,
        say=turn.say,
        closed_on=day_in(turn.workspace.time_zone, deal.closed_at) if deal.closed_at else None,
    )
    if said:
        return Reply(said, (section(said), *_hints(move, deal, turn), *blocks), place)
    return Reply(card_text(deal, turn.say), blocks, place)


def shares_of(deal: Deal, turn: Turn) -> list[tuple[str, Decimal]]:
    """Who has how many per cent of a deal that is split."""
    return [(turn.members.get(who).name, percent) for who, percent in turn.commissions.parts(deal).items()]


def _shares_for(turn: Turn, deal: Deal) -> list[tuple[str, Decimal]]:
    """These are for those who have them and whom they report to, where nobody else sees the card."""
    people = [turn.members.get(who) for who in turn.commissions.parts(deal)]
    return shares_of(deal, turn) if any(turn.member in (each, each.manager) for each in people) else []


def why(deal: Deal, turn: Turn) -> Reply:
    """Why its score is what it is; to the person alone, as a deal's weak points are nobody else's business."""
    return explained(deal, turn.outlook.explain(deal), turn.say)


def moved(move: StageChange, deal: Deal, turn: Turn) -> Reply:
    """After a command that moved a deal: the person sees the card; of a win the channel hears, however it was said."""
    if move.change is Change.WON:
        return card(deal, turn, said=celebration(deal, turn), place=Place.CHANNEL)
    return card(deal, turn, said=turn.say("done.moved", name=deal.name, stage=deal.stage.name), move=move)


def _hints(move: StageChange | None, deal: Deal, turn: Turn) -> tuple[Block, ...]:
    left = _left(move, deal)
    return hints(left, deal.stage, turn.say) if left else ()


def _left(move: StageChange | None, deal: Deal) -> Stage | None:
    """The stage from which it went ahead."""
    if move is None or move.change is not Change.FORWARD or move.from_stage_id is None:
        return None
    return deal.pipeline.stage_now(move.from_stage_id)


def celebration(deal: Deal, turn: Turn) -> str:
    """That the deal is won, by whom, and how much it is worth."""
    if deal.money is None:
        return turn.say("done.won", by=turn.member.name, name=deal.name)
    return turn.say("done.won_amount", by=turn.member.name, name=deal.name, amount=deal.money)


def instead(deal: Deal, turn: Turn, *, said: str, block_id: str, move: StageChange | None = None) -> Reply:
    """After a click: in a list the deal's own block gives way to one line, and what should be so by now; a card is
    shown anew."""
    if block_id:
        left = _left(move, deal)
        line = "\n".join(filter(None, (said, asked_for(left, turn.say) if left else "")))
        return Reply(said, (context(line, block_id=block_id),), Place.INSTEAD, settles=block_id)
    return card(deal, turn, said=said, place=Place.INSTEAD, move=move)
