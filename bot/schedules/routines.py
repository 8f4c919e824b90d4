"""What a team has without asking: nudges each morning, alerts for managers and admins, work done at night."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select
from sqlalchemy.orm import Session

from models.member import MORNING, Member, Role
from models.members import Members
from models.rhythm import DAILY
from models.schedule import Schedule, ScheduleKind, Schedules
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


def without_routines(session: Session, team_ids: Sequence[str], *, at: datetime) -> list[str]:
    """The teams for which `keep_routines` would do something.

    Two queries for all of them, so that it can stand at the start of every tick, and neither a new colleague nor a
    new manager needs to be reported here by whoever made them.
    """
    people = _by_team(session.execute(_PEOPLE, {"team_ids": team_ids}).all())
    schedules = _by_team(session.execute(_SCHEDULES, {"team_ids": team_ids}).all())

    def lacks(team_id: str) -> bool:
        here = people[team_id]
        return not here or any(_unkept(here[0].zone, here[0].alert_channel, here, schedules[team_id], at))

    return [team_id for team_id in team_ids if lacks(team_id)]


def alert_in(session: Session, workspace: Workspace, channel: str, *, by: Member, at: datetime) -> None:
    """Let this channel, and no other, hear of big deals at risk, or none where it is empty. Whoever says so is told
    where a post there fails."""
    schedules = Schedules(session, workspace)
    if workspace.alert_channel and schedules.find(ScheduleKind.ALERT, workspace.alert_channel):
        schedules.remove(ScheduleKind.ALERT, workspace.alert_channel)
    workspace.alert_channel = channel
    if channel:
        schedules.set(
            ScheduleKind.ALERT,
            channel,
            local_time=MORNING,
            time_zone=workspace.time_zone,
            weekdays=DAILY,
            by=by,
            at=at,
        )


def keep_routines(session: Session, workspace: Workspace, *, at: datetime) -> None:
    """Make the schedules that are missing, and let those of people who moved to another time zone go along. One that is
    due goes first; its zone follows at the next tick."""
    schedules = Schedules(session, workspace)
    members, zone, channel = Members(session, workspace).all(), workspace.time_zone, workspace.alert_channel
    for routine, schedule in _unkept(zone, channel, members, schedules.all(), at):
        if schedule is None:
            schedules.ensure(
                routine.kind,
                routine.target,
                local_time=routine.local_time,
                time_zone=routine.time_zone,
                weekdays=routine.weekdays,
                at=at,
            )
        else:
            schedule.change(routine.local_time, routine.time_zone, routine.weekdays, after=at)


def _by_team(rows: Iterable[Row[*tuple[Any, ...]]]) -> Mapping[str, Sequence[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.team_id].append(row)
    return found


_TEAM_IDS: BindParameter[str] = bindparam("team_ids", expanding=True)
_PEOPLE = (
    select(
        Workspace.id.label("team_id"),
        Workspace.time_zone.label("zone"),
        Workspace.alert_channel,
        Member.id,
        Member.user_id,
        Member.role,
        Member.manager_id,
        Member.notified_at,
        Member.time_zone,
    )
    .outerjoin(Member, Member.workspace_id == Workspace.id)
    .where(Workspace.id.in_(_TEAM_IDS))
)
_SCHEDULES = select(
    Schedule.workspace_id.label("team_id"),
    Schedule.kind,
    Schedule.target,
    Schedule.local_time,
    Schedule.time_zone,
    Schedule.weekdays,
    Schedule.next_due_at,
    Schedule.paused_because,
).where(Schedule.workspace_id.in_(_TEAM_IDS))
"""Of the columns and not of their classes, as most ticks compare hundreds of rows and change none."""


def _unkept(
    zone: str,
    alert_channel: str,
    members: Sequence[Member | Row[Any]],
    schedules: Sequence[Schedule | Row[Any]],
    at: datetime,
) -> Iterator[tuple[Routine, Any]]:
    """The routines that have no schedule, or one to be changed."""
    known = {(schedule.kind, schedule.target): schedule for schedule in schedules}
    for routine in _routines(zone, alert_channel, members):
        schedule = known.get((routine.kind, routine.target))
        if schedule is None or (
            not _keeps(schedule, routine) and (schedule.next_due_at > at or schedule.paused_because)
        ):
            yield routine, schedule


def _keeps(schedule: Schedule | Row[Any], routine: Routine) -> bool:
    kept = (schedule.local_time, schedule.time_zone, schedule.weekdays)
    return kept == (routine.local_time, routine.time_zone, routine.weekdays)


def _routines(zone: str, alert_channel: str, members: Sequence[Member | Row[Any]]) -> Iterator[Routine]:
    yield Routine(ScheduleKind.RESCORE, "", NIGHT, zone, DAILY)
    yield Routine(ScheduleKind.RETRAIN, "", LATER_AT_NIGHT, zone, DAILY)
    yield Routine(ScheduleKind.PACE, "", BEFORE_DAWN, zone, DAILY)
    yield Routine(ScheduleKind.RENEW, "", BEFORE_DAWN, zone, DAILY)
    if alert_channel:
        yield Routine(ScheduleKind.ALERT, alert_channel, MORNING, zone, DAILY)
    managing = {member.manager_id for member in members}
    for member in members:
        if member.user_id:
            yield Routine(ScheduleKind.NUDGE, member.user_id, member.notified_at, member.time_zone, DAILY)
            if member.role is not Role.REP or member.id in managing:
                yield Routine(ScheduleKind.ALERT, member.user_id, member.notified_at, member.time_zone, DAILY)
                yield Routine(ScheduleKind.STAGE, member.user_id, member.notified_at, member.time_zone, DAILY)
            if member.role is Role.ADMIN:
                yield Routine(ScheduleKind.MODEL, member.user_id, member.notified_at, member.time_zone, DAILY)
