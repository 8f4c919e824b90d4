"""The three steps with which a new team begins, on the Home tab until they are done."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.say import Say
from bot.views.blocks import (
    Block,
    actions,
    button,
    channel_menu,
    context,
    divider,
    header,
    option,
    people_menu,
    section,
    select,
)
from bot.views.buttons import add_button
from models.member import Role


@dataclass(frozen=True)
class Start:
    """What is done of the three, and who asks; `may_choose_role` is whether they could have another role."""

    is_known: bool
    has_digest: bool
    has_deals: bool
    name: str
    role: Role
    manager: str
    may_choose_role: bool


def start_guide(start: Start, say: Say) -> tuple[Block, ...]:
    """Each step with what does it, or that it is done."""
    return (header(say.plain("start.title")), *_who(start, say), *_where(start, say), *_what(start, say), divider())


def _who(start: Start, say: Say) -> Iterator[Block]:
    if start.is_known:
        yield context(say("start.who_done"))
        return
    key = "start.who_managed" if start.manager else "start.who"
    role = say.plain(f"role.{start.role}")
    yield section(say(key, name=start.name, role=role, manager=start.manager))
    roles = [option(say.plain(f"role.{each}"), each) for each in Role]
    chosen = next(each for each in roles if each["value"] == start.role)
    yield actions(
        *([select(say.plain("start.role"), "home.role", roles, chosen=chosen)] if start.may_choose_role else []),
        people_menu(say.plain("start.manager"), "home.manager"),
        button(say.plain("start.right"), "home.introduced", "yes"),
        block_id="home-who",
    )


def _where(start: Start, say: Say) -> Iterator[Block]:
    if start.has_digest:
        yield context(say("start.where_done"))
    else:
        yield section(say("start.where"), accessory=channel_menu(say.plain("start.channel"), "home.digest"))


def _what(start: Start, say: Say) -> Iterator[Block]:
    if start.has_deals:
        yield context(say("start.what_done"))
    else:
        yield section(say("start.what"), accessory=add_button(say))
