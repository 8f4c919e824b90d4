"""Records are cheered once, each held against what was won before it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from models.deals import Piece
from models.past_wins import WonDay
from models.pipeline import StageKind
from models.pricing import Pricing, Rates
from models.records import Celebrated, Feat, Records, Win, won_of
from models.timeline import DealHistory
from tests.factories import MONDAY, a_pipeline, days
from tests.pasts import DAYS, facts_of, pasts

PIPELINE = a_pipeline()
STAGES = {stage.id: stage for stage in facts_of(PIPELINE)}
PRICING = Pricing("USD", "UTC", (MONDAY + days(2 * DAYS)).date(), Rates(()))
LONG_AGO = MONDAY - days(10_000)


def win(day: float, worth: int | None = 100, *, owner: int | None = 1) -> Win:
    at = MONDAY + days(day)
    return Win(int(day * 100), owner, at, at.date(), None if worth is None else Decimal(worth))


def stand_as_won(histories: Sequence[DealHistory]) -> list[Piece]:
    return [
        Piece(each.deal_id, each.owner_id, each.currency, each.amount, each.standing.closed_at)
        for each in histories
        if STAGES[each.standing.stage_id].kind in (StageKind.WON, StageKind.AFTER_SALES)
    ]


def feats(won: Sequence[Win], *, since: datetime = LONG_AGO) -> list[Celebrated]:
    """What those since a moment did."""
    before = [
        WonDay(each.owner_id, each.day, "USD", int(each.worth is not None), each.worth or zero, each.worth or zero)
        if not each.is_unpriced
        else WonDay(each.owner_id, each.day, "EUR", 1, Decimal(9), Decimal(9))
        for each in won
        for zero in [Decimal()]
        if each.at <= since
    ]
    return Records(before, PRICING).feats(each for each in won if each.at > since)


def told(won: Sequence[Win], since: float = -10_000) -> list[tuple[Feat, float]]:
    found = feats(sorted(won, key=lambda each: each.at), since=MONDAY + days(since))
    return [(each.feat, (each.win.at - MONDAY) / timedelta(days=1)) for each in found]


def test_the_biggest_deal_of_the_year_beats_five_others_at_least() -> None:
    small = [win(0.1 * number, owner=None) for number in range(5)]

    assert told([*small, win(1, 500, owner=None)]) == [(Feat.BIGGEST, 1)]
    assert told([*small[:4], win(1, 500, owner=None)]) == []
    assert told([*small, win(1, 100, owner=None), win(2, None, owner=None)]) == []
    assert told([*small, win(310, 500, owner=None)]) == []


def test_the_biggest_deal_of_a_quarter_is_told_where_it_is_not_that_of_the_year() -> None:
    won = [win(0, 1_000, owner=None), *(win(40 + number, owner=None) for number in range(5))]

    assert told([*won, win(60, 500, owner=None)]) == [(Feat.QUARTER, 60)]
    assert told([*won, win(60, 2_000, owner=None)]) == [(Feat.BIGGEST, 60)]
    assert told([*won[:5], win(60, 500, owner=None)]) == []


def test_the_best_month_is_told_by_the_win_that_makes_it() -> None:
    months = [win(0), win(35), win(65, 90)]

    assert told([*months, win(95, 60), win(96, 60), win(97, 60)]) == [(Feat.MONTH, 96)]
    assert told([*months[1:], win(95, 600)]) == []


def test_nothing_is_told_to_be_more_than_a_win_without_a_rate() -> None:
    """The records of a time, whether the win without a rate came before what is told of, or within it."""
    small, months = [win(0.1 * number, owner=None) for number in range(5)], [win(0), win(35), win(65, 90), win(95, 600)]
    euros, in_year = replace(win(0.6, None, owner=None), is_unpriced=True), win(1, 500, owner=None)
    in_month = replace(win(40, None), is_unpriced=True)

    assert told([*small, in_year]) == [(Feat.BIGGEST, 1)]
    assert told([*small, euros, in_year]) == told([*small, euros, in_year], since=0.9) == []
    assert told(months) == [(Feat.MONTH, 95)]
    assert told([*months, in_month]) == told([*months, in_month], since=90) == []


def test_a_streak_is_told_once_a_week_from_the_third_on() -> None:
    won = [win(0), win(7), win(8), win(14), win(15), win(21), win(35), win(42)]

    assert [each for each in told(won) if each[0] is Feat.STREAK] == [(Feat.STREAK, 14), (Feat.STREAK, 21)]


def test_what_was_told_before_is_not_told_again() -> None:
    won = [win(0), win(7), win(14), win(21)]

    assert told(won, since=14) == [(Feat.STREAK, 21)]


@given(pasts(PIPELINE, most=12), st.integers(0, 2 * DAYS), st.integers(0, 2 * DAYS))
def test_two_stretches_of_time_tell_together_what_one_tells(
    histories: list[DealHistory], first: int, second: int
) -> None:
    won = won_of(stand_as_won(histories), PRICING)
    middle, end = sorted((MONDAY + days(first), MONDAY + days(second)))

    whole = feats([each for each in won if each.at <= end])
    begun = feats([each for each in won if each.at <= middle])
    rest = feats([each for each in won if each.at <= end], since=middle)

    assert begun + rest == whole


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from([None, 5, 50, 51, 500]), st.sampled_from([1, 2, None])),
        min_size=6,
        max_size=30,
    )
)
def test_what_is_cheered_is_what_a_plain_recount_of_all_wins_before_finds(
    plan: list[tuple[int, int | None, int | None]],
) -> None:
    won = sorted((win(day, worth, owner=owner) for day, worth, owner in plan), key=lambda each: each.at)

    found = [(each.feat, each.win, each.amount, each.weeks) for each in feats(won)]

    assert found == [feat for place in range(len(won)) for feat in plain_feats(won[place], won[:place])]


def plain_feats(now: Win, before: Sequence[Win]) -> Iterator[tuple[Feat, Win, Decimal, int]]:
    """Of a win, by all those before it."""
    year = [each.worth for each in before if each.worth is not None and each.day.year == now.day.year]
    quarter = [
        each.worth
        for each in before
        if each.worth is not None
        and (each.day.year, (each.day.month + 2) // 3) == (now.day.year, (now.day.month + 2) // 3)
    ]
    if now.worth is not None and len(year) >= 5 and now.worth > max(year):
        yield Feat.BIGGEST, now, now.worth, 0
    elif now.worth is not None and len(quarter) >= 5 and now.worth > max(quarter):
        yield Feat.QUARTER, now, now.worth, 0
    if now.owner_id is None:
        return
    theirs = [each for each in before if each.owner_id == now.owner_id]
    months: dict[str, Decimal] = {}
    for each in theirs:
        months[f"{each.day:%Y-%m}"] = months.get(f"{each.day:%Y-%m}", Decimal()) + (each.worth or Decimal())
    was = months.pop(f"{now.day:%Y-%m}", Decimal())
    month = was + (now.worth or Decimal())
    if len(months) >= 3 and month > max(months.values()) >= was:
        yield Feat.MONTH, now, month, 0
    weeks = {(each.day - date(2001, 1, 1)).days // 7 for each in theirs}  # a Monday
    week = length = (now.day - date(2001, 1, 1)).days // 7
    if week not in weeks:
        while length - 1 in weeks:
            length -= 1
        if week - length >= 2:
            yield Feat.STREAK, now, Decimal(), week - length + 1
