"""What is usual is what had happened before the day began, and counts only as long as it holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from models.history import Change
from models.pipeline import StageKind
from models.timeline import DealHistory, PastMove, PastRevision
from scoring.usual import Usual
from tests.scoring.simulation import DEMO, LEAD, LOST, OFFER, STAGES, WON, a_deal, after, created, days, move

LATER = after(300)
ANA, BEN = 1, 2


def forward(at: float) -> PastMove:
    return move(Change.FORWARD, DEMO, after(at))


def closed(outcome: Change, at: float, *, owner: int = ANA, company: str = "Acme") -> DealHistory:
    made = move(outcome, WON if outcome is Change.WON else LOST, after(at))
    return replace(a_deal(made), owner_id=owner, company=company)


def usual(*histories: DealHistory) -> Usual:
    return Usual(histories, STAGES)


def test_nothing_is_usual_in_a_new_team() -> None:
    newcomer = usual(a_deal())

    assert newcomer.days_in_stage(LEAD, LATER) is None
    assert newcomer.age_on_leaving(LEAD, LATER) is None
    assert newcomer.won_share_of_owner(ANA, LATER) is None
    assert newcomer.won_share_of_company("Acme", LATER) is None
    assert newcomer.amount("EUR", LATER) is None
    assert newcomer.deals_of_company("Globex", LATER) == 0


def test_a_usual_stay_hardly_changes_with_one_deal_that_was_forgotten() -> None:
    team = usual(*(a_deal(forward(stay)) for stay in (7, 7, 7, 7, 7, 200)))

    typical = team.days_in_stage(LEAD, LATER)

    assert typical == pytest.approx((8**5 * 201) ** (1 / 6) - 1)


def test_the_usual_age_counts_from_the_beginning_and_the_usual_stay_from_the_last_move() -> None:
    team = usual(a_deal(forward(10), move(Change.FORWARD, OFFER, after(40), origin=DEMO)))

    in_demo, on_leaving_demo = team.days_in_stage(DEMO, LATER), team.age_on_leaving(DEMO, LATER)

    assert in_demo is not None
    assert on_leaving_demo is not None
    assert on_leaving_demo > in_demo


def test_where_few_have_left_a_stage_its_usual_stay_is_drawn_to_that_of_all_stages() -> None:
    leads = [a_deal(forward(4)) for _ in range(50)]
    demos = [a_deal(forward(4), move(Change.FORWARD, OFFER, after(44), origin=DEMO)) for _ in range(50)]

    after_one = usual(*leads, demos[0]).days_in_stage(DEMO, LATER)
    after_many = usual(*leads, *demos).days_in_stage(DEMO, LATER)

    assert after_one is not None
    assert after_many is not None
    assert 4 < after_one < 15
    assert 30 < after_many < 40


def test_a_stay_is_known_from_the_next_day_on() -> None:
    noon = datetime(2024, 3, 5, 12, tzinfo=UTC)
    team = usual(a_deal(move(Change.FORWARD, DEMO, noon)))
    midnight = datetime(2024, 3, 6, tzinfo=UTC)

    assert team.days_in_stage(LEAD, midnight - timedelta(microseconds=1)) is None
    assert team.days_in_stage(LEAD, midnight) is not None
    assert team.days_in_stage(LEAD, datetime(2024, 3, 6, 1, tzinfo=timezone(timedelta(hours=2)))) is None


def test_an_undone_move_counts_until_it_is_undone() -> None:
    team = usual(a_deal(forward(10), move(Change.UNDONE, LEAD, after(20), origin=DEMO)))

    assert team.days_in_stage(LEAD, after(15)) is not None
    assert team.days_in_stage(LEAD, after(25)) is None


def test_an_undone_win_is_no_win() -> None:
    lost = [closed(Change.LOST, 5) for _ in range(5)]
    won = closed(Change.WON, 10)
    undone = replace(won, moves=(*won.moves, move(Change.UNDONE, LEAD, after(20), origin=WON)))
    team = usual(*lost, undone)

    assert team.won_share_of_owner(ANA, after(15)) == pytest.approx(1 / 6)
    assert team.won_share_of_owner(ANA, after(25)) == 0


def test_an_amount_is_what_deals_of_its_currency_were_worth_when_they_were_added() -> None:
    grown = replace(
        a_deal(), amount=Decimal(90_000), revisions=(PastRevision(after(9), "amount", "1000 USD", "90000 USD"),)
    )
    team = usual(grown, replace(a_deal(), amount=Decimal(7), currency="EUR"))

    assert team.amount("USD", LATER) == pytest.approx(1000)
    assert team.amount("EUR", LATER) == pytest.approx(7)


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal(-500)])
def test_what_is_no_amount_does_not_lower_the_usual_one(amount: Decimal | None) -> None:
    team = usual(a_deal(), replace(a_deal(), amount=amount))

    assert team.amount("USD", LATER) == pytest.approx(5000)


def test_a_short_record_is_drawn_to_the_teams() -> None:
    others = [closed(outcome, 5, owner=ANA) for outcome in (Change.WON, Change.LOST) * 20]
    first = usual(*others, closed(Change.WON, 5, owner=BEN)).won_share_of_owner(BEN, LATER)
    many = usual(*others, *[closed(Change.WON, 5, owner=BEN)] * 20).won_share_of_owner(BEN, LATER)

    assert first is not None
    assert many is not None
    assert 0.5 < first < 0.65
    assert many > 0.9


def test_a_win_stays_with_whoever_had_the_deal_then() -> None:
    given_away = replace(
        closed(Change.WON, 5, owner=BEN), revisions=(PastRevision(after(9), "owner", f"{ANA}", f"{BEN}"),)
    )
    team = usual(given_away, *[closed(Change.LOST, 5, owner=BEN)] * 20)

    ana, ben = team.won_share_of_owner(ANA, LATER), team.won_share_of_owner(BEN, LATER)

    assert ana is not None
    assert ben is not None
    assert ana > ben


def test_a_win_that_is_reopened_is_taken_from_whoever_had_it() -> None:
    won = closed(Change.WON, 5, owner=BEN)
    reopened = replace(
        won,
        moves=(*won.moves, move(Change.REOPENED, DEMO, after(20), origin=WON)),
        revisions=(PastRevision(after(9), "owner", f"{ANA}", f"{BEN}"),),
    )
    lost = [closed(Change.LOST, 5, owner=owner) for owner in (ANA, BEN)]
    team = usual(reopened, *lost)

    assert team.won_share_of_owner(ANA, after(25)) == 0
    assert team.won_share_of_owner(BEN, after(25)) == 0


def test_a_win_stays_with_whoever_won_it_when_the_deal_comes_into_after_sales() -> None:
    after_sales = replace(STAGES[WON], id=6, name="After-sales", position=5, kind=StageKind.AFTER_SALES)
    won = closed(Change.WON, 5, owner=BEN)
    served = replace(
        won,
        moves=(*won.moves, move(Change.FORWARD, after_sales.id, after(20), origin=WON)),
        revisions=(PastRevision(after(19), "owner", f"{ANA}", f"{BEN}"),),
    )
    lost = closed(Change.LOST, 5, owner=ANA)
    team = Usual([served, lost], STAGES | {after_sales.id: after_sales})

    assert team.won_share_of_owner(ANA, LATER) == team.won_share_of_company("Acme", LATER) == 0.5


def test_a_company_is_the_same_in_other_letters() -> None:
    team = usual(
        closed(Change.WON, 5, company="Acme"),
        closed(Change.WON, 6, company="ACME"),
        closed(Change.LOST, 6, company="Globex"),
    )

    assert team.deals_of_company("acme", LATER) == 2
    assert team.won_share_of_company("acme", LATER) == team.won_share_of_company("Acme", LATER)
    assert (team.won_share_of_company("acme", LATER) or 0) > (team.won_share_of_company("Globex", LATER) or 1)


def test_a_company_is_not_known_before_its_first_deal() -> None:
    team = usual(replace(a_deal(), created_at=after(10), moves=(created(at=after(10)),)))

    assert team.deals_of_company("Acme", after(10)) == 0
    assert team.deals_of_company("Acme", after(10) + days(1)) == 1


def test_what_is_closed_on_the_day_that_it_is_added_counts() -> None:
    at_once = replace(a_deal(), moves=(created(WON),), close_date=date(2024, 1, 1))

    assert usual(at_once).won_share_of_owner(ANA, LATER) == 1
