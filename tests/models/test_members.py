"""People are known by their Slack id, found by name, and nobody is two members."""

from functools import partial
from threading import Barrier

import pytest

from models.database import Database
from models.errors import LastAdmin, MemberNotFound, NotAllowed, TextMissing, TextTooLong
from models.member import Role
from models.members import Members, Profile
from models.workspace import Workspace, workspace_of
from tests.factories import MONDAY, a_member, a_team
from tests.models.at_once import PATIENCE, at_once


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_earlier_ones_may(role: Role) -> None:
    allowed = list(Role)[: list(Role).index(role) + 1]
    member = a_member(role=role)

    for each in allowed:
        member.require(each)
    for each in set(Role) - set(allowed):
        with pytest.raises(NotAllowed):
            member.require(each)


def test_the_first_person_and_slacks_admins_begin_as_admins(database: Database) -> None:
    with database.begin() as session:
        members = Members(session, workspace_of(session, "T1", at=MONDAY))
        members.known_as("Imported", at=MONDAY)

        roles = [
            members.seen(Profile(user, user, is_admin=is_admin), at=MONDAY).role
            for user, is_admin in (("U1", False), ("U2", False), ("U3", True))
        ]

    assert roles == [Role.ADMIN, Role.REP, Role.ADMIN]


def test_a_person_is_brought_up_to_date_with_what_slack_says(database: Database) -> None:
    with database.begin() as session:
        members = a_team(session).members
        first = members.seen(Profile("U1", "Cara", "c@example.com", "Asia/Tokyo", "ja-JP"), at=MONDAY)

        again = members.seen(Profile("U1", "Cara\x00 Lee"), at=MONDAY)

        assert again is first
        assert (again.name, again.email, again.time_zone, again.locale) == (
            "Cara Lee",
            "c@example.com",
            "Asia/Tokyo",
            "ja-JP",
        )


@pytest.mark.parametrize("profile", [Profile("U1", "DARCEL  schlecht"), Profile("U1", "D.", "D@Example.com")])
def test_somebody_known_from_an_import_becomes_the_slack_user(database: Database, profile: Profile) -> None:
    with database.begin() as session:
        members = a_team(session).members
        imported = members.known_as("Darcel Schlecht", at=MONDAY)
        imported.email = "d@example.com"

        assert members.seen(profile, at=MONDAY) is imported


def test_somebody_whom_an_import_knows_by_address_becomes_the_slack_user(database: Database) -> None:
    with database.begin() as session:
        members = a_team(session).members
        nameless = members.known_as("Ø", at=MONDAY)
        imported = members.known_as("D@example.com", at=MONDAY)

        assert members.seen(Profile("U1", "Darcel", "d@Example.com"), at=MONDAY) is imported
        assert members.seen(Profile("U2", "", ""), at=MONDAY) is not nameless


def test_a_name_is_known_once_whatever_its_case(database: Database) -> None:
    with database.begin() as session:
        members = a_team(session).members

        assert members.known_as("Élodie", at=MONDAY) is members.known_as(" ÉLODIE", at=MONDAY)


@pytest.mark.parametrize(("name", "error"), [("", TextMissing), ("\ud800\x00", TextMissing), ("x" * 3000, TextTooLong)])
def test_a_name_that_cannot_be_kept_is_refused(database: Database, name: str, error: type[Exception]) -> None:
    with database.begin() as session, pytest.raises(error):
        a_team(session).members.known_as(name, at=MONDAY)


def test_a_member_is_named_by_a_part_that_means_nobody_else(database: Database) -> None:
    with database.begin() as session:
        members = a_team(session).members
        members.known_as("Ann Other", at=MONDAY)
        members.known_as("Zed Other", at=MONDAY)

        assert members.named("zed").name == "Zed Other"
        assert members.named("Ann").name == "Ann"
        for unclear in ("other", "nobody", "", "\x00", "\ud800", "%"):
            with pytest.raises(MemberNotFound):
                members.named(unclear)


def test_a_manager_is_told_else_all_managers_else_all_admins(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        assert team.members.managers_of(team.bob) == [team.ann]

        chief = team.members.seen(Profile("UCHIEF", "Chief"), at=MONDAY)
        chief.role = Role.MANAGER
        assert team.members.managers_of(team.bob) == [chief]

        own = team.members.seen(Profile("UOWN", "Own"), at=MONDAY)
        team.bob.manager = own
        assert team.members.managers_of(team.bob) == [own]
        assert team.members.managers_of(None) == [chief]


def test_a_manager_who_is_not_in_slack_cannot_be_told(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.bob.manager = team.members.known_as("Far away", at=MONDAY)

        assert team.members.managers_of(team.bob) == [team.ann]


def test_somebody_remains_who_gives_roles(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        with pytest.raises(LastAdmin):
            team.members.appoint(team.ann, Role.REP)

        team.members.appoint(team.bob, Role.ADMIN)
        team.members.appoint(team.ann, Role.REP)

        assert (team.ann.role, team.bob.role) == (Role.REP, Role.ADMIN)


def test_two_admins_who_leave_office_at_once_do_not_both(postgres: Database) -> None:
    both_know_of_each_other = Barrier(2, timeout=PATIENCE)
    with postgres.begin() as session:
        team = a_team(session)
        team.members.appoint(team.bob, Role.ADMIN)

    def step_down(user_id: str) -> None:
        with postgres.begin() as session:
            members = Members(session, session.get_one(Workspace, "T1"))
            known = {member.user_id: member for member in members.all()}
            both_know_of_each_other.wait()
            members.appoint(known[user_id], Role.REP)

    results = at_once([partial(step_down, "UANN"), partial(step_down, "UBOB")])

    assert sorted(type(each).__name__ for each in results) == ["LastAdmin", "NoneType"]


def test_a_person_who_clicks_twice_at_first_is_one_member(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    def click() -> None:
        with database.begin() as session:
            a_team(session).members.seen(Profile("UNEW", "New"), at=MONDAY)

    assert at_once([click] * 6) == [None] * 6
    with database.reading() as session:
        assert [member.name for member in a_team(session).members.all()] == ["Ann", "Bob", "New"]
