"""A channel hears of a deal that was won: how much, by whom, and what record it was."""

from datetime import timedelta

from bot.gong import deal_of
from bot.reply import Reply
from bot.schedules.cheering import cheers_of
from bot.schedules.occasion import Occasion
from bot.views.win import win_post
from models.commission import Commissions

_INSTANT = timedelta(microseconds=1)


def compose(occasion: Occasion) -> Reply | None:
    """None when the win was taken back meanwhile; it is told when it is done again."""
    deal_id = deal_of(occasion.period)
    if deal_id is None:
        return None
    deal = occasion.deals.get(deal_id)
    if not deal.is_won or deal.closed_at is None:
        return None
    helping = Commissions(occasion.session, occasion.workspace).helpers(deal)
    helpers = [each.name for each in occasion.members.all() if helping.get(each.id) and each is not deal.owner]
    found = cheers_of(occasion, deal.closed_at - _INSTANT, lambda win: win.deal_id == deal_id)
    return win_post(deal, occasion.say, helpers=helpers, cheers=found)
