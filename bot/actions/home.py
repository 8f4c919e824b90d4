"""Every thing that can be pressed or chosen on the Home tab and changes what it shows, in one table."""

from collections.abc import Callable

from bot.home_state import LONGEST_SEARCH, HomeState
from bot.services import Turn
from bot.views.buttons import read_value
from models.bands import Band

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
    """The next step is done, unless another one has been set since it was seen."""
    deal_id, _, task_id = read_value(value)
    deal = turn.deals.get(deal_id)
    if deal.next_step and deal.next_step.id == int(task_id):
        deal.finish_step(at=turn.now)
    return state


CHOICES: dict[str, Choice] = {
    "home.band": band,
    "home.clear": clear,
    "home.next": page,
    "home.pipeline": pipeline,
    "home.previous": page,
    "home.search": search,
    "home.stage": stage,
    "home.tick": tick,
}
"""What each does."""
