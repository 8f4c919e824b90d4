"""`/deal satisfaction Acme 9`, `/deal renew Acme 2027-03-01` and `/deal refer Acme: Globex`: after the sale."""

import re

from bot.actions import renewing, satisfying
from bot.cards import card
from bot.commands import add
from bot.commands.naming import deal_and_rest
from bot.faults import WordsMissing
from bot.grammar import Split, at_colon, at_quotes, is_nothing, without_joint
from bot.reply import Place, Reply
from bot.say import Say
from bot.services import Turn
from models.errors import ScoreOutOfRange

RATE_EXAMPLE = "/deal satisfaction Acme 9 they love the onboarding"
RENEW_EXAMPLE = "/deal renew Acme 2027-03-01"
REFER_EXAMPLE = "/deal refer Acme: Globex"

_SCORE = re.compile(
    r"(?P<score>\d{1,6})(?:\s*/\s*10)?(?:\s*分(?![钟之])|(?!\w|[.,]\d|\s*/|\s*分[钟之]))"
    r"\s*[.:：,，。;；–-]?\s*(?P<comment>.*)",
    re.DOTALL,
)
_ON = re.compile(r"^(?:on|by|于|在)\s+", re.IGNORECASE)


def _before_score(words: str) -> Split:
    """`Acme: 9`, but not `Acme 9: 2 of them`; else nothing but quotes part the name from the rest."""
    told = at_colon(words)
    is_score = told.name and not told.name[-1].isdigit() and _SCORE.fullmatch(told.rest)
    return told if is_score else at_quotes(words)


def rate(words: str, turn: Turn) -> Reply:
    """`none` takes the latest answer back. Raises WordsMissing, DealNotWon, ScoreOutOfRange, NoAnswer, NotAllowed."""
    deal, rest = deal_and_rest(words, turn, split=_before_score)
    if is_nothing(rest):
        gone = turn.aftercare.take_back(deal, by=turn.member)
        return card(deal, turn, said=turn.say("done.unrated", name=deal.name, score=gone.score))
    if not rest and turn.can_ask:
        return satisfying.asked(deal, turn)
    if not rest:
        raise WordsMissing(RATE_EXAMPLE)
    said = _SCORE.fullmatch(rest.strip())
    if said is None:
        raise ScoreOutOfRange(rest.split()[0][:40])
    answer = turn.aftercare.rate(deal, int(said["score"]), said["comment"], by=turn.member, at=turn.now)
    return card(deal, turn, said=turn.say("done.rated", name=deal.name, score=answer.score))


def renew(words: str, turn: Turn) -> Reply:
    """Raises WordsMissing, DealNotWon, RenewalNotUnderstood, RenewalInThePast."""
    deal, rest = deal_and_rest(words, turn, split=at_quotes)
    told = _ON.sub("", without_joint(rest))
    if not told and turn.can_ask:
        return renewing.asked(deal, turn)
    if not told:
        raise WordsMissing(RENEW_EXAMPLE)
    return card(deal, turn, said=renewing.renewed(deal, told, turn))


def refer(words: str, turn: Turn) -> Reply:
    """The new deal is told as `/deal add` takes it. Raises WordsMissing, DealNotWon, NameTaken."""
    deal, rest = deal_and_rest(words, turn, split=at_colon, is_whole=True)
    told = without_joint(rest)
    if not told:
        raise WordsMissing(REFER_EXAMPLE)
    new = add.new_deal(told, turn, example=f"/deal refer {deal.name}:")
    fresh = turn.aftercare.refer(
        deal,
        new.name,
        stage=new.stage,
        by=new.owner,
        at=turn.now,
        source=new.said.source or Say(turn.workspace.locale).plain("source.referral"),
        money=new.said.money,
        close_date=new.said.close_date,
    )
    said = turn.say("done.referred", name=deal.name, by=turn.member.name, fresh=fresh.name)
    return card(fresh, turn, said=said, place=Place.CHANNEL)
