"""A deal on a card: where it stands, how likely it is to move on and why, and the buttons for what comes next."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from moneyed import Money

from bot.say import Markup, Percent, Say
from bot.views.blocks import Block, actions, context, cut, facts, section
from bot.views.buttons import advance_button, lost_button, more_menu, note_button, why_button
from bot.views.playbook import card_tasks
from models.activity import Activity
from models.aftercare import Ties
from models.alarm import Taking
from models.bands import Band, Bands
from models.deal import Deal
from models.history import StageChange
from models.pipeline import StageKind
from models.score import Estimate, Reason

_MOST_REASONS = 3
_LONGEST_NOTE = 300
_MOST_DETAILS = 10
_LONGEST_DETAIL = 80
_LONGEST_NAME = 40


def deal_card(
    deal: Deal,
    *,
    estimate: Estimate | None,
    bands: Bands,
    note: Activity | None,
    now: datetime,
    say: Say,
    closed_on: date | None = None,
    ties: Ties | None = None,
    shares: Sequence[tuple[str, Decimal]] = (),
    taking: Taking | None = None,
    move: StageChange | None = None,
) -> tuple[Block, ...]:
    """The whole card; `note` is the latest thing that was logged about the deal, `closed_on` the workspace's day on
    which it was won or lost, as sums take it, `ties` which deals it comes from and what its customer answered, `shares`
    how it is split, `taking` who is on it, `move` how it came to its stage: with it stands what was written and ticked
    then."""
    parts = [section(_title(deal, say)), facts(_facts(deal, now, closed_on, say))]
    if details := _details(deal, say):
        parts.append(context(details))
    told = [say("card.split", parts=shares_told(shares, say))] if shares else []
    if ties is not None:
        told += _ties(ties, say)
    if told:
        parts.append(context("\n".join(told)))
    if deal.loss_reason:
        parts.append(context(say("card.loss_reason", reason=deal.loss_reason)))
    if estimate is not None:
        lines = score_lines(estimate, say, band=bands.band_of(estimate.prospect.chance))
        parts.append(context("\n".join(lines)))
    if taking is not None:
        parts.append(context(say("card.taken", by=taking.by.name, at=taking.at)))
    if note is not None:
        parts.append(context(_note(note, say)))
    if move is not None and move.note:
        parts.append(context(_move(move, say)))
    parts.extend(card_tasks(deal, now.astimezone(ZoneInfo(say.time_zone)).date(), say))
    return (*parts, _buttons(deal, say))


def shares_told(shares: Sequence[tuple[str, Decimal]], say: Say) -> list[Markup]:
    """`Bob 70%`, `Ann 30%`: who has how many per cent of a deal."""
    return [Markup(say("split.part", name=cut(name, _LONGEST_NAME), percent=percent)) for name, percent in shares]


def card_text(deal: Deal, say: Say) -> str:
    """The card in one line, for notifications and screen readers."""
    worth = [deal.money] if deal.money is not None else []
    return say("card.text", facts=" · ".join(map(say.value, (deal.name, deal.stage.name, *worth))))


def score_lines(estimate: Estimate, say: Say, *, band: Band | None = None) -> tuple[str, ...]:
    """How likely, and the strongest reasons, each with whether it speaks for or against.

    The band stands beside the chance that it is of. It is left out where only deals of one kind are shown, such as
    those that have gone quiet.
    """
    told, standing = [_likely(estimate, say)], say(f"band.{band}") if band else ""
    if estimate.won is not None and standing:
        told.append(say("score.won_banded", chance=Percent(estimate.won), band=standing))
    elif estimate.won is not None:
        told.append(say("score.won", chance=Percent(estimate.won)))
    elif standing:
        told.append(standing)
    reasons = estimate.reasons[:_MOST_REASONS] if estimate.learnt_from else ()
    return (" · ".join(told), *(reason_line(reason, say) for reason in reasons))


def _likely(estimate: Estimate, say: Say) -> str:
    chance = Percent(estimate.probability)
    if not estimate.learnt_from:
        return say("score.guess", chance=chance, days=estimate.horizon_days)
    if estimate.is_early:
        return say("score.early", chance=chance, days=estimate.horizon_days, count=estimate.learnt_from)
    if estimate.is_rate:
        return say("score.by_rate", chance=chance, days=estimate.horizon_days, count=estimate.learnt_from)
    return say("score.likely", chance=chance, days=estimate.horizon_days)


def reason_line(reason: Reason, say: Say) -> str:
    return say("score.for" if reason.weight >= 0 else "score.against", reason=reason_words(reason, say))


def reason_words(reason: Reason, say: Say) -> str:
    """A reason in plain words."""
    return say.plain(reason.key, **_spoken(reason.values, say))


def _spoken(values: dict[str, Any], say: Say) -> dict[str, Any]:
    """Shares, amounts and days as such; a score keeps plain numbers."""
    spoken = dict(values)
    if "days" in spoken:
        spoken["days"] = say.days(timedelta(days=spoken["days"]))
    if "rate" in spoken:
        spoken["rate"] = Percent(spoken["rate"])
    if "amount" in spoken:
        currency = spoken.pop("currency")
        for name in spoken.keys() & {"amount", "usual_amount"}:
            spoken[name] = Money(str(spoken[name]), currency)
    return spoken


def _title(deal: Deal, say: Say) -> str:
    if deal.company and deal.company != deal.name:
        return say("card.title_of_company", name=deal.name, company=deal.company)
    return say("card.title", name=deal.name)


def _facts(deal: Deal, now: datetime, closed_on: date | None, say: Say) -> Sequence[str]:
    today = now.astimezone(ZoneInfo(say.time_zone)).date()
    told = [
        _stage(deal, say),
        say("card.amount", amount=deal.money) if deal.money is not None else say("card.no_amount"),
        say("card.owner", owner=deal.owner.name) if deal.owner else say("card.no_owner"),
        _age(deal, now, say),
    ]
    if deal.is_open:
        step = deal.next_step
        if step is None:
            told.append(say("card.no_next_step"))
        elif step.due is None:
            told.append(say("card.next_step", step=step.text))
        else:
            key = "card.next_step_overdue" if step.due < today else "card.next_step_due"
            told.append(say(key, step=step.text, due=step.due))
    if closed_on is not None:
        told.append(say("card.lost_on" if deal.is_lost else "card.won_on", date=closed_on))
    elif deal.close_date is None:
        told.append(say("card.no_close_date"))
    else:
        key = "card.close_date_passed" if deal.close_date < today else "card.close_date"
        told.append(say(key, date=deal.close_date))
    if deal.renews_on is not None and not deal.is_lost:
        told.append(say("card.renews_on", date=deal.renews_on))
    return told


def _details(deal: Deal, say: Say) -> str:
    """Contact, source and the team's own fields, as far as they are filled; the beginnings of long ones."""
    kept = [(say.plain("card.contact"), deal.contact), (say.plain("card.source"), deal.source), *deal.custom.items()]
    told = [(field, cut(str(value), _LONGEST_DETAIL)) for field, value in kept if value]
    return " · ".join(say("card.detail", field=field, value=value) for field, value in told[:_MOST_DETAILS])


def _ties(ties: Ties, say: Say) -> list[str]:
    told = [say("card.renews", name=ties.renews)] if ties.renews else []
    told += [say("card.sent_by", name=ties.sent_by)] if ties.sent_by else []
    if ties.answer is not None:
        told.append(say("card.satisfaction", score=ties.answer.score, at=ties.answer.at))
        if ties.answer.comment:
            told.append(say("card.satisfaction_comment", comment=cut(ties.answer.comment, _LONGEST_NOTE)))
    return told


def _stage(deal: Deal, say: Say) -> str:
    ahead = [stage for stage in deal.pipeline.stages if stage.kind is not StageKind.LOST]
    if deal.is_lost:
        return say("card.stage", stage=deal.stage.name)
    place = [stage.id for stage in ahead].index(deal.stage_id) + 1
    return say("card.stage_place", stage=deal.stage.name, place=place, stages=len(ahead))


def _age(deal: Deal, now: datetime, say: Say) -> str:
    since = say.days(max(now - deal.entered_stage_at, timedelta(0)))
    return say("card.age_stalled" if deal.is_stalled(now) else "card.age", days=since)


def _note(note: Activity, say: Say) -> str:
    text = note.text if len(note.text) <= _LONGEST_NOTE else f"{note.text[: _LONGEST_NOTE - 1]}…"
    kind = say.plain(f"activity.{note.kind}")
    if note.by is None:
        return say("card.note_by_nobody_known", kind=kind, text=text, at=note.at)
    return say("card.note", kind=kind, text=text, by=note.by.name, at=note.at)


def _move(move: StageChange, say: Say) -> str:
    told = {"note": cut(move.note, _LONGEST_NOTE), "stage": move.to_stage.name, "at": move.at}
    if move.by is None:
        return say("card.moved_by_nobody_known", **told)
    return say("card.moved", by=move.by.name, **told)


def _buttons(deal: Deal, say: Say) -> Block:
    advance = advance_button(deal, say)
    ahead = [advance] if advance is not None else []
    if not deal.is_open:
        return actions(*ahead, note_button(deal, say), more_menu(deal, say))
    return actions(*ahead, note_button(deal, say), why_button(deal, say), lost_button(deal, say), more_menu(deal, say))
