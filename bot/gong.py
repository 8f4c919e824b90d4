"""The gong: a channel hears of each deal that is won, once, within half a minute."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.deals import Deals
from models.delivery import Deliveries
from models.history import Change, kept_moves
from models.member import Member
from models.rhythm import WON
from models.schedule import Schedule, ScheduleKind, Schedules
from models.workspace import Workspace

_PERIOD = "deal "


def ring(session: Session, workspace: Workspace, deal_ids: Collection[int], *, at: datetime) -> None:
    """Owe the posts of these wins: by their deals and whether it is the first or a later win of each, so that one that
    is undone and done again is told once, and one of a deal that was reopened since, too."""
    if not deal_ids or not workspace.win_posts:
        return
    place = _place(session, workspace, at=at)
    if place is None or place.paused_because:
        return
    deliveries = Deliveries(session, workspace)
    deals = Deals(session, workspace)
    for deal_id in sorted(deal_ids):
        moves = kept_moves(deals.get(deal_id).changes)
        times = sum(move.change is Change.WON for move in moves)
        if times:
            deliveries.owe(place.kind, place.target, period_of(deal_id, times), at=at)


def hang(session: Session, workspace: Workspace, channel: str, *, by: Member | None, at: datetime) -> Schedule:
    """Let wins be told in this channel from now on, and in no other."""
    schedules = Schedules(session, workspace)
    for each in schedules.all():
        if each.kind is ScheduleKind.WIN and each.target != channel:
            schedules.remove(each.kind, each.target)
    workspace.win_posts = True
    return schedules.set(
        ScheduleKind.WIN,
        channel,
        local_time="00:00",
        time_zone=workspace.time_zone,
        weekdays=WON,
        by=by,
        at=at,
    )


def period_of(deal_id: int, times: int) -> str:
    """Of the first win of a deal, or the second, after it was reopened."""
    return f"{_PERIOD}{deal_id}" if times == 1 else f"{_PERIOD}{deal_id} {times}"


def deal_of(period: str) -> int | None:
    """None for what is no period of a win."""
    return int(period.removeprefix(_PERIOD).partition(" ")[0]) if period.startswith(_PERIOD) else None


def place_of_wins(schedules: Sequence[Schedule]) -> Schedule | None:
    """What says where wins are told; where nobody said, the first digest that goes on."""
    known = next((each for each in schedules if each.kind is ScheduleKind.WIN), None)
    digests = (each for each in schedules if each.kind is ScheduleKind.DIGEST and not each.paused_because)
    return known or next(digests, None)


def _place(session: Session, workspace: Workspace, *, at: datetime) -> Schedule | None:
    """Where wins are told, from now on also where that was the digest's channel."""
    found = place_of_wins(Schedules(session, workspace).all())
    if found is None or found.kind is ScheduleKind.WIN:
        return found
    return hang(session, workspace, found.target, by=found.set_by, at=at)
