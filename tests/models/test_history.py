"""Moves have names, and replaying them tells where a deal stands."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from models.history import Change, Standing, kept_moves, kind_of_change, standings
from tests.factories import MONDAY, a_pipeline, days


@dataclass(frozen=True)
class Moved:
    change: Change
    to_stage_id: int
    at: datetime
    reason: str = ""


@pytest.mark.parametrize(
    ("origin", "target", "change"),
    [
        ("Lead identified", "First contact", Change.FORWARD),
        ("Lead identified", "Negotiation", Change.FORWARD),
        ("Negotiation", "Qualified", Change.BACK),
        ("Negotiation", "Won", Change.WON),
        ("Lead identified", "After-sales", Change.WON),
        ("Won", "After-sales", Change.FORWARD),
        ("After-sales", "Won", Change.BACK),
        ("Won", "Lead identified", Change.REOPENED),
        ("After-sales", "Negotiation", Change.REOPENED),
        ("Lost", "Negotiation", Change.REOPENED),
        ("Lost", "Won", Change.WON),
        ("Lost", "After-sales", Change.WON),
        ("Proposal", "Lost", Change.LOST),
        ("Won", "Lost", Change.LOST),
    ],
)
def test_a_move_is_called_by_where_it_leads(origin: str, target: str, change: Change) -> None:
    pipeline = a_pipeline()

    assert kind_of_change(pipeline.stage_named(origin), pipeline.stage_named(target)) is change


def test_forward_means_later_in_the_pipeline_or_won() -> None:
    assert {change for change in Change if change.is_forward} == {Change.FORWARD, Change.WON}


def test_every_two_stages_have_a_name_for_the_way_between_them() -> None:
    pipeline = a_pipeline()

    for origin in pipeline.stages:
        for target in pipeline.stages:
            if origin is not target:
                forward = kind_of_change(origin, target).is_forward
                ahead = target.position > origin.position and target.name != "Lost"
                assert forward == (ahead or (origin.name == "Lost" and not target.is_open))


def test_a_history_tells_where_its_deal_stands() -> None:
    moves = [
        Moved(Change.CREATED, 1, MONDAY),
        Moved(Change.FORWARD, 2, MONDAY + days(1)),
        Moved(Change.LOST, 9, MONDAY + days(2), "Price"),
        Moved(Change.UNDONE, 2, MONDAY + days(3)),
        Moved(Change.WON, 5, MONDAY + days(4)),
        Moved(Change.FORWARD, 6, MONDAY + days(5)),
    ]

    assert standings(moves) == [
        Standing(1, MONDAY),
        Standing(2, MONDAY + days(1)),
        Standing(5, MONDAY + days(4), closed_at=MONDAY + days(4)),
        Standing(6, MONDAY + days(5), closed_at=MONDAY + days(4)),
    ]


def test_of_a_whole_history_no_move_takes_back_what_is_not_there_and_of_the_latest_moves_one_may() -> None:
    moves = [Moved(Change.UNDONE, 1, MONDAY), Moved(Change.FORWARD, 2, MONDAY + days(1))]

    assert kept_moves(moves, is_whole=False) == moves[1:]
    with pytest.raises(IndexError):
        kept_moves(moves)


def test_a_reopened_deal_is_closed_no_more() -> None:
    moves = [
        Moved(Change.CREATED, 1, MONDAY),
        Moved(Change.LOST, 9, MONDAY + days(1), "Price"),
        Moved(Change.REOPENED, 1, MONDAY + days(2)),
    ]

    assert standings(moves)[-1] == Standing(1, MONDAY + days(2))
