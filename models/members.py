"""The people of one workspace: who they are, found by Slack id or by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models.errors import LastAdmin, MemberNotFound
from models.member import HOME_IS_OUTDATED, MORNING, Member, Role
from models.texts import NAME_LIMIT, clean, clean_or_empty, matching, name_key
from models.workspace import Workspace, one_at_a_time


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person. `time_zone` is an IANA name, `locale` like "en-US"; empty where it did not say."""

    user_id: str
    name: str
    email: str = ""
    time_zone: str = ""
    locale: str = ""
    is_admin: bool = False
    teams: frozenset[str] = frozenset()
    """The Slack teams that they are of; none where it did not say."""


def outdated_homes(session: Session, *, limit: int) -> list[tuple[str, str]]:
    """Workspaces and Slack ids of people in all workspaces whose Home tabs wait to be drawn anew."""
    found = select(Member.workspace_id, Member.user_id).where(HOME_IS_OUTDATED, Member.user_id.is_not(None))
    return [(team_id, str(user_id)) for team_id, user_id in session.execute(found.order_by(Member.id).limit(limit))]


class Members:
    """The members of one workspace; no query here can see another's."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace

    def all(self) -> Sequence[Member]:
        return self._session.scalars(self._all().order_by(Member.name)).all()

    def get(self, member_id: int) -> Member:
        """Raises MemberNotFound."""
        found = self._session.scalar(self._all().where(Member.id == member_id))
        if found is None:
            raise MemberNotFound(str(member_id))
        return found

    def by_user_id(self, user_id: str) -> Member | None:
        return self._session.scalar(self._all().where(Member.user_id == user_id))

    def named(self, name: str) -> Member:
        """The one member that a name, a first name or a small misspelling means. Raises MemberNotFound."""
        members = self.all()
        found = matching(name, [member.name for member in members])
        if len(found) != 1:
            raise MemberNotFound(name)
        return members[found[0]]

    def seen(self, profile: Profile, *, at: datetime) -> Member:
        """The member behind a Slack user, made or brought up to date.

        The first person of a workspace, and Slack's own admins, begin as admins. Somebody who was known by name from
        an import only is taken to be the Slack user of exactly that name or e-mail address.
        """
        member = self.by_user_id(profile.user_id)
        if member is None:
            one_at_a_time(self._session, self._workspace)
            member = self.by_user_id(profile.user_id) or self._imported(profile)
        if member is None:
            member = self._new("", role=self._first_role(profile), at=at)
        member.user_id = profile.user_id
        member.name = clean_or_empty(profile.name, field="member", limit=NAME_LIMIT) or member.name or profile.user_id
        member.email = profile.email or member.email
        member.time_zone = profile.time_zone or member.time_zone
        member.locale = profile.locale or member.locale
        self._session.flush()
        return member

    def known_as(self, name: str, *, at: datetime) -> Member:
        """The member of exactly this name (case and width aside), made when there is none: for imports.

        Raises TextMissing, TextTooLong.
        """
        kept = clean(name, field="member", limit=NAME_LIMIT)
        for member in self.all():
            if name_key(member.name) == name_key(kept):
                return member
        member = self._new(kept, role=Role.REP, at=at)
        self._session.flush()
        return member

    def appoint(self, member: Member, role: Role) -> None:
        """Give a member a role. Raises LastAdmin when nobody would be left to give roles."""
        one_at_a_time(self._session, self._workspace)
        others = self._all().where(Member.role == Role.ADMIN, Member.id != member.id)
        if member.role is Role.ADMIN and role is not Role.ADMIN and not self._count(others):
            raise LastAdmin(member.name)
        member.role = role

    def managers_of(self, member: Member | None) -> Sequence[Member]:
        """Whom to tell about a member's deals: their manager, else every manager, else every admin; in Slack only."""
        if member is not None and member.manager is not None and member.manager.user_id:
            return [member.manager]
        reachable = [each for each in self.all() if each.user_id]
        return [each for each in reachable if each.role is Role.MANAGER] or [
            each for each in reachable if each.role is Role.ADMIN
        ]

    def outdate_homes(self, *, but: Collection[str] = (), of_reps: bool = True) -> None:
        """Have the Home tabs of all who opened theirs drawn anew soon, `but` some by their Slack ids, or those of
        managers and admins only."""
        mine = update(Member).where(
            Member.workspace_id == self._workspace.id, Member.home != "", Member.user_id.not_in(but)
        )
        whose = mine if of_reps else mine.where(Member.role != Role.REP)
        self._session.execute(whose.values(is_home_outdated=True), execution_options={"synchronize_session": False})

    def outdate_home(self, user_id: str) -> None:
        """That of one person."""
        mine = update(Member).where(Member.workspace_id == self._workspace.id, Member.user_id == user_id)
        self._session.execute(mine.values(is_home_outdated=True), execution_options={"synchronize_session": False})

    def update_homes(self, user_ids: Collection[str]) -> None:
        """These are being drawn anew."""
        mine = update(Member).where(Member.workspace_id == self._workspace.id, Member.user_id.in_(user_ids))
        self._session.execute(mine.values(is_home_outdated=False), execution_options={"synchronize_session": False})

    def _new(self, name: str, *, role: Role, at: datetime) -> Member:
        member = Member(
            workspace_id=self._workspace.id,
            name=name,
            email="",
            role=role,
            time_zone=self._workspace.time_zone,
            locale=self._workspace.locale,
            language="",
            notified_at=MORNING,
            is_muted=False,
            is_bundled=False,
            joined_at=at,
        )
        self._session.add(member)
        return member

    def _first_role(self, profile: Profile) -> Role:
        nobody_yet = not self._count(self._all().where(Member.user_id.is_not(None)))
        return Role.ADMIN if profile.is_admin or nobody_yet else Role.REP

    def _imported(self, profile: Profile) -> Member | None:
        for member in self._session.scalars(self._all().where(Member.user_id.is_(None))):
            known_as = {name_key(member.name), name_key(member.email)}  # exports may name people by their addresses
            if known_as & ({name_key(profile.name), name_key(profile.email)} - {""}):
                return member
        return None

    def _count(self, members: Select[Member]) -> int:
        return self._session.scalar(select(func.count()).select_from(members.subquery())) or 0

    def _all(self) -> Select[Member]:
        return select(Member).where(Member.workspace_id == self._workspace.id)
