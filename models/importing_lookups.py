"""Finds the people and the deals that the rows of a file name, thousands of times without asking the database again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import Database
from models.deal import Deal
from models.errors import SeveralDealsFit
from models.importing_errors import DealOfRowNotFound
from models.members import Members
from models.texts import NAME_LIMIT, name_key
from models.workspace import Workspace, workspace_of


class People:
    """Members by their names or e-mail addresses; somebody unknown joins the workspace."""

    def __init__(self, session: Session, workspace: Workspace, *, at: datetime) -> None:
        self._at = at
        self._ids: dict[str, int] = {}
        self.made = 0
        for member in reversed(Members(session, workspace).all()):
            self._ids[name_key(member.name)] = member.id
            if member.email:
                self._ids[name_key(member.email)] = member.id

    def id_of(self, name: str, session: Session, workspace: Workspace) -> int | None:
        """None where nobody is named. Raises TextMissing, TextTooLong."""
        key = name_key(name)
        if key and key not in self._ids:
            self._ids[key] = Members(session, workspace).known_as(name, at=self._at).id
            self.made += 1
        return self._ids[key] if key else None


class KnownDeal(NamedTuple):
    id: int
    pipeline_id: int


class KnownDeals:
    """The deals of a workspace by the id that a file may know them under, and by name."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._workspace_id = workspace.id
        self._by_key: dict[str, KnownDeal] = {}
        self._by_name: dict[str, list[KnownDeal]] = defaultdict(list)
        query = select(Deal.id, Deal.pipeline_id, Deal.external_id, Deal.name_key).where(
            Deal.workspace_id == workspace.id
        )
        for deal_id, pipeline_id, external_id, key in session.execute(query):
            deal = KnownDeal(deal_id, pipeline_id)
            self._by_key[external_id or own_key(workspace.id, deal_id)] = deal
            self._by_name[key].append(deal)

    def find(self, key: str, name: str) -> KnownDeal:
        """By the id, or without one by the name. Raises DealOfRowNotFound, SeveralDealsFit."""
        found = self._by_key.get(key or name)
        if found is not None:
            return found
        named = [] if key else self._by_name.get(name_key(name), [])
        if not named:
            raise DealOfRowNotFound((key or name)[:NAME_LIMIT])
        if len(named) > 1:
            raise SeveralDealsFit(name[:NAME_LIMIT], (), more=len(named))
        return named[0]


@contextmanager
def looked_up(database: Database, team_id: str, *, at: datetime) -> Iterator[tuple[Session, Workspace]]:
    """The workspace, to look up deals in; one that is not there yet has none, so none is made."""
    with database.begin() as session:
        is_there = session.get(Workspace, team_id) is not None
        yield session, workspace_of(session, team_id, at=at)
        if not is_there:
            undo(session)


def undo(session: Session) -> None:
    """Take back what was written in the transaction; what was read stays as it is."""
    session.expunge_all()
    session.rollback()


def own_key(workspace_id: str, deal_id: int) -> str:
    """The id under which a deal that came from nowhere else is exported; found again in this workspace only."""
    return f"sluice:{workspace_id}:{deal_id}"


_Item = TypeVar("_Item")


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items by the lot, the last one shorter."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
