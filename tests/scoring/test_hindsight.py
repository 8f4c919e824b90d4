"""A field that was filled in when deals were closed teaches nothing, and is found."""

from dataclasses import replace
from decimal import Decimal

import pytest

from models.model_version import Question
from models.timeline import DealHistory, PastRevision
from scoring.dataset import Past
from scoring.hindsight import written_on_closing
from scoring.training import Verdict, train
from tests.scoring.simulation import NOISE, STAGES, a_team, after

END = after(540)


def closed(deal: DealHistory) -> bool:
    return not STAGES[deal.standing.stage_id].is_open


@pytest.fixture(scope="module")
def team() -> Past:
    """Deals whose fields have nothing to do with how they end."""
    return a_team(NOISE, deals=400)


def test_fields_that_have_nothing_to_do_with_the_end_are_kept(team: Past) -> None:
    assert written_on_closing(team, end=END) == frozenset()


def test_a_value_that_only_closed_deals_have_is_found(team: Past) -> None:
    booked = [replace(deal, amount=Decimal(9) if closed(deal) else None) for deal in team.histories]

    assert written_on_closing(replace(team, histories=booked), end=END) == {
        "amount:USD",
        "amount_against_usual",
        "amount_known",
    }


def test_a_value_that_all_closed_deals_have_and_most_open_ones_lack_is_found(team: Past) -> None:
    signed = [replace(deal, company="Acme" if closed(deal) or deal.deal_id % 5 == 0 else "") for deal in team.histories]

    assert written_on_closing(replace(team, histories=signed), end=END) == {
        "company_known",
        "company_deals",
        "company_won_share",
    }


def test_a_value_whose_time_is_known_is_kept(team: Past) -> None:
    """It is missing at all earlier moments, as it was."""
    booked = [
        replace(deal, source="web", revisions=(PastRevision(deal.moves[-1].at, "source", "", "web"),))
        if closed(deal)
        else replace(deal, source="")
        for deal in team.histories
    ]

    assert "source" not in written_on_closing(replace(team, histories=booked), end=END)


def test_what_tells_the_outcome_makes_no_model(team: Past) -> None:
    booked = replace(
        team,
        histories=[replace(deal, amount=Decimal(9) if closed(deal) else None) for deal in team.histories],
    )

    report = train(booked, at=END)[Question.FORWARD].report

    assert report.verdict is Verdict.NO_BETTER
    assert report.set_aside == ("amount:USD", "amount_against_usual", "amount_known")
