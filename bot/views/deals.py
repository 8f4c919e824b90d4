"""A list of deals, one line each, with a button that shows the deal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.say import Percent, Say
from bot.views.blocks import Block, Element, actions, button, context, fit, section
from bot.views.buttons import show_button
from models.bands import Bands
from models.deal import Deal
from models.score import Prospect

ROWS = 15
"""More than this many deals are no list but a wall; the rest is counted."""


def deal_list(
    title: str,
    deals: Sequence[Deal],
    prospects: Mapping[int, Prospect],
    bands: Bands,
    *,
    total: int,
    now: datetime,
    say: Say,
    with_owners: bool = False,
    begin: int = 0,
    words: str | None = None,
    verb: str = "list",
) -> tuple[Block, ...]:
    """The deals under a title, which is markup; `total` is how many there are, and what is left out is said.

    With the `verb` and the `words` that listed them, buttons lead to the others; `begin` is how many came before these.
    """
    rows = []
    for deal in deals[:ROWS]:
        rows.append(deal_row(deal, prospects.get(deal.id), bands, now, say, with_owner=with_owners))
    shown = rows[: fit([[row] for row in rows], reserve=5)]
    more = total - begin - len(shown)
    turns = list(_turns(begin, begin + len(shown), more, words, say, verb=verb)) if words is not None else []
    return (
        section(title),
        *shown,
        *([context(say("list.and_more", count=more))] if more > 0 else []),
        *([actions(*turns, block_id="list-pages")] if turns else []),
    )


def _turns(begin: int, end: int, more: int, words: str, say: Say, *, verb: str) -> Iterator[Element]:
    """A button carries where its page begins, in the place of a stage, and the words."""
    if begin:
        yield button(say.plain("home.previous"), f"{verb}.previous", f"0:{max(0, begin - ROWS)}:{words}")
    if more > 0:
        yield button(say.plain("home.next"), f"{verb}.next", f"0:{end}:{words}")


def deal_row(
    deal: Deal, prospect: Prospect | None, bands: Bands, now: datetime, say: Say, *, with_owner: bool = False
) -> Block:
    """One deal, how likely it is, and the button that shows it."""
    line = deal_line(deal, now, say, with_owner=with_owner)
    if prospect is not None:
        line += f" · {_prospect(prospect, bands, say)}"
    return section(line, accessory=show_button(deal, say))


def deal_line(deal: Deal, now: datetime, say: Say, *, with_owner: bool = False) -> str:
    """Name, stage, amount, whose it is, and how long it has been there, or has been quiet when it stalls."""
    told = [deal.stage.name]
    if deal.money is not None:
        told.append(say.value(deal.money))
    if with_owner and deal.owner is not None:
        told.append(deal.owner.name)
    wait = deal.wait(now)
    if wait and deal.is_stalled(now):
        told.append(
            say.plain("list.quiet", count=wait.quiet)
            if wait.is_too_quiet
            else say.plain("list.in_stage", count=wait.in_stage)
        )
        return say("list.line_stalled", name=deal.name, facts=" · ".join(told))
    if deal.is_open:
        told.append(say.days(max(now - deal.entered_stage_at, timedelta(0))))
    return say("list.line", name=deal.name, facts=" · ".join(told))


def _prospect(prospect: Prospect, bands: Bands, say: Say) -> str:
    chance = Percent(prospect.chance)
    said = say("list.to_be_won" if prospect.is_of_winning else "list.to_move_forward", chance=chance)
    return f"{said} · {say(f'band.{bands.band_of(prospect.chance)}')}"
