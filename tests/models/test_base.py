"""Moments come back in UTC and amounts to the last digit, from both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from models.database import Database
from models.deal import Deal
from models.history import Via
from tests.factories import MONDAY, a_team, days


def test_a_moment_comes_back_in_utc_wherever_it_was_said(database: Database) -> None:
    said = datetime(2026, 7, 1, 9, 30, 15, 123456, tzinfo=ZoneInfo("Asia/Kolkata"))
    with database.begin() as session:
        deal_id = a_team(session).adds(at=said).id

    with database.reading() as session:
        read = session.scalars(select(Deal.created_at).where(Deal.id == deal_id)).one()

    assert read == said
    assert read.tzinfo is UTC


def test_moments_compare_by_when_they_were(database: Database) -> None:
    earlier = datetime(2026, 7, 1, 23, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    later = datetime(2026, 7, 1, 15, 0, tzinfo=UTC)
    with database.begin() as session:
        a_team(session).adds("Late", at=later)
        a_team(session).adds("Early", at=earlier)

        names = session.scalars(select(Deal.name).where(Deal.created_at < later)).all()

    assert names == ["Early"]


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        with pytest.raises(StatementError, match="a moment needs a time zone"):
            team.adds(at=datetime(2026, 7, 1, 9))  # noqa: DTZ001 - that is the point
        session.rollback()


@settings(max_examples=20)  # what one example leaves behind is rolled back
@given(st.lists(st.decimals(0, Decimal("1e11"), places=4), min_size=1, max_size=5))
def test_amounts_and_their_sums_are_exact(database: Database, amounts: list[Decimal]) -> None:
    with database.reading() as session:
        pass
    with database.begin() as session:
        team = a_team(session)
        ids = [team.adds(f"Deal {number}", money=Money(amount, "USD")).id for number, amount in enumerate(amounts)]
        session.expire_all()

        read = session.scalars(select(Deal.amount).where(Deal.id.in_(ids)).order_by(Deal.id)).all()
        total = session.scalar(select(func.sum(Deal.amount)))
        session.rollback()

    assert read == amounts
    assert total == sum(amounts)


def test_an_amount_can_be_asked_for_in_sql(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.adds("Small", money=Money("49999.99", "USD"))
        team.adds("Large", money=Money("50000.00", "USD"))

        large = session.scalars(select(Deal.name).where(Deal.amount >= team.workspace.high_value)).all()

    assert large == ["Large"]


def test_a_history_of_moves_comes_back_as_it_was_written(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = team.adds(at=MONDAY)
        deal.advance(by=team.bob, at=MONDAY + days(1), via=Via.BUTTON, note="🎉 <!channel>")
        deal_id = deal.id

    with database.begin() as session:
        read = a_team(session).deals.get(deal_id).changes[-1]
        assert (read.via, read.note, read.at) == (Via.BUTTON, "🎉 <!channel>", MONDAY + timedelta(days=1))
        assert read.by is not None
        assert read.by.name == "Bob"
