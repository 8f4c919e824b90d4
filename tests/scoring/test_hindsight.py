"""A field that was filled in when deals were closed teaches nothing, and is found."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from models.model_version import Question
from models.pipeline import StageKind
from models.timeline import DealHistory, PastRevision
from scoring.hindsight import written_on_closing
from scoring.past import Past
from scoring.training import Verdict, train
from tests.scoring.funnel_law import RICH
from tests.scoring.simulation import DEMO, LEAD, LOST, NOISE, OFFER, SIGNAL, STAGES, WON, a_team, after, days
from tests.scoring.truth import a_funnel

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


def with_field(team: Past, value: Callable[[DealHistory], str]) -> Past:
    """The team with a field "Seen" of its own, as an export of its last values would show it."""
    return replace(
        team, histories=[replace(deal, custom={**deal.custom, "Seen": value(deal)}) for deal in team.histories]
    )


def kind(deal: DealHistory) -> StageKind:
    return STAGES[deal.standing.stage_id].kind


def forecast_category(deal: DealHistory) -> str:
    by_stage = {LEAD: "Pipeline", DEMO: "Best case", OFFER: "Commit", WON: "Closed", LOST: "Omitted"}
    return by_stage[deal.standing.stage_id]


def reason(deal: DealHistory) -> str:
    """Only some who close a deal say why, and then it tells how."""
    if not closed(deal) or deal.deal_id % 4:
        return "too early"
    return "good price" if kind(deal) is StageKind.WON else "budget"


def days_open(deal: DealHistory) -> str:
    return str((min(deal.moves[-1].at, END) - deal.created_at).days if closed(deal) else (END - deal.created_at).days)


@pytest.mark.parametrize(
    "value",
    [
        forecast_category,
        lambda deal: {"Closed": "100", "Omitted": "0"}.get(forecast_category(deal), "40"),
        lambda deal: "closed" if closed(deal) else "open",
        lambda deal: "yes" if kind(deal) is StageKind.WON else "no",
        lambda deal: {LEAD: "new", DEMO: "shown"}.get(deal.standing.stage_id, "further"),
        lambda deal: deal.moves[-1].at.date().isoformat(),
        reason,
        days_open,
    ],
    ids=["category", "probability", "status", "won", "phase", "last change", "reason", "days open"],
)
def test_a_field_whose_last_value_tells_how_deals_ended_is_found(
    team: Past, value: Callable[[DealHistory], str]
) -> None:
    assert written_on_closing(with_field(team, value), end=END) == {"custom:Seen"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_honest_fields_are_kept_however_much_they_tell(seed: int) -> None:
    strong = replace(SIGNAL, regions={"North": 1.5, "South": -1.5}, sources={"web": -1.5, "partner": 1.5, "fair": 0})
    rich = a_funnel(RICH, deals=600, over_days=540, seed=seed).past()

    assert written_on_closing(a_team(strong, deals=600, seed=seed), end=END) == frozenset()
    assert written_on_closing(rich, end=END) == frozenset()


def test_a_day_that_was_agreed_on_beforehand_is_kept(team: Past) -> None:
    agreed = with_field(team, lambda deal: (deal.created_at + days(deal.deal_id % 400)).date().isoformat())

    assert written_on_closing(agreed, end=END) == frozenset()


def test_what_is_written_down_later_has_no_part_in_what_is_found(team: Past) -> None:
    began = with_field(team, lambda deal: (deal.created_at - days(deal.deal_id % 400)).date().isoformat())
    later = [
        replace(
            deal,
            custom={**deal.custom, "Seen": END.date().isoformat()},
            revisions=(PastRevision(END + days(9), "custom:Seen", deal.custom["Seen"], END.date().isoformat()),),
        )
        for deal in began.histories
    ]

    assert written_on_closing(replace(team, histories=later), end=END) == frozenset()


def test_a_close_date_that_is_the_day_of_closing_is_found(team: Past) -> None:
    closing = [
        replace(deal, close_date=(deal.moves[-1].at if closed(deal) else deal.created_at + days(60)).date())
        for deal in team.histories
    ]

    assert "close_date_in" in written_on_closing(replace(team, histories=closing), end=END)


def test_a_value_whose_changes_are_dated_is_kept(team: Past) -> None:
    dated = [
        replace(
            deal,
            custom={**deal.custom, "Seen": forecast_category(deal)},
            revisions=(PastRevision(deal.moves[-1].at, "custom:Seen", "Pipeline", forecast_category(deal)),)
            if len(deal.moves) > 1
            else (),
        )
        for deal in team.histories
    ]

    assert written_on_closing(replace(team, histories=dated), end=END) == frozenset()


def test_no_model_is_made_of_what_another_crm_forecast(team: Past) -> None:
    found = train(with_field(team, forecast_category), at=END)

    assert [each.report.verdict for each in found.values()] == [Verdict.NO_BETTER, Verdict.NO_BETTER]
    assert all(each.report.set_aside == ("custom:Seen",) for each in found.values())
