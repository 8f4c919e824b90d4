"""Deals are added once, found by what was meant, and listed when they matter."""

from contextlib import suppress
from functools import partial

import pytest
from moneyed import Money
from sqlalchemy import select

from models.activity import ActivityKind
from models.database import Database
from models.deal import Deal, DealField
from models.deal_values import DealValues
from models.errors import DealNotFound, DomainError, NameMissing, NameTaken, SeveralDealsFit, TextTooLong
from models.history import Via
from models.texts import name_key
from tests.factories import MONDAY, Team, a_team, days
from tests.models.at_once import at_once

ODD_NAMES = [
    "🚀 Büro 👩\u200d💻",
    "شركة النور",
    "北京字节跳动",
    "<!channel> & <@U123>",
    "100% of_it \\ here",
    "' OR 1=1; --",
    "x" * 150,
    "ﷺ" * 150,
]
UNKEEPABLE = ["\ud800", "\x00", "\u200b", "", " \n"]


def names(deals: object) -> list[str]:
    assert isinstance(deals, list)
    return [deal.name for deal in deals]


def meant(team: Team, text: str) -> list[str]:
    """The name of the deal that is meant, or those of the deals that may be."""
    try:
        return [team.deals.named(text).name]
    except SeveralDealsFit as several:
        return [candidate.name for candidate in several.candidates]


# Adding


def test_a_deal_comes_back_as_it_was_added(database: Database) -> None:
    with database.begin() as session:
        deal_id = a_team(session).adds(" Acme\tCorp ", money=Money("1200.50", "EUR"), company="Acme Ltd").id

    with database.begin() as session:
        team = a_team(session)
        deal = team.deals.get(deal_id)
        assert (deal.name, deal.company, deal.money, deal.owner) == (
            "Acme Corp",
            "Acme Ltd",
            Money("1200.50", "EUR"),
            team.ann,
        )
        assert (deal.stage.name, deal.entered_stage_at, len(deal.changes)) == ("Lead identified", MONDAY, 1)


def test_a_deal_without_an_amount_has_the_teams_currency(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.workspace.currency = "JPY"

        assert (team.adds("Acme").currency, team.deals.named("acme").money) == ("JPY", None)
        assert team.adds("Free", money=Money(0, "USD")).money == Money(0, "USD")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_kept_and_found_again(database: Database, name: str) -> None:
    with database.begin() as session:
        a_team(session).adds(name, company=name, contact=name, source=name)

    with database.begin() as session:
        team = a_team(session)
        assert team.deals.named(name).name == name
        assert names(team.deals.find(name[:20], limit=5)) == [name]


@pytest.mark.parametrize("name", UNKEEPABLE)
def test_a_deal_needs_a_name_that_can_be_seen(database: Database, name: str) -> None:
    with database.begin() as session, pytest.raises(NameMissing):
        a_team(session).adds(name)


def test_a_name_may_not_be_endless(database: Database) -> None:
    with database.begin() as session, pytest.raises(TextTooLong):
        a_team(session).adds("x" * 3000)


def test_an_open_deal_has_its_name_for_itself(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Acme")
        with pytest.raises(NameTaken):
            team.adds(" ACME")

        team.deals.named("Acme").win(by=None, at=MONDAY, via=Via.COMMAND)

        assert team.adds("acme").is_open


def test_two_people_who_add_one_deal_at_once_add_it_once(database: Database) -> None:
    with database.begin() as session:
        a_team(session)

    def add() -> None:
        with database.begin() as session:
            a_team(session).adds("Acme")

    results = at_once([add] * 6)

    assert results.count(None) == 1
    assert [type(each) for each in results if each is not None] == [NameTaken] * 5


# Finding


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", ["Acme"]),
        ("ACM", ["Acme Corp", "Acme"]),
        ("corp", ["Acme Corp"]),
        ("globx", ["Globex"]),
        ("glo", ["Globex"]),
        ("élan", ["Élan GmbH"]),
        ("ÉLAN", ["Élan GmbH"]),
        ("  globex ", ["Globex"]),
        ("Glo\u200bbex", ["Globex"]),
    ],
)
def test_a_deal_is_named_by_what_was_meant(database: Database, text: str, found: list[str]) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name in ("Acme", "Acme Corp", "Globex", "Élan GmbH"):
            team.adds(name)

        assert meant(team, text) == found


def test_a_deal_is_named_by_its_number(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")

        assert team.deals.named(f"#{deal.id}") is deal
        assert team.deals.named(f" #{deal.id} ") is deal


@pytest.mark.parametrize(
    "text",
    ["#0", "#99999999999999999999", "#9999999999999999", "#-1", "#²", "#", "%", "_", "\\", "nobody", "x" * 3000],
)
def test_a_name_that_nothing_has_finds_nothing(database: Database, text: str) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Acme")

        with pytest.raises(DealNotFound):
            team.deals.named(text)


@pytest.mark.parametrize("text", UNKEEPABLE)
def test_nothing_is_no_name(database: Database, text: str) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Acme")

        with pytest.raises(NameMissing):
            team.deals.named(text)


def test_of_several_that_fit_a_single_open_one_is_meant(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Acme One", stage="Won")
        team.adds("Acme Two")

        assert team.deals.named("acme").name == "Acme Two"
        assert team.deals.named("acme", closed_first=True).name == "Acme One"


def test_where_several_fit_the_first_eight_are_told_and_how_many_more(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for number in range(10):
            team.adds(f"Acme {number}")

        with pytest.raises(SeveralDealsFit) as several:
            team.deals.named("acme")

        assert (len(several.value.candidates), several.value.more) == (8, 2)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", ["Acme"]),
        ("LTD", ["Globex", "Acme"]),
        ("straße", ["Globex"]),
        ("élan", ["Globex"]),
        ("globx", ["Globex"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("nobody at all", []),
    ],
)
def test_deals_are_found_by_name_company_or_contact(database: Database, text: str, found: list[str]) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Acme", company="Acme Ltd")
        team.adds("Globex", company="Straße Ltd", contact="ÉLAN Vital")

        assert names(team.deals.find(text, limit=5)) == found
        assert team.deals.count_found(text) == len(found)


@pytest.mark.parametrize("text", [*UNKEEPABLE, "x" * 3000, "\ufb2c" * 3, "#99999999999999999999", "\ud800%"])
def test_no_search_makes_the_database_stumble(database: Database, text: str) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Acme")

        assert len(team.deals.find(text, limit=5)) == min(5, team.deals.count_found(text))
        assert not team.deals.has_name(text)


@pytest.mark.parametrize("name", [*ODD_NAMES, *UNKEEPABLE, "x" * 3000])
def test_whatever_is_written_is_kept_or_refused_but_breaks_nothing(database: Database, name: str) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")
        for write in (
            partial(deal.rename, name, by=None, at=MONDAY),
            partial(deal.log, ActivityKind.NOTE, name, by=None, at=MONDAY),
            partial(deal.plan, name, due=None, by=None, at=MONDAY),
            partial(deal.set_custom, "Field", name, by=None, at=MONDAY),
            partial(deal.advance, by=None, at=MONDAY, via=Via.COMMAND, note=name),
            partial(deal.lose, name, by=None, at=MONDAY, via=Via.COMMAND),
        ):
            with suppress(DomainError):
                write()

    with database.reading() as session:
        kept = session.scalars(select(Deal)).one()
        assert kept.name_key == name_key(kept.name)


# Listing


def test_open_deals_are_listed_with_those_that_waited_longest_first(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Young", at=MONDAY)
        team.adds("Old", at=MONDAY - days(9), owner=team.bob)
        team.adds("Won", stage="Won")

        assert names(team.open_deals.all()) == ["Old", "Young"]
        assert names(team.open_deals.all(limit=1)) == ["Old"]
        assert names(team.open_deals.all(owner=team.ann)) == ["Young"]
        assert names(team.open_deals.all(stage=team.pipeline.first, owner=team.bob)) == ["Old"]
        assert (team.open_deals.count(), team.open_deals.count(owner=team.bob)) == (2, 1)


def test_names_are_told_of_more_deals_than_postgresql_takes_in_one_query(postgres: Database) -> None:
    with postgres.begin() as session:
        team = a_team(session)
        acme, globex = team.adds("Acme"), team.adds("Globex")

        assert team.deals.names_of(range(1, 70_000)) == {acme.id: "Acme", globex.id: "Globex"}


def test_stalled_deals_are_those_that_the_rule_of_the_deal_names(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name, stage, age in (("A", "Proposal", 14), ("B", "Proposal", 13), ("C", "Lead identified", 30)):
            team.adds(name, stage=stage, at=MONDAY - days(age))
        team.adds("Won", stage="Won", at=MONDAY - days(90))
        team.adds("Busy", stage="Proposal", at=MONDAY - days(27)).log(
            ActivityKind.CALL, "Called", by=None, at=MONDAY - days(1)
        )
        team.adds("Snoozed", stage="Proposal", at=MONDAY - days(90)).snooze(MONDAY + days(1))

        stalled = team.open_deals.stalled(MONDAY)

        assert names(stalled) == ["C", "A"]
        assert {deal.name for deal in session.scalars(select(Deal)) if deal.is_stalled(MONDAY)} == {"A", "C"}
        assert team.open_deals.stalled(MONDAY, owner=team.bob) == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_none_is_left_out_that_has_stalled_or_is_to_close(database: Database, zone: str) -> None:
    friday = MONDAY + days(4)
    with database.begin() as session:
        team = a_team(session)
        team.ann.time_zone = zone
        first, second, *_ = team.pipeline.open_stages
        first.stalled_after_days, first.usual_days_quiet, first.usual_days_in_stage = 2, 5, 7
        first.stays_learnt_from = 100
        second.stalled_after_days = 3
        for number in range(96):
            began = friday - days(number / 8)
            for stage in (first, second):
                deal = team.adds(f"{stage.name} {number}", stage=stage.name, at=began)
                if number % 3:
                    quiet = 0.5 if number % 3 == 1 else number / 10
                    deal.log(ActivityKind.CALL, "Called", by=team.ann, at=friday - days(min(quiet, number / 8)))
                if number % 10 == 5:
                    deal.set_close_date(friday.date() + days(number - 6), by=team.ann, at=friday)
        session.flush()
        every, soon = team.open_deals.all(), friday.date() + days(7)
        stalled = {deal.name for deal in every if deal.is_stalled(friday)}
        closing = {deal.name for deal in every if deal.close_date and deal.close_date <= soon}
        newest = max(every, key=lambda deal: deal.entered_stage_at)

        looked = team.open_deals.to_look_through(team.pipeline, closing_by=soon, at=friday, besides=[newest.id])

        assert {each.name for each in team.open_deals.stalled(friday)} == stalled
        assert stalled | closing | {newest.name} <= {each.name for each in looked}
        assert len(stalled | closing) < len(looked) < len(every) * 0.8


def test_among_several_deals_the_open_ones_are_meant(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name in ("Acme North", "Acme South"):
            team.adds(name)
        team.adds("Acme West").lose("price", by=team.ann, at=MONDAY, via=Via.COMMAND)

        with pytest.raises(SeveralDealsFit) as fault:
            team.deals.named("acme")

        assert {each.name for each in fault.value.candidates} == {"Acme North", "Acme South"}


def test_the_values_of_a_field_are_known_most_used_first_and_those_of_before(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        for name, said in (("Acme", '甲 "A"'), ("Beta", "b"), ("Gamma", "b")):
            deal = team.adds(name, source="" if said == "b" else "Fair")
            deal.set_custom("行业", "Old", by=team.ann, at=MONDAY)
            deal.set_custom("行业", said, by=team.ann, at=MONDAY)
        session.flush()
        values = DealValues(session, team.workspace)

        assert values.most_used("行业", limit=9) == ["b", '甲 "A"']
        assert values.most_used(DealField.SOURCE, limit=9) == ["Fair"]
        for latest, found in ((2, False), (3, True)):
            assert values.has_lately("行业", '甲 "A"', limit=latest) is found
            assert values.has_lately(DealField.SOURCE, "FAIR", limit=latest) is found
        assert [values.has_lately("行业", each, limit=9) for each in ("B", "old", "c")] == [True, False, False]
        assert [values.had("行业", each) for each in ("B", "OLD")] == [False, True]


def test_undoing_the_win_of_a_file_keeps_its_only_amount(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds("Acme")
        deal.set_money(Money(5_000, "USD"), by=None, at=MONDAY + days(1))
        deal.win(by=None, at=MONDAY + days(1), via=Via.IMPORT)
        session.flush()

        team.deals.undo(deal, by=team.ann, at=MONDAY + days(2), via=Via.COMMAND)

        assert deal.is_open
        assert deal.money == Money(5_000, "USD")
