"""What is known of a deal at a moment is all that was known then, and nothing that came later."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given

from models.activity import ActivityKind
from models.history import Change
from models.model_version import Question
from models.pricing import Rate, Rates
from models.score import Reason
from models.timeline import DealHistory, PastActivity, PastRevision, PastStep
from scoring.arrays import Floats
from scoring.conversion import Conversion
from scoring.dataset import datasets_of
from scoring.features import Row, features_of, identity
from scoring.scorer import Scorer
from scoring.telling import Telling
from scoring.usual import Usual
from tests.scoring.guard import peeking_features
from tests.scoring.lives import EVENTS, MOMENTS, Event, lived, revise
from tests.scoring.simulation import (
    DEMO,
    LEAD,
    LOST,
    NEWCOMER,
    OFFER,
    SIGNAL,
    STAGES,
    START,
    WON,
    a_deal,
    a_team,
    after,
    created,
    days,
    move,
)

AT_LAST = after(200)
"""Later than anything that happens of itself."""


def test_a_stage_is_told_with_how_long_the_deal_has_been_in_it() -> None:
    deal = a_deal(move(Change.FORWARD, OFFER, after(4)))

    row = features_of(deal, after(10), STAGES, NEWCOMER)

    assert row["stage"] == identity(OFFER)
    assert row["days_in_stage"] == 6
    assert row["days_since_creation"] == 10
    assert (row["moves_forward"], row["moves_back"], row["stages_skipped"]) == (1, 0, 1)


def test_an_undone_move_leaves_the_deal_where_it_was_since_when_it_was() -> None:
    deal = a_deal(move(Change.FORWARD, DEMO, after(4)), move(Change.UNDONE, LEAD, after(5), origin=DEMO))

    row = features_of(deal, after(10), STAGES, NEWCOMER)

    assert row["stage"] == identity(LEAD)
    assert row["days_in_stage"] == 10
    assert row["moves_forward"] == 0


def test_a_move_that_will_be_undone_stands_until_then() -> None:
    deal = a_deal(move(Change.FORWARD, DEMO, after(4)), move(Change.UNDONE, LEAD, after(5), origin=DEMO))

    assert features_of(deal, after(4.5), STAGES, NEWCOMER)["stage"] == identity(DEMO)


def test_activities_count_as_recent_for_thirty_days() -> None:
    meetings = (PastActivity(START, ActivityKind.MEETING), PastActivity(after(20), ActivityKind.MEETING))
    deal = replace(a_deal(), activities=meetings)

    row = features_of(deal, after(30), STAGES, NEWCOMER)

    assert (row["meeting_recent"], row["meeting_total"]) == (1, 2)
    assert row["days_since_activity"] == 10


def test_what_is_not_there_is_missing() -> None:
    deal = replace(a_deal(), amount=None, source="", owner_id=None, company="", custom={"Region": ""})

    row = features_of(deal, START, STAGES, NEWCOMER)

    missing = {"amount_known", "company_known", "source", "owner", "custom:Region"}
    missing |= {"pace_in_stage", "pace_since_creation", "pace_so_far", "owner_won_share"}
    missing |= {"close_date_in", "next_step_set", "next_step_in", "days_since_activity"}
    assert {name for name, value in row.items() if isinstance(value, float) and math.isnan(value)} == missing
    assert "amount:USD" not in row


def test_a_close_date_that_was_put_off_counts_as_a_slip() -> None:
    revisions = (
        PastRevision(after(1), "close_date", "", "2024-02-01"),
        PastRevision(after(2), "close_date", "2024-02-01", "2024-03-01"),
        PastRevision(after(3), "close_date", "2024-03-01", "2024-02-15"),
    )
    deal = replace(a_deal(), close_date=date(2024, 2, 15), revisions=revisions)

    assert features_of(deal, after(1.5), STAGES, NEWCOMER)["close_date_slips"] == 0
    row = features_of(deal, after(4), STAGES, NEWCOMER)
    assert row["close_date_slips"] == 1
    assert row["close_date_in"] == (date(2024, 2, 15) - after(4).date()).days


def test_the_next_step_is_the_one_that_was_open_then() -> None:
    steps = (
        PastStep(set_at=START, due=date(2024, 1, 3), done_at=after(5)),
        PastStep(set_at=after(5), due=date(2024, 2, 1), done_at=None),
    )
    deal = replace(a_deal(), steps=steps)

    assert features_of(deal, after(4), STAGES, NEWCOMER)["next_step_in"] == -2
    assert features_of(deal, after(5), STAGES, NEWCOMER)["next_step_in"] == 26


@pytest.mark.parametrize(
    ("value", "read"),
    [("12.5", 12.5), (7, 7.0), (" 3 ", 3.0), ("North", "North"), ("inf", "inf"), (True, 1.0), (["a"], "['a']")],
)
def test_a_field_of_the_teams_own_is_a_number_where_it_reads_like_one(value: object, read: float | str) -> None:
    deal = replace(a_deal(), custom={"Mine": value})

    assert features_of(deal, START, STAGES, NEWCOMER)["custom:Mine"] == read


@pytest.mark.parametrize(
    ("written", "read"), [("2024-01-11", 10.0), ("2023-12-31", -1.0), ("2024-01-03T17:00:00", 2.0), ("soon", "soon")]
)
def test_a_date_in_a_field_of_the_teams_own_tells_how_far_away_it_is(written: str, read: float | str) -> None:
    deal = replace(a_deal(), custom={"Mine": written})

    assert features_of(deal, START, STAGES, NEWCOMER)["custom:Mine"] == read


def test_the_order_of_the_features_tells_nothing_of_what_was_changed_later() -> None:
    deal = replace(a_deal(), custom={"Seats": "10", "Industry": "Health"})
    later = PastRevision(START + days(5), "custom:Seats", "10", "20")
    changed = replace(deal, custom={"Seats": "20", "Industry": "Health"}, revisions=(later,))

    in_order = [list(features_of(each, START, STAGES, NEWCOMER).items()) for each in (deal, changed)]

    assert str(in_order[0]) == str(in_order[1])


def test_times_and_amounts_are_told_as_doublings_of_the_usual() -> None:
    team = Usual([a_deal(move(Change.FORWARD, DEMO, after(7)))], STAGES)
    late = replace(a_deal(move(Change.FORWARD, DEMO, after(15))), amount=Decimal(10_001))

    waiting = features_of(late, after(15) - days(1 / 24), STAGES, team)
    moved = features_of(late, after(22), STAGES, team)

    assert waiting["pace_in_stage"] == pytest.approx(1, abs=0.01)
    assert waiting["pace_since_creation"] == pytest.approx(1, abs=0.01)
    assert waiting["amount_against_usual"] == pytest.approx(1)
    assert math.isnan(float(waiting["pace_so_far"]))
    assert moved["pace_so_far"] == pytest.approx(1)
    assert moved["pace_in_stage"] == pytest.approx(0)


def test_an_amount_is_compared_within_its_currency() -> None:
    team = Usual([replace(a_deal(), amount=Decimal(9), currency="EUR"), a_deal()], STAGES)
    in_euros = replace(a_deal(), amount=Decimal(19), currency="EUR")
    in_yen = replace(a_deal(), currency="JPY")

    assert features_of(in_euros, after(2), STAGES, team)["amount_against_usual"] == pytest.approx(1)
    assert math.isnan(float(features_of(in_yen, after(2), STAGES, team)["amount_against_usual"]))


def test_an_amount_is_told_in_the_teams_currency_at_the_latest_rate_of_an_earlier_day() -> None:
    rates = [Rate("EUR", "USD", (START + days(day)).date(), rate) for day, rate in ((0, Decimal(2)), (9, Decimal(4)))]
    team = Usual([replace(a_deal(), amount=Decimal(31))], STAGES, Conversion("USD", Rates(rates)))
    in_euros = replace(a_deal(), amount=Decimal("31.5"), currency="EUR")

    on_the_day, later, much_later = (features_of(in_euros, after(day), STAGES, team) for day in (9, 10, 200))

    assert on_the_day["amount:USD"] == pytest.approx(6)
    assert later["amount:USD"] == pytest.approx(math.log2(127))
    assert on_the_day["amount_against_usual"] == pytest.approx(1)
    assert "amount:EUR" not in on_the_day | later
    assert much_later["amount:EUR"] == pytest.approx(math.log2(32.5))


def test_what_is_usual_counts_deals_of_all_currencies_at_the_rate_of_their_beginning() -> None:
    rates = [Rate("EUR", "USD", (START + days(day)).date(), rate) for day, rate in ((-9, Decimal(2)), (9, Decimal(9)))]
    in_euros = replace(a_deal(), amount=Decimal("31.5"), currency="EUR")

    team = Usual([in_euros], STAGES, Conversion("USD", Rates(rates)))

    assert team.amount("USD", after(50)) == pytest.approx(63)
    assert team.amount("EUR", after(50)) is None


def test_owners_and_companies_are_told_with_their_record() -> None:
    won = a_deal(move(Change.WON, WON, after(3)))
    lost = replace(a_deal(move(Change.LOST, LOST, after(3))), owner_id=2, company="Globex")
    team = Usual([won, lost], STAGES)

    row = features_of(a_deal(), after(5), STAGES, team)
    other = features_of(replace(a_deal(), owner_id=2, company="Globex"), after(5), STAGES, team)

    assert row["owner_won_share"] == row["company_won_share"] == pytest.approx((1 + 5 * 0.5) / (1 + 5))
    assert other["owner_won_share"] == other["company_won_share"] == pytest.approx((0 + 5 * 0.5) / (1 + 5))


def test_only_a_companys_earlier_deals_count() -> None:
    first = a_deal()
    second = replace(a_deal(deal_id=2), created_at=after(9), moves=(created(at=after(9)),))
    team = Usual([first, second], STAGES)

    assert features_of(first, after(20), STAGES, team)["company_deals"] == 0
    assert features_of(second, after(20), STAGES, team)["company_deals"] == 1


@pytest.mark.parametrize(("day", "left"), [(START, 90), (after(90), 0), (after(91), 90)])
def test_the_season_is_told_by_month_and_what_is_left_of_the_quarter(day: datetime, left: int) -> None:
    row = features_of(a_deal(), day, STAGES, NEWCOMER)

    assert row["month"] == f"month {day.month}"
    assert row["quarter_ends_in"] == left


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5), Decimal("1e15"), None])
def test_no_amount_and_no_lack_of_time_is_too_odd_for_features(amount: Decimal | None) -> None:
    deal = replace(a_deal(move(Change.FORWARD, DEMO, START)), amount=amount)

    row = features_of(deal, START, STAGES, Usual([deal], STAGES))
    later = features_of(deal, after(1), STAGES, Usual([deal], STAGES))

    for value in (*row.values(), *later.values()):
        assert isinstance(value, str) or not math.isinf(value)


def test_a_deal_has_no_features_before_it_was_created() -> None:
    with pytest.raises(ValueError, match="did not exist"):
        features_of(a_deal(), START - days(1), STAGES, NEWCOMER)


def real(deal: DealHistory, at: datetime, team: Sequence[DealHistory]) -> Row:
    return features_of(deal, at, STAGES, Usual(team, STAGES))


@given(EVENTS, MOMENTS)
def test_nothing_that_happens_later_to_any_deal_changes_what_was_known(events: list[Event], at: datetime) -> None:
    today, back_then = lived(events, until=AT_LAST), lived(events, until=at)

    assert peeking_features(real, today=today, back_then=back_then, at=at) == set()


@dataclass(frozen=True)
class Leak:
    """A feature that peeks, and how a team's first deal, or the team, goes on so that it shows."""

    name: str
    peek: Callable[[DealHistory, datetime, Sequence[DealHistory]], float]
    goes_on: Callable[[DealHistory, DealHistory], Sequence[DealHistory]]

    def planted(self, deal: DealHistory, at: datetime, team: Sequence[DealHistory]) -> Row:
        return real(deal, at, team) | {self.name: self.peek(deal, at, team)}


def moves_elsewhere(deal: DealHistory, then: DealHistory) -> Sequence[DealHistory]:
    target = DEMO if then.standing.stage_id == LEAD else LEAD
    return [replace(deal, moves=(*deal.moves, move(Change.FORWARD, target, AT_LAST, origin=deal.standing.stage_id)))]


def has_another_meeting(deal: DealHistory, _then: DealHistory) -> Sequence[DealHistory]:
    return [replace(deal, activities=(*deal.activities, PastActivity(AT_LAST, ActivityKind.MEETING)))]


def is_worth_more(deal: DealHistory, then: DealHistory) -> Sequence[DealHistory]:
    amount = (then.amount or Decimal(0)) + 1
    old = "" if deal.amount is None else f"{deal.amount} {deal.currency}"
    return [revise(replace(deal, amount=amount), AT_LAST, "amount", old, f"{amount} {deal.currency}")]


def sees_its_owner_win(deal: DealHistory, then: DealHistory) -> Sequence[DealHistory]:
    won = replace(a_deal(move(Change.WON, WON, AT_LAST)), created_at=AT_LAST, owner_id=then.owner_id)
    moves = (created(at=AT_LAST), move(Change.WON, WON, AT_LAST))
    return [deal, *(replace(won, deal_id=number, moves=moves) for number in range(100, 150))]


def won_share_ever(deal: DealHistory, at: datetime, team: Sequence[DealHistory]) -> float:
    owner_id = deal.as_of(at).owner_id
    theirs = [each.standing.stage_id == WON for each in team if each.owner_id == owner_id]
    return (sum(theirs) + 1) / (len(theirs) + 2)


LEAKS = (
    Leak("stage_in_the_end", lambda deal, *_: float(deal.standing.stage_id), moves_elsewhere),
    Leak("activities_ever", lambda deal, *_: float(len(deal.activities)), has_another_meeting),
    Leak("amount_today", lambda deal, *_: float(deal.amount or 0), is_worth_more),
    Leak("owner_won_share_ever", won_share_ever, sees_its_owner_win),
)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
@given(events=EVENTS, at=MOMENTS)
def test_a_feature_that_peeks_is_found_and_no_other_is_blamed(leak: Leak, events: list[Event], at: datetime) -> None:
    (deal, *others), back_then = lived(events, until=AT_LAST), lived(events, until=at)
    today = [*leak.goes_on(deal, back_then[0]), *others]

    found = peeking_features(leak.planted, today=today, back_then=back_then, at=at)

    assert found == {leak.name}


def test_a_deal_is_scored_as_it_was_learnt_from() -> None:
    team = a_team(SIGNAL, deals=40, over_days=200)
    abroad = [replace(each, currency="EUR") if each.deal_id % 2 else each for each in team.histories]
    rates = [Rate("EUR", "USD", after(day).date(), Decimal(1 + day) / 10) for day in range(20, 200, 3)]
    past = replace(team, histories=abroad, conversion=Conversion("USD", Rates(rates)))
    learnt = datasets_of(past, end=after(200))[Question.FORWARD]

    for moment, row in list(zip(learnt.moments, learnt.rows, strict=True))[::5]:
        listener = Listener()
        back_then = [each.as_of(moment.at) for each in past.histories if each.created_at <= moment.at]
        known_rates = Rates(rate for rate in rates if rate.day < moment.at.date())
        usual = Usual(back_then, STAGES, Conversion("USD", known_rates))
        scorer = Scorer(listener, listener, STAGES, {}, usual)
        scorer.score(next(each for each in back_then if each.deal_id == moment.deal_id), moment.at)
        assert [as_text(heard) for heard in listener.heard] == [as_text(row)]


@dataclass
class Listener:
    """Answers all the same, and remembers what it was told of the deals it had to explain."""

    heard: list[Row] = field(default_factory=list)
    version: int = 1
    name: str = "listener"
    days: int = 30
    learnt_from: int = 1

    def chances(self, rows: Sequence[Row]) -> Floats:
        return np.full(len(rows), 0.5)

    def explained(self, deals: Sequence[Telling]) -> tuple[Floats, list[tuple[Reason, ...]]]:
        self.heard += [deal.row for deal in deals]
        return self.chances(self.heard), [()] * len(deals)


def as_text(row: Row) -> dict[str, str]:
    """Comparable: NaN is not equal to itself."""
    return {name: repr(value) for name, value in row.items()}
