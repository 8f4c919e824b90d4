"""A deal is told from the words after its name, where nothing but words part the two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.database import Database
from models.errors import DealNotFound, DomainError, NameMissing, SeveralDealsFit
from tests.factories import a_team

NAMES = ("Acme", "Acme Corp", "Globex Renewal", "华为云", "Path to Victory")


@pytest.mark.parametrize(
    ("words", "name", "rest"),
    [
        ("Acme called them", "Acme", "called them"),
        ("acme corp called them", "Acme Corp", "called them"),
        ("Acme Corp", "Acme Corp", ""),
        ("acme: called them", "Acme", "called them"),
        ("Acme - called them", "Acme", "called them"),
        ("Acme, called them", "Acme", "called them"),
        ("globex called", "Globex Renewal", "called"),
        ("renewal amount 15k", "Globex Renewal", "amount 15k"),
        ("globexx called", "Globex Renewal", "called"),
        ("globex renewla called", "Globex Renewal", "renewla called"),
        ("Path to Victory to Proposal", "Path to Victory", "to Proposal"),
        ("华为云 来电", "华为云", "来电"),
        ("ＡＣＭＥ called", "Acme", "called"),
        ("#1 called", "Acme", "called"),
    ],
)
def test_the_longest_run_of_words_that_is_a_name_counts(sqlite: Database, words: str, name: str, rest: str) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        for each in NAMES:
            team.adds(each)

        deal, after = team.deals.named_at_start(words)

    assert (deal.name, after) == (name, rest)


def test_where_several_deals_begin_so_nothing_is_chosen(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        for each in ("Acme North", "Acme South"):
            team.adds(each)

        with pytest.raises(SeveralDealsFit) as several:
            team.deals.named_at_start("acme called them")

    assert several.value.name == "acme"


@pytest.mark.parametrize(
    ("words", "error"),
    [("", NameMissing), (" : ", NameMissing), ("Initech called", DealNotFound), ("#9", DealNotFound)],
)
def test_words_that_begin_with_no_deal_are_refused(sqlite: Database, words: str, error: type[DomainError]) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        team.adds("Acme")

        with pytest.raises(error):
            team.deals.named_at_start(words)


def test_deals_of_another_workspace_are_not_meant(sqlite: Database) -> None:
    with sqlite.begin() as session:
        a_team(session, "T1").adds("Acme")

        with pytest.raises(DealNotFound):
            a_team(session, "T2").deals.named_at_start("Acme called")


@settings(max_examples=60)
@given(name=st.sampled_from(NAMES), rest=st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,5}", fullmatch=True))
def test_whole_names_part_from_any_words(sqlite: Database, name: str, rest: str) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        for each in NAMES:
            if not team.deals.has_name(each):
                team.adds(each)

        deal, after = team.deals.named_at_start(f"{name} {rest}")

    if name == "Acme" and rest.startswith("corp"):
        assert deal.name in NAMES
    else:
        assert (deal.name, after) == (name, rest)


def test_open_deals_may_be_of_one_stage(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        team.adds("Acme")
        team.adds("Beta", stage="Proposal")
        proposal = team.pipeline.stage_named("Proposal")

        assert [deal.name for deal in team.open_deals.all(stage=proposal)] == ["Beta"]
