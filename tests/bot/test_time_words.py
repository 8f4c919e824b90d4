"""Days and hours are read as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faults import TimesNotUnderstood
from bot.time_words import Times, times


@pytest.mark.parametrize(
    ("words", "weekdays", "local_time"),
    [
        ("", "mon,tue,wed,thu,fri,sat,sun", "09:00"),
        ("daily 9:00", "mon,tue,wed,thu,fri,sat,sun", "09:00"),
        ("daily at 9", "mon,tue,wed,thu,fri,sat,sun", "09:00"),
        ("weekdays 17:30", "mon,tue,wed,thu,fri", "17:30"),
        ("weekly monday 9:00", "mon", "09:00"),
        ("weekly 8:00", "mon", "08:00"),
        ("every friday 9am", "fri", "09:00"),
        ("12am", "mon,tue,wed,thu,fri,sat,sun", "00:00"),
        ("12:15 pm", "mon,tue,wed,thu,fri,sat,sun", "12:15"),
        ("Thursdays and Mondays at 5pm", "mon,thu", "17:00"),
        ("每天 9:00", "mon,tue,wed,thu,fri,sat,sun", "09:00"),
        ("每周一 9：30", "mon", "09:30"),
    ],
)
def test_days_and_an_hour_are_read(words: str, weekdays: str, local_time: str) -> None:
    assert times(words) == Times(weekdays, local_time)


@pytest.mark.parametrize("words", ["whenever", "daily 25:00", "daily 9:75", "13pm", "daily 9 o'clock sharp"])
def test_what_is_no_hour_is_refused(words: str) -> None:
    with pytest.raises(TimesNotUnderstood):
        times(words)


@pytest.mark.parametrize(
    ("words", "days", "local_time"),
    [
        ("monthly", "monthly", "09:00"),
        ("monthly on the 1st at 8:30", "monthly 1", "08:30"),
        ("monthly on the first working day", "monthly", "09:00"),
        ("monthly 15th 9am", "monthly 15", "09:00"),
        ("quarterly 10:00", "quarterly", "10:00"),
        ("每月1日 9:00", "monthly 1", "09:00"),
        ("每季度 8:30", "quarterly", "08:30"),
    ],
)
def test_digests_may_come_monthly_or_quarterly(words: str, days: str, local_time: str) -> None:
    assert times(words) == Times(days, local_time)


@pytest.mark.parametrize("words", ["monthly on monday", "monthly on the 32nd", "quarterly whenever"])
def test_what_no_month_has_is_not_understood(words: str) -> None:
    with pytest.raises(TimesNotUnderstood):
        times(words)


@given(st.text(max_size=200))
def test_reading_times_raises_nothing_but_an_error_with_a_sentence(words: str) -> None:
    with suppress(TimesNotUnderstood):
        times(words)
