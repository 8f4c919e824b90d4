"""The post of a win: the deal, its amount, the people, and what is special about it."""

from collections.abc import Sequence

from bot.reply import Reply
from bot.say import Say
from bot.views.blocks import cut, section
from bot.views.buttons import show_button
from models.deal import Deal
from models.texts import name_key

NAME = 100
MOST_HELPERS = 10


def win_post(deal: Deal, say: Say, *, helpers: Sequence[str] = (), cheers: Sequence[str] = ()) -> Reply:
    """`helpers` have a share of it; `cheers` are markup."""
    named = {"name": cut(deal.name, NAME)}
    head = say("win.by", **named, owner=cut(deal.owner.name, NAME)) if deal.owner else say("win.won", **named)
    facts = []
    if deal.money:
        facts.append(say("win.amount", amount=deal.money))
    if deal.company and name_key(deal.company) != name_key(deal.name):
        facts.append(say("win.company", company=cut(deal.company, NAME)))
    if helpers:
        facts.append(say("win.helped", people=[cut(each, NAME) for each in helpers[:MOST_HELPERS]]))
    text = "\n".join([head, *([" · ".join(facts)] if facts else []), *cheers])
    return Reply(text, (section(text, accessory=show_button(deal, say)),))
