"""What a team has without asking: nudges each morning, alerts for managers and admins, work done at night."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.member import MORNING, Member, Role
from models.members import Members
from models.schedule import DAILY, Schedule, ScheduleKind, Schedules
from models.workspace import Workspace

NIGHT = "03:00"
LATER_AT_NIGHT = "04:00"
BEFORE_DAWN = "05:00"


@dataclass(frozen=True)
class Routine:
    kind: ScheduleKind
    target: str
    local_time: str
    time_zone: str
    weekdays: str


def keep_routines(session: Session, workspace: Workspace, *, at: datetime) -> None:
    """Make the schedules that are missing, and let those of people who moved to another time zone go along.

    It compares and mostly finds nothing to do: two queries, so that it can stand at the start of every tick, and
    neither a new colleague nor a new manager needs to be reported here by whoever made them. One that is due goes
    first; its zone follows at the next tick.
    """
    schedules = Schedules(session, workspace)
    known = {(schedule.kind, schedule.target): schedule for schedule in schedules.all()}
    for routine in _routines(workspace, Members(session, workspace).all()):
        schedule = known.get((routine.kind, routine.target))
        if schedule is None:
            schedules.ensure(
                routine.kind,
                routine.target,
                local_time=routine.local_time,
                time_zone=routine.time_zone,
                weekdays=routine.weekdays,
                at=at,
            )
        elif not _keeps(schedule, routine) and (schedule.next_due_at > at or schedule.paused_because):
            schedule.change(routine.local_time, routine.time_zone, routine.weekdays, after=at)


def _keeps(schedule: Schedule, routine: Routine) -> bool:
    kept = (schedule.local_time, schedule.time_zone, schedule.weekdays)
    return kept == (routine.local_time, routine.time_zone, routine.weekdays)


def _routines(workspace: Workspace, members: Sequence[Member]) -> Iterator[Routine]:
    yield Routine(ScheduleKind.RESCORE, "", NIGHT, workspace.time_zone, DAILY)
    yield Routine(ScheduleKind.RETRAIN, "", LATER_AT_NIGHT, workspace.time_zone, DAILY)
    yield Routine(ScheduleKind.PACE, "", BEFORE_DAWN, workspace.time_zone, DAILY)
    yield Routine(ScheduleKind.RENEW, "", BEFORE_DAWN, workspace.time_zone, DAILY)
    if workspace.alert_channel:
        yield Routine(ScheduleKind.ALERT, workspace.alert_channel, MORNING, workspace.time_zone, DAILY)
    managing = {member.manager_id for member in members}
    for member in members:
        if member.user_id:
            yield Routine(ScheduleKind.NUDGE, member.user_id, member.notified_at, member.time_zone, DAILY)
            if member.role is not Role.REP or member.id in managing:
                yield Routine(ScheduleKind.ALERT, member.user_id, member.notified_at, member.time_zone, DAILY)
                yield Routine(ScheduleKind.STAGE, member.user_id, member.notified_at, member.time_zone, DAILY)
            if member.role is Role.ADMIN:
                yield Routine(ScheduleKind.MODEL, member.user_id, member.notified_at, member.time_zone, DAILY)
