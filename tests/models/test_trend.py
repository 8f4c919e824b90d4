"""The trend of a pipeline says of each moment what the raw history says of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moneyed import Money

from models.course import Span, spans_of
from models.known_deals import Selection
from models.period import Period, Unit, whole_unit
from models.pricing import Unpriced
from models.timeline import DealHistory
from models.trend import MOST, PipelineTrend, Point, moments_of, trend_of
from tests.factories import MONDAY
from tests.models.test_stage_flow import STAGES
from tests.scoring.test_forecasting import OF_ONE, as_known, is_open, naive_worth, written

INSTANT = timedelta(microseconds=1)
KINDS = {stage.id: stage.kind for stage in STAGES}


def worth(span: Span) -> Decimal | None:
    fields = span.fields
    return fields.amount if fields.amount is not None and fields.currency == "USD" else None


def trend(histories: Sequence[DealHistory], selection: Selection, period: Period) -> PipelineTrend:
    spans = [list(spans_of(each)) for each in histories]
    return trend_of(spans, KINDS, selection, period, worth=worth, currency="USD")


@given(written(), st.integers(0, 60), st.integers(1, 400), st.sampled_from([OF_ONE, Selection()]))
@settings(max_examples=60)
def test_each_point_is_what_was_open_then(
    histories: list[DealHistory], begun: int, length: int, selection: Selection
) -> None:
    first = MONDAY.date() + timedelta(days=begun)
    period = Period(Unit.DAYS, first, first + timedelta(days=length - 1), "UTC")

    found = trend(histories, selection, period)

    for point, moment in zip(found.points, moments_of(period)[1], strict=True):
        known = [deal for deal in as_known(histories, moment - INSTANT) if is_open(deal) and selection.has(deal)]
        assert point.day == (moment - INSTANT).date()
        assert point.count == len(known)
        assert point.amount.amount == sum(map(naive_worth, known), Decimal(0))
        assert point.without_amount == sum(deal.amount is None for deal in known)
        euros = [deal.amount for deal in known if deal.amount is not None and deal.currency == "EUR"]
        assert point.unpriced == ((Unpriced(len(euros), Money(sum(euros), "EUR")),) if euros else ())


@pytest.mark.parametrize(
    ("days", "step", "points"), [(1, 1, 2), (31, 1, 32), (60, 1, 61), (61, 7, 9), (365, 7, 53), (366 * 4, 28, 53)]
)
def test_the_longer_a_period_the_further_apart_are_its_points(days: int, step: int, points: int) -> None:
    first = date(2024, 1, 1)
    period = Period(Unit.DAYS, first, first + timedelta(days=days - 1), "UTC")

    found, moments = moments_of(period)

    assert (found, len(moments)) == (step, points)
    assert moments[-1] == period.end
    assert moments[0] >= period.start
    assert len(moments) <= MOST + 1


def test_days_end_by_the_clock_of_the_workspace() -> None:
    march = whole_unit(Unit.MONTH, date(2026, 3, 1), "Asia/Shanghai")

    found = trend([], Selection(), march)

    assert (found.first.day, found.last.day) == (date(2026, 2, 28), date(2026, 3, 31))


@given(written())
@settings(max_examples=20)
def test_the_highest_point_is_the_latest_of_the_largest_amount(histories: list[DealHistory]) -> None:
    found = trend(histories, Selection(), Period(Unit.DAYS, MONDAY.date(), MONDAY.date() + timedelta(days=40), "UTC"))

    def height(point: Point) -> Decimal:
        """By number where some of it has no rate."""
        return Decimal(point.count if any(each.unpriced for each in found.points) else point.amount.amount)

    later = found.points[found.points.index(found.highest) + 1 :]
    assert all(height(point) <= height(found.highest) for point in found.points)
    assert all(height(point) < height(found.highest) for point in later if point != found.highest)
