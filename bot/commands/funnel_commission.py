"""`/funnel commission last quarter` tells what one has earned, `/funnel commission plan 5% a quarter` what is paid."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.faults import CommissionNotTheirs, PlanNotUnderstood, WordsMissing
from bot.grammar import is_nothing
from bot.period_words import period_wanted
from bot.reply import Reply
from bot.say import Say, escaped
from bot.services import Turn
from bot.target_words import unit_in, whose
from bot.views.blocks import context
from bot.views.commission import (
    CommissionPart,
    commission_charts,
    commission_charts_text,
    commission_title,
    commission_view,
    plan_told,
)
from models.commission import CommissionPlan, PaidPeriod, Terms, earned, terms_of
from models.errors import PlanUnpriced
from models.member import Member, Role
from models.period import Unit, as_far_as, whole_unit
from models.pricing import Pricing
from models.reading_money import find_money
from models.target import Scope
from models.timelines import Timelines
from models.wins import first_win, won_in
from models.workspace import day_in

EXAMPLE = "/funnel commission last quarter"
PLAN_EXAMPLE = "/funnel commission plan 5% then 8% above 100k a quarter"

_PLAN = re.compile(r"(?:plan|方案|计划)(?![^\W\d_])[:：]?\s*|(?:方案|计划)\s*", re.IGNORECASE)
_WHO = re.compile(r"(?:for\s+|of\s+|负责人\s*)?(?P<who><@[^>]*>|@\S+|me(?!\w)|我)\s*", re.IGNORECASE)
_PERCENT = re.compile(r"(?P<number>\d{1,3}(?:[.,]\d{1,6})?)\s*[%％]")
_ABOVE = re.compile(
    r"(?:above|over|beyond|超过|超出|高于)\s*(?P<amount>[^%％]*?)(?=\s+\d+(?:[.,]\d+)?\s*[%％]|$)", re.IGNORECASE
)
_FILLING = re.compile(
    r"[\s,，;；:：、]|then|and|of|the|commission|won|sales|revenue|再|则|按|为|的?部分|提成", re.IGNORECASE
)


def run(words: str, turn: Turn) -> Reply:
    """To the person alone. Raises CommissionNotTheirs, PlanNotFound, PeriodNotUnderstood, PlanNotUnderstood."""
    if plan := _PLAN.match(words):
        return _agree(words[plan.end() :], turn)
    who = _WHO.match(words)
    member = turn.person(who["who"]) if who else turn.member
    if member is not turn.member and member.manager_id != turn.member.id:
        raise CommissionNotTheirs(member.name)
    return _told(member, words[who.end() :] if who else words, turn)


def _told(member: Member, words: str, turn: Turn) -> Reply:
    """Of each period of a plan that what was asked for has a day of, whole."""
    example = PLAN_EXAMPLE if _PERCENT.search(words) else EXAMPLE
    asked = period_wanted(words, turn, usual=Unit.MONTH, example=example)
    paid = turn.commissions.periods(member, asked.first, asked.last)
    every = turn.commissions.periods(member, None, asked.last)
    before = every[: -len(paid)]
    since = before[-1].period.end if before else paid[0].period.start
    timelines = Timelines(turn.session, turn.workspace)
    shares, histories = turn.commissions.shares(since=since), timelines.won_or_taken_back_since(since)
    won = won_in(histories, timelines.stages(), [as_far_as(each.period, turn.now) for each in every])[-len(paid) :]
    first = day_in(turn.workspace.time_zone, first_win(won, turn.now))
    pricing = turn.exchange_rates.pricing(at=turn.now, since=min(first, *(each.plan.since for each in paid)))
    terms = _terms_now(paid, pricing)
    found = [
        earned(some, shares, terms[each.plan.id], member.id, pricing) for each, some in zip(paid, won, strict=True)
    ]
    names = turn.deals.names_of(credit.deal_id for each in found for credit in each.credits)
    parts = [
        CommissionPart(all_of_it, names, terms[each.plan.id], each.plan.unit, some.period)
        for each, some, all_of_it in zip(paid, won, found, strict=True)
    ]
    currency, say = turn.workspace.currency, turn.say
    told = commission_view(member.name, parts, currency=currency, say=say)
    return Reply(commission_title(member.name, parts, currency, say), told, then=_drawn(member, parts, currency, say))


def _drawn(member: Member, parts: Sequence[CommissionPart], currency: str, say: Say) -> Reply | None:
    """Charts of Slack's own, as a picture is a file, which a channel would see; where Slack has none, their text."""
    charts = commission_charts(parts, currency, say)
    text = escaped(commission_charts_text(member.name, parts, currency, say))
    return Reply(text, charts, plain=(context(text),)) if charts else None


def _terms_now(paid: Sequence[PaidPeriod], pricing: Pricing) -> dict[int, Terms]:
    """Of each plan, by its id. Raises PlanUnpriced."""
    found = {}
    for plan in {each.plan.id: each.plan for each in paid}.values():
        terms = terms_of(plan, pricing)
        if terms is None:
            raise PlanUnpriced(plan.currency, pricing.currency, plan.since.isoformat())
        found[plan.id] = terms
    return found


def _agree(words: str, turn: Turn) -> Reply:
    """Managers agree on plans. Raises NotAllowed."""
    turn.member.require(Role.MANAGER)
    if not words.strip():
        return _plans(turn)
    said = unit_in(words)
    scope, member, rest = whose(said[1] if said else words, turn)
    if scope is Scope.TEAM:
        raise PlanNotUnderstood(words)
    terms = None if is_nothing(rest.strip()) else _terms(rest, words, turn)
    today = day_in(turn.workspace.time_zone, turn.now)
    ended = turn.commissions.plan_for(member, today) if terms is None else None
    unit = said[0] if said else ended.unit if ended else Unit.QUARTER
    since = whole_unit(unit, today, turn.workspace.time_zone).first
    turn.commissions.agree(terms, unit, member=member, since=since, by=turn.member, at=turn.now)
    name = member.name if member else turn.say.plain("commission.everybody")
    if terms is None:
        return Reply(_ended(name, member, since, turn))
    told = plan_told(terms, unit, turn.workspace.currency, turn.say)
    return Reply(turn.say("commission.agreed", name=name, plan=told, day=since))


def _ended(name: str, member: Member | None, since: date, turn: Turn) -> str:
    """Without a plan of their own somebody is paid by everybody's, where there is one."""
    everybodys = turn.commissions.plan_for(None, since)
    if member is None or everybodys is None or everybodys.rate is None:
        return turn.say("commission.ended", name=name, day=since)
    return turn.say("commission.ended_own", name=name, day=since, plan=_plan_told(everybodys, turn))


def _plan_told(plan: CommissionPlan, turn: Turn) -> str:
    return plan_told(
        Terms(plan.rate or Decimal(), plan.threshold, plan.accelerated), plan.unit, plan.currency, turn.say
    )


def _plans(turn: Turn) -> Reply:
    """Those that hold today. Raises WordsMissing where there are none."""
    names = {member.id: member.name for member in turn.members.all()}
    lines = []
    for plan in turn.commissions.plans_on(turn.today):
        name = names[plan.member_id] if plan.member_id else turn.say.plain("commission.everybody")
        lines.append(turn.say("commission.agreed", name=name, plan=_plan_told(plan, turn), day=plan.since))
    if not lines:
        raise WordsMissing(PLAN_EXAMPLE)
    return Reply("\n".join(lines))


def _terms(rest: str, words: str, turn: Turn) -> Terms:
    """Words that mean nothing here may mean another plan, or a minus: nobody is paid by what is guessed."""
    percents = [Decimal(match["number"].replace(",", ".")) for match in _PERCENT.finditer(rest)]
    above, currency = _ABOVE.search(rest), turn.workspace.currency
    left = _PERCENT.sub(" ", rest if above is None else f"{rest[: above.start()]} {rest[above.end() :]}")
    if len(percents) == 1 and above is None and not _FILLING.sub("", left):
        return Terms(percents[0])
    amount = above["amount"].strip() if above else ""
    said = f"x {amount} {currency}" if amount.isdigit() else f"x {amount}"
    money = find_money(said, currency=currency)
    if len(percents) != 2 or money is None or money.money.currency.code != currency:
        raise PlanNotUnderstood(words)
    if _FILLING.sub("", left + said[1 : money.start] + said[money.end :]):
        raise PlanNotUnderstood(words)
    return Terms(percents[0], money.money.amount, percents[1])
