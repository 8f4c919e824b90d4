"""Which stages are out of line by the end of yesterday, worked out once for all managers who hear of it in a morning.

It follows from the history and takes seconds in a large team. Its managers are told at the same minute and in several
threads, so that one works it out while the others wait, and what comes of it is kept for some minutes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.known_deals import Selection, known_before
from models.leaks import Abnormal, OutOfLine
from models.period import Period, Unit
from models.pipeline import Pipeline
from models.pipelines import Pipelines
from models.workspace import Workspace
from scoring.funnel_reports import funnel_past_since
from scoring.leaks import clues_to, looked_back_on
from scoring.stage_watch import LOOKED_BACK_FOR_ALARMS, WINDOW, StageWatch

_KEPT = timedelta(minutes=10)


class StageNews:
    """What was found of each workspace lately; one for the whole process, safe among threads."""

    def __init__(self) -> None:
        self._locks: dict[str, Lock] = {}
        """One a workspace, so that no team waits for another's."""
        self._found: dict[str, tuple[datetime, Sequence[OutOfLine]]] = {}

    def of(self, session: Session, workspace: Workspace, *, at: datetime) -> Sequence[OutOfLine]:
        with self._locks.setdefault(workspace.id, Lock()):
            found_at, found = self._found.get(workspace.id, (None, ()))
            if found_at is None or not timedelta() <= at - found_at < _KEPT:
                pipelines = Pipelines(session, workspace).all()
                found = [each for pipeline in pipelines for each in _out_of_line(session, workspace, pipeline, at)]
                self._found[workspace.id] = (at, found)
            return found


def _out_of_line(session: Session, workspace: Workspace, pipeline: Pipeline, at: datetime) -> Sequence[OutOfLine]:
    last_weeks = _last_weeks(workspace, at)
    until = last_weeks.end
    since = min(looked_back_on(last_weeks), until - LOOKED_BACK_FOR_ALARMS)
    past = funnel_past_since(session, workspace, pipeline.id, since, at=at)
    deals = known_before(past.histories, until, Selection())
    watch = StageWatch(deals, past.stages, until=until)
    alarms = watch.alarms(until)
    leaking = [alarm.verdict.stage for alarm in alarms if alarm.verdict.kind is Abnormal.ATTRITION]
    clues = clues_to(leaking, deals, past, last_weeks)
    return [
        OutOfLine(
            pipeline.name,
            alarm.verdict,
            alarm.begun,
            watch.weeks(alarm, until, zone=workspace.time_zone),
            clues.get(alarm.verdict.stage.id) if alarm.verdict.kind is Abnormal.ATTRITION else None,
        )
        for alarm in alarms
    ]


def _last_weeks(workspace: Workspace, at: datetime) -> Period:
    """What the watch looks at: the days up to yesterday, by the workspace's clock."""
    yesterday = at.astimezone(ZoneInfo(workspace.time_zone)).date() - timedelta(days=1)
    return Period(Unit.DAYS, yesterday - timedelta(days=WINDOW - 1), yesterday, workspace.time_zone)
