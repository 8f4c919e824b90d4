"""Watches what a transaction changes, to know whose Home tabs show something else now, and which deals were won."""

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

from models.activity import Task
from models.deal import Deal
from models.history import Change, StageChange
from models.member import Member


class Watch:
    """Of one session, from now on. `won` are the ids of the deals that somebody won."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_changed = False
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

    def _note(self, session: Session, _context: UOWTransaction) -> None:
        self.won |= {
            each.deal_id for each in session.new if isinstance(each, StageChange) and each.change is Change.WON
        }
        for each in [*session.new, *session.dirty]:
            if each in session.new or session.is_modified(each):
                self._is_changed = True
                deal = session.get(Deal, each.deal_id) if isinstance(each, Task) else each
                if isinstance(deal, Deal):
                    was = inspect(deal).attrs.owner_id.history.deleted
                    self._owners |= {deal.owner_id, *was}
