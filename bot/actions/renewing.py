"""The form that asks when a customer buys again, and what comes of the answer."""

from datetime import date

from bot.actions.origin import Click, Origin, Submission
from bot.faults import RenewalInThePast, RenewalNotUnderstood
from bot.grammar import is_nothing
from bot.reply import Reply
from bot.services import Turn
from bot.views.forms import renewal_form
from models.aftercare import expect_won, opens_on
from models.deal import Deal
from models.reading_dates import read_date
from models.reading_errors import DateNotUnderstood


def ask(click: Click, turn: Turn) -> Reply:
    return asked(turn.deals.get(click.origin.deal_id), turn, click.origin)


def asked(deal: Deal, turn: Turn, origin: Origin | None = None) -> Reply:
    """Raises DealNotWon before anybody writes in vain."""
    expect_won(deal)
    return Reply(form=renewal_form(deal, private=(origin or Origin.of(turn, deal)).model_dump_json(), say=turn.say))


def renew(submission: Submission, turn: Turn) -> Reply:
    deal = turn.deals.get(submission.origin.deal_id)
    return submission.origin.settled(deal, turn, renewed(deal, submission.entered("on"), turn))


def renewed(deal: Deal, told: str, turn: Turn) -> str:
    """What is said of it; nothing, or a word for it, means never. Raises DealNotWon, RenewalNotUnderstood, and
    RenewalInThePast, as a slip in the year would make a deal of long ago."""
    day = None if not told or _is_never(told) else _day(told, turn)
    if day and day < turn.today:
        raise RenewalInThePast(day)
    turn.aftercare.renew(deal, day, by=turn.member, at=turn.now)
    if day is None:
        return turn.say("done.renews_never", name=deal.name)
    opens = opens_on(deal, day, zone=turn.workspace.time_zone)
    if opens <= turn.today:
        return turn.say("done.renews_soon", name=deal.name, day=day)
    return turn.say("done.renews", name=deal.name, day=day, opens=opens)


def _is_never(told: str) -> bool:
    return is_nothing(told) or told.strip().lower() in (
        "never",
        "no more",
        "off",
        "remove",
        "不续约",
        "不再续约",
        "取消",
    )


def _day(told: str, turn: Turn) -> date:
    try:
        return read_date(told, today=turn.today, locale=turn.say.locale)
    except DateNotUnderstood:
        raise RenewalNotUnderstood(told) from None
