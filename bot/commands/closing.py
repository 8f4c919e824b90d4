"""`/deal won Acme 15k`, `/deal lost Acme because price`, and `/deal reopen Acme` when a closed deal comes back."""

import re

from bot.actions import losing
from bot.cards import card, moved
from bot.commands.naming import deal_and_rest, names_whole
from bot.grammar import (
    at_quotes,
    at_reason,
    is_amount_behind_a_name,
    is_money,
    unquoted,
    without_joint,
)
from bot.reply import Place, Reply
from bot.services import Turn
from bot.writing import write
from models.deal import Deal
from models.errors import DealNotFound
from models.history import Via
from models.moving_errors import LossReasonMissing, LossReasonUnknown

_WORTH = re.compile(r"(?:for|at|with|worth|amount|金额|价值|为)\s*[:：]?\s*", re.IGNORECASE)


def won(words: str, turn: Turn) -> Reply:
    """The amount that is won may stand behind the name."""
    deal, amount = _deal_and_amount(words, turn)
    if amount:
        write(deal, "amount", amount, turn)
    move = deal.win(by=turn.member, at=turn.now, via=Via.COMMAND)
    return moved(move, deal, turn)


def lost(words: str, turn: Turn) -> Reply:
    """Where no `because` parts them, a reason stands behind a whole name; else, and for a reason that is not one of
    the team's, it is asked for. Raises LossReasonMissing, LossReasonUnknown."""
    deal, rest = deal_and_rest(words, turn, split=at_reason, is_whole=True)
    typed = unquoted(without_joint(rest))
    try:
        if not typed or not (at_reason(words).name or names_whole(words.strip().removesuffix(rest), deal)):
            raise LossReasonMissing(deal.name)
        reason = turn.workspace.loss_reason(typed)
    except (LossReasonMissing, LossReasonUnknown):
        if not turn.can_ask:
            raise
        return losing.asked(deal, turn, typed=typed)
    deal.lose(reason, by=turn.member, at=turn.now, via=Via.COMMAND)
    said = turn.say("done.lost", by=turn.member.name, name=deal.name, reason=deal.loss_reason)
    return card(deal, turn, said=said, place=Place.CHANNEL)


def reopen(words: str, turn: Turn) -> Reply:
    deal = turn.deals.named(unquoted(words), closed_first=True)
    deal.reopen(by=turn.member, at=turn.now, via=Via.COMMAND)
    said = turn.say("done.reopened", by=turn.member.name, name=deal.name, stage=deal.stage.name)
    return card(deal, turn, said=said, place=Place.CHANNEL)


def _deal_and_amount(words: str, turn: Turn) -> tuple[Deal, str]:
    """What is no amount belongs to the name, as in `Studio 54`, unless a word or quotes part the two."""
    try:
        deal, rest = deal_and_rest(words, turn, split=at_quotes)
    except DealNotFound:
        return turn.deals.named(unquoted(words)), ""
    led = _WORTH.match(rest)
    amount = rest[led.end() :] if led else rest
    is_apart = led is not None or at_quotes(words).name is not None
    if not rest or (is_money(amount) if is_apart else is_amount_behind_a_name(amount)):
        return deal, amount
    return turn.deals.named(unquoted(words)), ""
