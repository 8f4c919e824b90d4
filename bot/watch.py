"""Watches what a transaction changes, to know whose Home tabs show something else now, and which deals were won."""

from collections.abc import Sequence

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from models.activity import Task
from models.deal import Deal
from models.exchange import ExchangeRate
from models.history import Change, StageChange
from models.member import Member
from models.members import Members
from models.model_version import ModelVersion
from models.pipeline import Pipeline, Stage
from models.schedule import Schedule
from models.target import Target
from models.workspace import Workspace

_SHOWN_TO_ALL = (Workspace, Pipeline, Stage, Target, Schedule, ExchangeRate, ModelVersion)
_SHOWN_OF_MEMBERS = ("name", "role", "manager_id")


class Watch:
    """Of one session, from now on. `won` are the ids of the deals that somebody won."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_changed = False
        self._is_of_all = self._is_of_team = False
        self._owners: set[int | None] = set()
        self.won: set[int] = set()
        event.listen(session, "after_flush", self._note)

    def viewers(self, member: Member) -> list[str]:
        """The Slack ids of those who have opened their Home tab and whose deals were changed, and of the member, if
        they changed anything."""
        self._session.flush()
        owners = {self._session.get(Member, owner) for owner in self._owners if owner is not None}
        concerned = owners | ({member} if self._is_changed else set())
        return sorted(each.user_id for each in concerned if each and each.home and each.user_id)

    def outdate_others(self, members: Members, *, but: Sequence[str]) -> None:
        """Have all other Home tabs drawn soon that show what was changed: all of them where it is the team's, or counts
        for its targets; those of managers where it is somebody's."""
        if self._is_of_all or self.won:
            members.outdate_homes(but=but)
        elif self._is_of_team:
            members.outdate_homes(but=but, of_reps=False)

    def _note(self, session: Session, _context: UOWTransaction) -> None:
        self.won |= {
            each.deal_id for each in session.new if isinstance(each, StageChange) and each.change is Change.WON
        }
        for each in [*session.new, *session.dirty, *session.deleted]:
            if each not in session.dirty or session.is_modified(each):
                self._is_changed = True
                self._is_of_all |= isinstance(each, _SHOWN_TO_ALL)
                self._is_of_team |= isinstance(each, Deal) or (isinstance(each, Member) and _is_known_otherwise(each))
                deal = session.get(Deal, each.deal_id) if isinstance(each, Task) else each
                if isinstance(deal, Deal):
                    was = inspect(deal).attrs.owner_id.history.deleted
                    self._owners |= {deal.owner_id, *was}


def _is_known_otherwise(member: Member) -> bool:
    return any(inspect(member).attrs[each].history.has_changes() for each in _SHOWN_OF_MEMBERS)
