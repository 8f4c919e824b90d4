"""Every night it is learnt anew how long deals usually wait in each stage, so that only what is unusual is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.schedules.chore import Think, Write
from models.members import Members
from models.pipelines import Pipelines
from models.timelines import Timelines
from models.working_days import WorkingDays, country_of
from models.workspace import Workspace
from scoring.pacing import usual_waits
from scoring.scorer import Scorers


def pace(session: Session, workspace: Workspace, _scorers: Scorers, now: datetime) -> Think:
    """Keeps with each stage how long deals usually wait in it."""
    histories = Timelines(session, workspace).all()
    nobodys = WorkingDays(country_of(workspace.time_zone), workspace.time_zone)
    calendars = {None: nobodys} | {member.id: member.working_days for member in Members(session, workspace).all()}

    def think() -> Write:
        usual = usual_waits(histories, calendars, at=now)

        def write(session: Session, workspace: Workspace) -> None:
            Pipelines(session, workspace).keep_usual_waits(usual)

        return write

    return think
