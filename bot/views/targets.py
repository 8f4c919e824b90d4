"""What a team means to reach in words: how far it is, whether that is on pace, and how it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from moneyed import Money

from bot.say import Percent, Say
from bot.views.blocks import Block, context, cut, section
from bot.views.exchange import unpriced_told
from bot.views.funnel_report import whole_period
from bot.views.lines import as_many_as_fit
from models.attainment import Past, Progress, Reached
from models.member import Member
from models.pipeline import Stage
from models.pricing import Lot
from models.target import Aim, Measure, Scope

NAME = 40
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Named:
    """What a target is about, with the names of the person, the stage and the pipeline, empty where there is none."""

    aim: Aim
    member: str
    stage: str
    pipeline: str


def targets_view(
    found: Sequence[Progress], *, currency: str, unpriced: Sequence[Lot] = (), say: Say
) -> tuple[Block, ...]:
    """Each target, and what the figures mean; `unpriced` are the goals whose money had no rate on their day."""
    head = [section(say("targets.title"))]
    notes = [say("targets.means", currency=currency)]
    if unpriced:
        base, day = min((each.currency, str(each.closed_on)) for each in unpriced)
        notes.append(say("targets.unpriced", count=len(unpriced), currency=currency, base=base, day=day))
    last = context(*notes)
    return (*head, *as_many_as_fit([full_line(each, currency, say) for each in found], say, beside=[*head, last]), last)


def full_line(each: Progress, currency: str, say: Say) -> str:
    """Where it stands, and each of the periods before."""
    pasts = [_past(past, _currency(each, currency), say) for past in _with_goal(each)]
    told = _history(each, " · ".join(pasts), say)
    return "\n".join([progress_line(each, currency, say), *_left_out(each.reached, say), *told])


def brief_line(each: Progress, currency: str, say: Say) -> str:
    """The same in one line, for where targets stand beside other things: of the periods before the shares alone."""
    told = _history(each, say.value([Percent(past.share or 0.0) for past in _with_goal(each)]), say)
    return " · ".join([progress_line(each, currency, say), *_left_out(each.reached, say), *told])


def progress_line(each: Progress, currency: str, say: Say) -> str:
    """`*Won amount a quarter, Bob*: $120K of $500K (24%), $80K behind`"""
    return say(
        "targets.line",
        target=target_named(each, say),
        done=goal_told(each.reached.done, _currency(each, currency), say),
        goal=goal_told(each.goal, _currency(each, currency), say),
        share=Percent(each.share),
        pace=pace_told(each, currency, say),
    )


def _left_out(reached: Reached, say: Say) -> list[str]:
    """The won deals that are not in what was reached."""
    told = []
    if reached.unpriced:
        count, amounts = sum(each.count for each in reached.unpriced), unpriced_told(reached.unpriced, say)
        told.append(say("targets.deals_unpriced", count=count, amounts=amounts))
    if reached.no_amount:
        told.append(say("targets.no_amount", count=reached.no_amount))
    return told


def _with_goal(each: Progress) -> list[Past]:
    return [past for past in each.pasts if past.share is not None]


def _history(each: Progress, told: str, say: Say) -> list[str]:
    """How the periods before ended that had a goal; nothing where none had."""
    known = _with_goal(each)
    if not known:
        return []
    line = say("targets.history", bars=small_picture([past.share or 0.0 for past in known]), pasts=told)
    unpriced = sum(lot.count for past in known for lot in past.reached.unpriced)
    return [f"{line} ({say('targets.history_unpriced', count=unpriced)})" if unpriced else line]


def _past(past: Past, currency: str, say: Say) -> str:
    """`Q1 2026: $400K of $500K (80%)`"""
    return say.plain(
        "targets.past",
        period=whole_period(past.reached.period, say),
        done=goal_told(past.reached.done, currency, say),
        goal=goal_told(past.goal, currency, say),
        share=Percent(past.share or 0.0),
    )


def pace_told(each: Progress, currency: str, say: Say) -> str:
    if each.is_reached:
        return say.plain("targets.reached")
    if each.is_free:
        return say.plain("targets.free")
    if each.is_on_pace:
        return say.plain("targets.on_pace", elapsed=Percent(float(each.elapsed)))
    behind = goal_told(each.behind, _currency(each, currency), say)
    how = "targets.behind_at_most" if each.reached.unpriced else "targets.behind"
    return say.plain(how, behind=behind, elapsed=Percent(float(each.elapsed)))


def target_named(each: Progress, say: Say) -> str:
    target = each.target
    pipeline = target.pipeline.name if target.pipeline else each.stage_pipeline
    return named(named_of(target.aim, target.member, target.stage_now, pipeline), say)


def named_of(aim: Aim, member: Member | None, stage: Stage | None, pipeline: str) -> Named:
    return Named(aim, member.name if member else "", stage.name if stage else "", pipeline)


def named(about: Named, say: Say) -> str:
    """`Won amount a quarter in Shop, Bob`"""
    what = say.plain(f"measure.{about.aim.measure}", stage=cut(about.stage, NAME))
    told = say.plain(f"target.every.{about.aim.unit}", what=what)
    if about.pipeline:
        told = say.plain("target.in_pipeline", target=told, pipeline=cut(about.pipeline, NAME))
    if about.aim.scope is Scope.WORKSPACE:
        return told
    return say.plain(f"target.of.{about.aim.scope}", target=told, name=cut(about.member, NAME))


def goal_told(number: Decimal | None, currency: str, say: Say) -> str:
    """Money in the currency, or a plain number where there is none."""
    if number is None:
        return ""
    return say.compact(Money(number, currency)) if currency else say.value(number.normalize())


def small_picture(shares: Sequence[float]) -> str:
    """A bar a period, full from a reached target on."""
    return "".join(_BARS[min(int(share * len(_BARS)), len(_BARS) - 1)] for share in shares)


def _currency(each: Progress, currency: str) -> str:
    return currency if each.target.measure is Measure.AMOUNT else ""
