"""Every thing that can be pressed or chosen on the Home tab and changes what it shows, in one table."""

from collections.abc import Callable

from bot import digesting
from bot.commands import funnel_settings
from bot.home_state import LONGEST_SEARCH, HomeState, Tab
from bot.services import Turn
from bot.time_words import Times
from bot.views.buttons import read_value
from models.bands import Band
from models.member import Role
from models.rhythm import WORKDAYS
from models.schedule import EVERYTHING

Choice = Callable[[str, HomeState, Turn], HomeState]


def page(value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(page=int(value))


def stage(value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(stage=int(value))


def pipeline(value: str, state: HomeState, _turn: Turn) -> HomeState:
    """Another pipeline has other stages."""
    return state.but(pipeline=int(value), stage=0)


def band(value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(band=Band(value) if value in set(Band) else None)


def search(value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(search=" ".join(value.split())[:LONGEST_SEARCH])


def clear(_value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(stage=0, pipeline=0, band=None, search="")


def tick(value: str, state: HomeState, turn: Turn) -> HomeState:
    """The very task that was seen is done; a next step that has been set since is not."""
    deal_id, _, task_id = read_value(value)
    turn.deals.get(deal_id).finish_numbered(int(task_id), at=turn.now)
    return state


def role(value: str, state: HomeState, turn: Turn) -> HomeState:
    """Raises NotAllowed, and LastAdmin where nobody would be left to give roles."""
    turn.member.require(Role.ADMIN)
    turn.members.appoint(turn.member, Role(value))
    return state


def manager(value: str, state: HomeState, turn: Turn) -> HomeState:
    """Who has one already is given another by managers only. Raises NotAllowed, ReportsToThemselves."""
    if turn.member.manager is not None:
        turn.member.require(Role.MANAGER)
    turn.member.report_to(turn.person(f"<@{value}>"))
    return state.but(introduced=True)


def introduced(_value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(introduced=True)


def digest(value: str, state: HomeState, turn: Turn) -> HomeState:
    """On working days at nine, as it is where the person is; `/funnel subscribe` knows other times."""
    digesting.subscribe(value, Times(WORKDAYS, "09:00"), EVERYTHING, turn)
    return state


def mine(_value: str, state: HomeState, _turn: Turn) -> HomeState:
    return state.but(tab=Tab.MINE)


def team(_value: str, state: HomeState, turn: Turn) -> HomeState:
    turn.member.require(Role.MANAGER)
    return state.but(tab=Tab.TEAM)


def settings(_value: str, state: HomeState, turn: Turn) -> HomeState:
    turn.member.require(Role.MANAGER)
    return state.but(tab=Tab.SETTINGS)


def leaderboard(value: str, state: HomeState, turn: Turn) -> HomeState:
    funnel_settings.change(f"leaderboard {value}", turn)
    return state


def horizon(value: str, state: HomeState, turn: Turn) -> HomeState:
    funnel_settings.change(f"horizon {value}", turn)
    return state


CHOICES: dict[str, Choice] = {
    "home.band": band,
    "home.clear": clear,
    "home.digest": digest,
    "home.horizon": horizon,
    "home.introduced": introduced,
    "home.leaderboard": leaderboard,
    "home.manager": manager,
    "home.mine": mine,
    "home.next": page,
    "home.pipeline": pipeline,
    "home.previous": page,
    "home.role": role,
    "home.search": search,
    "home.settings": settings,
    "home.stage": stage,
    "home.team": team,
    "home.tick": tick,
}
"""What each does."""
