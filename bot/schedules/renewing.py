"""Every night the renewals that are near become deals, so that nobody has to remember them."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.say import Say
from bot.schedules.chore import Think, Write
from models.aftercare import Aftercare
from models.workspace import Workspace, day_in
from scoring.scorer import Scorers


def renew(_session: Session, _workspace: Workspace, _scorers: Scorers, now: datetime) -> Think:
    """There is nothing to think about: each is opened, and taken off its deal, in one transaction."""

    def write(session: Session, workspace: Workspace) -> None:
        source = Say(workspace.locale, workspace.time_zone).plain("source.renewal")
        Aftercare(session, workspace).open_renewals(day_in(workspace.time_zone, now), at=now, source=source)

    def think() -> Write:
        return write

    return think
