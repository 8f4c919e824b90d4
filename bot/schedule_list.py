"""The schedules of a team as a person sees them: which they may change, and what comes of each change."""

from bot import digesting
from bot.faults import ScheduleOfSomebodyElse
from bot.reply import Reply
from bot.services import Turn
from bot.views.schedules import PAGE, Entry, schedules_view
from models.member import Role
from models.schedule import AT_ONCE, BY_HAND, Schedule, ScheduleKind


def listed(turn: Turn, *, begin: int = 0, said: str = "") -> Reply:
    """A page of what goes to channels; of what goes to people managers see what is paused, to let it go on."""
    turn.session.flush()
    every = [each for each in turn.schedules.all() if _goes_to_a_channel(each, turn) or _is_for_a_manager(each, turn)]
    if not every:
        return Reply("\n".join(filter(None, (said, turn.say("schedules.none")))))
    page = [
        Entry(each, turn.deliveries.latest(each.kind, each.target, each.number), may_change(each, turn))
        for each in every[begin : begin + PAGE]
    ]
    blocks = schedules_view(page, turn.say, begin=begin, total=len(every), said=said)
    return Reply(said or turn.say("schedules.listed", count=len(every)), blocks)


def only(schedule: Schedule, turn: Turn) -> Reply:
    """One alone, with its buttons."""
    last = turn.deliveries.latest(schedule.kind, schedule.target, schedule.number)
    blocks = schedules_view([Entry(schedule, last, may_change=True)], turn.say, total=1)
    return Reply(turn.say("schedules.listed", count=1), blocks)


def may_change(schedule: Schedule, turn: Turn) -> bool:
    """Whoever set it up, whoever is where it goes, and managers."""
    is_mine = schedule.set_by is turn.member or schedule.target in (turn.channel, turn.member.user_id)
    return is_mine or turn.member.role is not Role.REP


def changeable(schedule_id: int, turn: Turn) -> Schedule:
    """Raises ScheduleNotFound, ScheduleOfSomebodyElse."""
    schedule = turn.schedules.known(schedule_id)
    if not may_change(schedule, turn):
        raise ScheduleOfSomebodyElse(schedule.set_by.name if schedule.set_by else "Sluice")
    return schedule


def pause(schedule: Schedule, turn: Turn) -> str:
    schedule.pause(BY_HAND)
    return turn.say("schedules.now_paused")


def resume(schedule: Schedule, turn: Turn) -> str:
    """What was missed meanwhile is not caught up with."""
    digesting.resume(schedule, turn)
    if schedule.kind is ScheduleKind.WIN:
        return turn.say("schedules.goes_on")
    return turn.say("schedules.goes_on_at", next=turn.say.full_moment(schedule.next_due_at))


def delete(schedule: Schedule, turn: Turn) -> str:
    """Of wins, and in a channel of big deals at risk, a team hears no more until it says so again."""
    if schedule.kind is ScheduleKind.WIN:
        turn.workspace.win_posts = False
    if schedule.kind is ScheduleKind.ALERT and schedule.target == turn.workspace.alert_channel:
        turn.workspace.alert_channel = ""
    turn.schedules.remove(schedule.kind, schedule.target, schedule.number)
    return turn.say("schedules.deleted")


def send(schedule: Schedule, turn: Turn) -> str:
    """Beside its appointments, through the ledger, so that it comes once however often it is asked for in a minute."""
    if schedule.kind is ScheduleKind.WIN:
        return turn.say("schedules.no_win_to_send")
    period = f"{AT_ONCE}{turn.now:%Y-%m-%dT%H:%M}"
    owed = turn.deliveries.owe(schedule.kind, schedule.target, period, at=turn.now, number=schedule.number)
    if not owed:
        return turn.say("schedules.sent_already")
    return turn.say("schedules.sent" if schedule.kind is ScheduleKind.DIGEST else "schedules.sent_if_any")


def _goes_to_a_channel(schedule: Schedule, turn: Turn) -> bool:
    is_alert = schedule.kind is ScheduleKind.ALERT and schedule.target == turn.workspace.alert_channel
    is_win = schedule.kind is ScheduleKind.WIN and turn.workspace.win_posts
    return schedule.kind is ScheduleKind.DIGEST or is_alert or is_win


def _is_for_a_manager(schedule: Schedule, turn: Turn) -> bool:
    return bool(schedule.paused_because and schedule.target) and turn.member.role is not Role.REP
