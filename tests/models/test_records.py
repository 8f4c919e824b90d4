"""Records are cheered once, each held against what was won before it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from models.deals import Piece
from models.pipeline import StageKind
from models.pricing import Pricing, Rates
from models.records import Feat, Win, feats, won_of
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

    whole = feats([each for each in won if each.at <= end], since=LONG_AGO)
    begun = feats([each for each in won if each.at <= middle], since=LONG_AGO)
    rest = feats([each for each in won if each.at <= end], since=middle)

    assert begun + rest == whole
