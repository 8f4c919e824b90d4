"""Moments in other CRMs' exports are read in their many formats, and fast."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DomainError
from models.importing_errors import DateOfRowNotUnderstood
from models.reading_cells import guess_date_order, read_timestamp
from models.reading_dates import DateOrder

BERLIN = ZoneInfo("Europe/Berlin")
DMY, MDY, YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD
MOMENTS = st.integers(min_value=0, max_value=4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
QUICKLY = settings(deadline=2000)  # milliseconds; the first reading also loads the languages


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-15", datetime(2026, 3, 15, tzinfo=UTC)),
        ("20260315", datetime(2026, 3, 15, tzinfo=UTC)),
        (" 2026-03-15 14:30 ", datetime(2026, 3, 15, 14, 30, tzinfo=UTC)),
        ("2026-03-15T14:30:15.250Z", datetime(2026, 3, 15, 14, 30, 15, 250_000, tzinfo=UTC)),
        ("2026-03-15T14:30:00+02:00", datetime(2026, 3, 15, 12, 30, tzinfo=UTC)),
        ("2026/3/15", datetime(2026, 3, 15, tzinfo=UTC)),
        ("15/03/2026", datetime(2026, 3, 15, tzinfo=UTC)),
        ("15.03.2026 14:30", datetime(2026, 3, 15, 14, 30, tzinfo=UTC)),
        ("15/3/26 2:30 PM", datetime(2026, 3, 15, 14, 30, tzinfo=UTC)),
        ("15/3/2026 12:05:07 am", datetime(2026, 3, 15, 0, 5, 7, tzinfo=UTC)),
        ("46096", datetime(2026, 3, 15, tzinfo=UTC)),
        ("46096.5", datetime(2026, 3, 15, 12, tzinfo=UTC)),
        ("15 March 2026", datetime(2026, 3, 15, tzinfo=UTC)),
        ("Mar 15, 2026 2:30 PM", datetime(2026, 3, 15, 14, 30, tzinfo=UTC)),
        ("2026年3月15日", datetime(2026, 3, 15, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_many_formats(cell: str, moment: datetime) -> None:
    assert read_timestamp(cell, order=DMY, zone=UTC) == moment


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("03/04/2026", DMY, date(2026, 4, 3)),
        ("03/04/2026", MDY, date(2026, 3, 4)),
        ("03/04/2026", YMD, date(2026, 3, 4)),
        ("26/04/03", YMD, date(2026, 4, 3)),
        ("2026/04/03", DMY, date(2026, 4, 3)),
    ],
)
def test_the_order_tells_day_from_month(cell: str, order: DateOrder, day: date) -> None:
    assert read_timestamp(cell, order=order, zone=UTC).date() == day


@pytest.mark.parametrize("order", list(DateOrder))
@pytest.mark.parametrize("cell", ["4 March 2026", "Mar 4, 2026", "2026年3月4日", "4-Mar-2026", "March 4 2026"])
def test_a_month_in_words_needs_no_order(cell: str, order: DateOrder) -> None:
    assert read_timestamp(cell, order=order, zone=UTC).date() == date(2026, 3, 4)


def test_a_cell_without_zone_is_in_the_files_zone_also_across_daylight_saving() -> None:
    assert read_timestamp("2026-01-15", order=DMY, zone=BERLIN) == datetime(2026, 1, 14, 23, tzinfo=UTC)
    assert read_timestamp("2026-07-15", order=DMY, zone=BERLIN) == datetime(2026, 7, 14, 22, tzinfo=UTC)


def test_a_moment_comes_in_utc() -> None:
    assert read_timestamp("2026-07-15T10:00:00+05:30", order=DMY, zone=BERLIN).tzinfo is UTC


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "soon",
        "tomorrow",
        "15/13/2026",
        "31/02/2026",
        "15 March",
        "0001-01-01",
        "9999-12-31",
        "12",
        "1e5",
        "x" * 3000,
    ],
)
def test_a_cell_without_a_plain_moment_is_not_understood(cell: str) -> None:
    with pytest.raises(DateOfRowNotUnderstood):
        read_timestamp(cell, order=DMY, zone=UTC)


@pytest.mark.parametrize(
    ("samples", "order"),
    [
        (["03/04/2026", "15/03/2026"], DMY),
        (["03/04/2026", "03/15/2026 10:00"], MDY),
        (["13/01/2026", "14/01/2026", "01/15/2026"], DMY),
        (["", "n/a", "3.15.2026"], MDY),
    ],
)
def test_a_column_shows_its_order_by_its_days_above_twelve(samples: list[str], order: DateOrder) -> None:
    assert guess_date_order(samples, otherwise=YMD) is order


@pytest.mark.parametrize("samples", [[], ["03/04/2026"], ["2026-03-15"], ["13/01/2026", "01/13/2026"]])
def test_a_column_that_fits_either_order_has_that_of_the_locale(samples: list[str]) -> None:
    assert guess_date_order(samples, otherwise=MDY) is MDY


@QUICKLY
@given(
    MOMENTS, st.sampled_from(["%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S"])
)
def test_what_is_written_in_a_common_format_is_read_back(moment: datetime, format_: str) -> None:
    assert read_timestamp(moment.strftime(format_), order=DMY, zone=UTC) == moment


@QUICKLY
@given(MOMENTS)
def test_a_spreadsheets_day_number_is_read_back(moment: datetime) -> None:
    days = (moment - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1)

    assert abs(read_timestamp(f"{days:.8f}", order=DMY, zone=UTC) - moment) < timedelta(seconds=1)


@QUICKLY
@given(st.text(max_size=3000))
def test_no_text_breaks_the_reading_of_a_moment(text: str) -> None:
    try:
        read_timestamp(text, order=DMY, zone=UTC)
    except DomainError:
        return


@QUICKLY
@given(st.text(alphabet="0123456789/-.:TZ+ APM年月日", max_size=30))
def test_no_almost_moment_breaks_the_reading(text: str) -> None:
    try:
        read_timestamp(text, order=MDY, zone=UTC)
    except DomainError:
        return
