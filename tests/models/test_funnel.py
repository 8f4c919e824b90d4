"""The funnel report says of a pipeline what its raw history says, and nothing of anybody else's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, pairwise
from statistics import median

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.changes import Changes
from models.database import Database
from models.deal import Deal
from models.deals import Deals
from models.exchange import ExchangeRates
from models.funnel import CLOSED_WINDOW, Funnel, FunnelReport, StageRow
from models.history import Change, StageChange, Via
from models.moving_errors import AlreadyThere, NothingToUndo
from models.pipeline import Pipeline, Stage, StageKind, stages_from_text
from models.pipelines import Pipelines
from models.pricing import Basis, Rate, Unpriced, Worth
from models.tally import Tally
from models.workspace import Workspace, workspace_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_YEAR_AGO = datetime(2025, 3, 1, tzinfo=UTC)
"""When the running month began a year ago."""
A_WEEK_AGO = NOW - timedelta(days=7)
STAGES = "Lead,Demo,Offer,Signed:won,Care:after_sales,Dropped:lost"
WON = {StageKind.WON, StageKind.AFTER_SALES}
_teams = count()
_names = count()


def days(number: float) -> timedelta:
    return timedelta(days=number)


@dataclass(frozen=True)
class Shop:
    """A workspace with a pipeline to sell through."""

    session: Session
    workspace: Workspace
    pipeline: Pipeline

    def deal(self, *stages: str, ago: float, worth: Money | None = None, pipeline: Pipeline | None = None) -> Deal:
        """A deal that was begun in the first stage, `ago` days ago, and entered each of the others a day later."""
        at, of = NOW - days(ago), pipeline or self.pipeline
        deal = Deals(self.session, self.workspace).add(
            f"Deal {next(_names)}", stage=of.stage_named(stages[0]), owner=None, at=at, via=Via.IMPORT, money=worth
        )
        for steps, stage in enumerate(stages[1:], start=1):
            enter(deal, of.stage_named(stage), at + days(steps))
        self.session.flush()
        return deal

    def report(self, *, since: datetime = A_WEEK_AGO) -> FunnelReport:
        self.session.flush()
        return Funnel(self.session, self.workspace).report(self.pipeline, at=NOW, since=since)

    def row(self, stage: str) -> StageRow:
        return next(row for row in self.report().rows if row.name == stage)


def a_shop(session: Session, currency: str = "EUR") -> Shop:
    workspace = workspace_of(session, f"T{next(_teams)}", at=NOW)
    workspace.currency = currency
    pipeline = Pipelines(session, workspace).add("Sales", stages_from_text(STAGES))
    return Shop(session, workspace, pipeline)


def enter(deal: Deal, stage: Stage, at: datetime) -> None:
    if stage.kind is StageKind.LOST:
        deal.lose("price", by=None, at=at, via=Via.IMPORT)
    else:
        deal.move(stage, by=None, at=at, via=Via.IMPORT)


def test_a_row_counts_what_waits_in_its_stage_and_adds_up_each_currency_apart(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session, currency="EUR")
        shop.deal("Demo", ago=5, worth=Money("10.10", "CHF"))
        shop.deal("Demo", ago=4, worth=Money("20.25", "EUR"))
        shop.deal("Lead", "Demo", ago=3, worth=Money("30.50", "EUR"))
        shop.deal("Demo", ago=2)
        shop.deal("Lead", ago=1, worth=Money(7, "EUR"))

        report = shop.report()

    unpriced = Unpriced(1, Money("10.10", "CHF"))
    demo = report.rows[1]
    assert [row.name for row in report.rows] == ["Lead", "Demo", "Offer", "Signed", "Care"]
    assert (demo.count, demo.unpriced) == (4, 1)
    assert demo.amounts == (Money("50.75", "EUR"), Money("10.10", "CHF"))
    assert report.open == Tally(
        5, (Money("57.75", "EUR"), Money("10.10", "CHF")), 1, Worth(Money("57.75", "EUR"), (unpriced,))
    )
    assert report.basis is not None
    assert (report.basis.converted, report.basis.unpriced) == ((), (unpriced,))


def test_amounts_with_a_rate_are_added_up_open_deals_by_today_s_and_closed_ones_by_that_of_their_day(
    database: Database,
) -> None:
    with database.begin() as session:
        shop = a_shop(session, currency="EUR")
        of_then = Rate("EUR", "USD", NOW.date() - days(50), Decimal("1.25"))
        of_today = Rate("EUR", "USD", NOW.date(), Decimal("1.1"))
        ExchangeRates(session, shop.workspace).keep([of_then, of_today])
        shop.deal("Demo", ago=30, worth=Money(11, "USD"))
        shop.deal("Demo", ago=30, worth=Money(5, "EUR"))
        shop.deal("Demo", "Signed", ago=30, worth=Money(10, "USD"))
        shop.deal("Demo", "Dropped", ago=30, worth=Money(100, "USD"))
        shop.deal("Demo", "Dropped", ago=80, worth=Money(7, "USD"))  # before any rate was known
        shop.deal("Demo", "Dropped", ago=30, worth=Money(3, "CHF"))

        report = shop.report(since=NOW - days(40))

    assert report.rows[1].tally.told == (Money(15, "EUR"),)
    assert report.won.told == report.changes.won.told == (Money(8, "EUR"),)
    assert report.lost.told == (Money(80, "EUR"), Money(3, "CHF"), Money(7, "USD"))
    assert report.basis == Basis(
        currency="EUR",
        converted=("USD",),
        first=NOW.date(),
        last=NOW.date(),
        has_closed=True,
        unpriced=(Unpriced(1, Money(3, "CHF")), Unpriced(1, Money(7, "USD"))),
    )


def test_a_team_that_sells_in_one_currency_has_no_basis_whatever_rates_it_knows(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session, currency="EUR")
        ExchangeRates(session, shop.workspace).keep([Rate("EUR", "USD", NOW.date(), Decimal("1.1"))])
        shop.deal("Demo", ago=30, worth=Money(11, "EUR"))
        shop.deal("Demo", ago=30)

        report = shop.report()

    assert report.basis is None
    assert report.open == Tally(2, (Money(11, "EUR"),), 1)


def test_an_empty_pipeline_has_all_its_rows_and_no_rates(database: Database) -> None:
    with database.begin() as session:
        report = a_shop(session).report()

    assert [(row.count, row.amounts, row.conversion, row.median_days) for row in report.rows] == [
        (0, (), None, None)
    ] * 5
    assert report.open == report.won == report.lost == Tally(0, (), 0)


def test_a_closed_deal_leaves_the_funnel_ninety_days_after_it_was_closed(database: Database) -> None:
    within, outside = CLOSED_WINDOW.days, CLOSED_WINDOW.days + 1
    with database.begin() as session:
        shop = a_shop(session)
        for ago in (within, outside):  # each is closed a day after it was begun
            shop.deal("Offer", "Signed", ago=ago)
            shop.deal("Offer", "Signed", "Care", ago=ago)
            shop.deal("Offer", "Dropped", ago=ago)

        report = shop.report()

    assert [row.count for row in report.rows] == [0, 0, 0, 1, 1]
    assert (report.won.count, report.lost.count, report.open.count) == (2, 1, 0)


def test_conversion_is_what_moved_on_of_what_was_decided(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Demo", "Offer", ago=50)
        shop.deal("Lead", "Offer", ago=50)  # skipped Demo
        shop.deal("Lead", "Demo", "Dropped", ago=50)
        shop.deal("Lead", "Demo", ago=50)  # waits

        demo = shop.row("Demo")
        lead = shop.row("Lead")

    assert (demo.conversion, demo.decided) == (2 / 3, 3)
    assert (lead.conversion, lead.decided) == (1, 4)


def test_a_deal_that_went_back_has_still_moved_on_once(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Demo", "Lead", ago=50)
        shop.deal("Lead", "Demo", "Lead", "Dropped", ago=50)

        assert (shop.row("Lead").conversion, shop.row("Lead").decided) == (1, 2)
        assert (shop.row("Demo").conversion, shop.row("Demo").decided) == (0, 1)


def test_a_reopened_deal_is_undecided_again(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Demo", "Dropped", "Demo", ago=50)

        assert shop.row("Demo").conversion is None


def test_a_win_that_was_reopened_is_none(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Demo", "Signed", "Demo", ago=50)
        shop.deal("Lead", "Demo", "Signed", "Lead", "Dropped", ago=50)
        shop.deal("Lead", "Demo", "Signed", "Lead", "Signed", ago=50)

        assert (shop.row("Lead").conversion, shop.row("Lead").decided) == (1, 3)
        assert (shop.row("Demo").conversion, shop.row("Demo").decided) == (1 / 2, 2)


def test_deals_created_before_the_month_a_year_ago_say_nothing_about_conversion(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Dropped", ago=(NOW - A_YEAR_AGO) / days(1) + 0.01)
        shop.deal("Lead", "Demo", ago=(NOW - A_YEAR_AGO) / days(1))

        assert (shop.row("Lead").conversion, shop.row("Lead").decided) == (1, 1)


def test_the_time_in_a_stage_is_the_median_of_the_stays_that_ended(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        for stay in (2, 4, 100):
            deal = shop.deal("Lead", ago=200)
            enter(deal, shop.pipeline.stage_named("Demo"), NOW - days(200) + days(stay))

        for _ in range(9):  # from a file that has not told when they began
            enter(shop.deal("Lead", ago=100), shop.pipeline.won, NOW - days(100))

        assert shop.row("Lead").median_days == 4
        assert shop.row("Demo").median_days is None


def test_stays_that_ended_before_the_month_a_year_ago_say_nothing(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        deal = shop.deal("Lead", "Demo", ago=400)
        enter(deal, shop.pipeline.stage_named("Offer"), NOW - days(99))

        assert shop.row("Lead").median_days is None
        assert shop.row("Demo").median_days == 300


def test_an_undone_move_counts_nowhere(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        deal = shop.deal("Lead", "Dropped", ago=3)
        deal.undo(by=None, at=NOW - days(1), via=Via.COMMAND)

        report = shop.report()

    assert report.rows[0].count == 1
    assert (report.rows[0].decided, report.rows[0].median_days) == (0, None)
    assert (report.changes.lost.count, report.changes.new.count) == (0, 1)


def test_a_move_between_two_stages_that_were_merged_since_is_none(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Demo", ago=3)
        change = Pipelines(session, shop.workspace).reshaping(shop.pipeline)
        change.retire(change.pipeline.stage_named("Demo"), into=change.pipeline.stage_named("Lead"), at=NOW)

        report = shop.report()

    assert (report.changes.new.count, report.changes.forward.count) == (1, 0)
    assert (report.rows[0].count, report.rows[0].decided, report.rows[0].median_days) == (1, 0, None)


def test_changes_count_each_deal_once_for_each_way_it_moved(database: Database) -> None:
    euro = Money(5, "EUR")
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Demo", "Offer", "Demo", ago=6, worth=euro)
        shop.deal("Offer", "Signed", ago=6, worth=euro)
        shop.deal("Offer", "Dropped", "Lead", ago=6)

        changes = shop.report().changes

    assert changes == Changes(
        new=Tally(3, (euro * 2,), 1),
        forward=Tally(1, (euro,), 0),
        back=Tally(1, (euro,), 0),
        won=Tally(1, (euro,), 0),
        lost=Tally(1, (), 1),
        reopened=Tally(1, (), 1),
    )


def test_periods_that_follow_each_other_count_a_move_once(database: Database) -> None:
    with database.begin() as session:
        shop = a_shop(session)
        shop.deal("Lead", "Demo", ago=2)
        border, funnel = NOW - days(1), Funnel(session, shop.workspace)

        before, after = funnel.changes(shop.pipeline, A_WEEK_AGO, border, NOW)
        with pytest.raises(ValueError, match="3 periods are counted at once, not 4"):
            funnel.changes(shop.pipeline, A_WEEK_AGO, *(border + timedelta(hours=hour) for hour in range(3)), NOW)

    assert (before.forward.count, after.forward.count) == (1, 0)


def test_deals_of_another_workspace_or_pipeline_never_count(database: Database) -> None:
    with database.begin() as session:
        shop, neighbour = a_shop(session), a_shop(session)
        beside = Pipelines(session, shop.workspace).add("Beside", stages_from_text(STAGES))
        empty = shop.report()

        for stages in (["Lead"], ["Lead", "Demo"], ["Offer", "Signed"], ["Offer", "Dropped"]):
            neighbour.deal(*stages, ago=5, worth=Money(9, "EUR"))
            shop.deal(*stages, ago=5, worth=Money(9, "EUR"), pipeline=beside)

        assert shop.report() == empty


def test_a_pipeline_of_another_workspace_looks_empty(database: Database) -> None:
    with database.begin() as session:
        shop, neighbour = a_shop(session), a_shop(session)
        for stages in (["Lead", "Demo"], ["Offer", "Signed"], ["Offer", "Dropped"]):
            shop.deal(*stages, ago=5)

        seen = Funnel(session, neighbour.workspace).report(shop.pipeline, at=NOW, since=A_WEEK_AGO)

    nothing = Tally(0, (), 0)
    assert seen.open == seen.won == seen.lost == seen.changes.new == nothing
    assert all(row.decided == 0 and row.median_days is None for row in seen.rows)


UNDO = "undo"
histories = st.lists(
    st.tuples(
        st.sampled_from(["ours", "beside", "neighbour"]),
        st.floats(0, 500),
        st.none() | st.tuples(st.integers(0, 10**6), st.sampled_from(["EUR", "USD", "JPY", "CHF"])),
        st.lists(
            st.tuples(st.floats(0, 150), st.sampled_from([*(name.split(":")[0] for name in STAGES.split(",")), UNDO])),
            max_size=8,
        ),
    ),
    max_size=6,
)


@settings(max_examples=30)
@example(plans=[("ours", 81.0, (9, "USD"), [(1.0, "Signed")])], ago=81.0).via("was closed after the earlier period")
@given(plans=histories, ago=st.floats(0, 400))
def test_the_report_says_what_the_raw_history_says(
    database: Database, plans: Sequence[tuple[str, float, tuple[int, str] | None, list[tuple[float, str]]]], ago: float
) -> None:
    """Each example has workspaces of its own, so the database may be shared."""
    with database.begin() as session:
        shop, neighbour = a_shop(session), a_shop(session)
        ExchangeRates(session, shop.workspace).keep(RATES)
        beside = Pipelines(session, shop.workspace).add("Beside", stages_from_text(STAGES))
        for place, began, worth, moves in plans:
            owner = neighbour if place == "neighbour" else shop
            pipeline = beside if place == "beside" else owner.pipeline
            deal = owner.deal("Lead", ago=began, worth=worth and Money(*worth), pipeline=pipeline)
            wander(deal, moves, NOW - days(began))

        report = shop.report(since=NOW - days(ago))

        assert report == recomputed(session, shop, NOW - days(ago))


def wander(deal: Deal, moves: Iterable[tuple[float, str]], at: datetime) -> None:
    for wait, target in moves:
        at += days(wait)
        if at > NOW:
            return
        try:
            if target == UNDO:
                deal.undo(by=None, at=at, via=Via.COMMAND)
            else:
                enter(deal, deal.pipeline.stage_named(target), at)
        except (AlreadyThere, NothingToUndo):
            continue


RATES = [
    Rate(base, currency, NOW.date() - days(ago), Decimal(rate))
    for base, currency, ago, rate in [
        ("EUR", "USD", 330, "1.05"),
        ("EUR", "USD", 200, "1.07"),
        ("EUR", "USD", 80, "1.1234"),
        ("EUR", "USD", 5, "1.0871"),
        ("EUR", "USD", -1, "9"),
        ("JPY", "EUR", 30, "0.0061"),
    ]
]


def rate_of(currency: str, day: date) -> tuple[Decimal, date] | None:
    """What one of it is in euros on a day, and of which day that rate is."""
    known = [rate for rate in RATES if currency in (rate.base, rate.currency) and days(0) <= day - rate.day < days(92)]
    if not known:
        return None
    latest = max(known, key=lambda rate: rate.day)
    return latest.rate if latest.base == currency else 1 / latest.rate, latest.day


def recomputed(session: Session, shop: Shop, since: datetime) -> FunnelReport:
    """The report by the plainest means: every deal and every move in memory, one loop for each figure."""
    stages = {stage.id: stage for stage in shop.pipeline.stages}
    deals = session.scalars(select(Deal).where(Deal.pipeline_id == shop.pipeline.id)).all()
    kept = {deal.id: without_undone(raw_moves(session, deal)) for deal in deals}

    def kind_now(deal: Deal) -> StageKind:
        return stages[kept[deal.id][-1].to_stage_id].kind

    def counts(deal: Deal) -> bool:
        closings = [move.at for move in kept[deal.id] if move.change in (Change.WON, Change.LOST)]
        return kind_now(deal) is StageKind.OPEN or NOW - closings[-1] < days(90)

    def rate_for(deal: Deal, at: datetime = NOW) -> tuple[Decimal, date] | None:
        closings = [move.at for move in kept[deal.id] if move.change in (Change.WON, Change.LOST)]
        moment = at if kind_now(deal) is StageKind.OPEN else closings[-1]
        return (Decimal(1), moment.date()) if deal.currency == "EUR" else rate_of(deal.currency, moment.date())

    def unpriced(some: Iterable[Deal], at: datetime = NOW) -> tuple[Unpriced, ...]:
        without = [deal for deal in some if deal.amount is not None and rate_for(deal, at) is None]
        by_code = {code: [deal for deal in without if deal.currency == code] for code in ("CHF", "JPY", "USD")}
        return tuple(
            Unpriced(len(held), Money(sum(deal.amount or 0 for deal in held), code))
            for code, held in by_code.items()
            if held
        )

    def worth(some: Sequence[Deal], at: datetime) -> Worth | None:
        held = [deal for deal in some if deal.amount is not None]
        if all(deal.currency == "EUR" for deal in held):
            return None
        priced = [(deal.amount or 0) * rate[0] for deal in held if (rate := rate_for(deal, at))]
        total = Money(sum(priced, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP), "EUR") if priced else None
        return Worth(total, unpriced(held, at))

    def basis(some: Iterable[Deal]) -> Basis | None:
        abroad = [deal for deal in some if deal.amount is not None and deal.currency != "EUR"]
        used = [(deal, rate[1]) for deal in abroad if (rate := rate_for(deal))]
        open_days = [day for deal, day in used if kind_now(deal) is StageKind.OPEN]
        if not abroad:
            return None
        return Basis(
            currency="EUR",
            converted=tuple(sorted({deal.currency for deal, _ in used})),
            first=min(open_days, default=None),
            last=max(open_days, default=None),
            has_closed=len(open_days) < len(used),
            unpriced=unpriced(abroad),
        )

    def tally(some: Iterable[Deal], at: datetime = NOW) -> Tally:
        chosen = list(some)
        totals = {
            code: sum((deal.amount for deal in chosen if deal.amount is not None and deal.currency == code), Decimal(0))
            for code in ("EUR", "CHF", "JPY", "USD")
            if any(deal.amount is not None and deal.currency == code for deal in chosen)
        }
        amounts = tuple(Money(total, code) for code, total in totals.items())
        return Tally(len(chosen), amounts, sum(deal.amount is None for deal in chosen), worth(chosen, at))

    def moved(after: datetime, until: datetime) -> Changes:
        def those(change: Change) -> Tally:
            is_one = {
                deal.id: any(after < move.at <= until and move.change is change for move in kept[deal.id])
                for deal in deals
            }
            return tally((deal for deal in deals if is_one[deal.id]), until)

        return Changes(
            new=those(Change.CREATED),
            forward=those(Change.FORWARD),
            back=those(Change.BACK),
            won=those(Change.WON),
            lost=those(Change.LOST),
            reopened=those(Change.REOPENED),
        )

    def row(stage: Stage) -> StageRow:
        here = tally(deal for deal in deals if kept[deal.id][-1].to_stage_id == stage.id and counts(deal))
        on = dropped = 0
        for deal in deals:
            passed = [stages[move.to_stage_id] for move in kept[deal.id]]
            closed_kinds = {StageKind.LOST} if kind_now(deal) in WON else {StageKind.LOST, *WON}
            reach = max((each.position for each in passed if each.kind not in closed_kinds), default=-1)
            if deal.created_at >= A_YEAR_AGO:
                on += reach > stage.position
                dropped += reach == stage.position and kind_now(deal) is StageKind.LOST
        stays = [
            round((after.at - before.at) / days(1))
            for moves in kept.values()
            for before, after in pairwise(moves)
            if before.to_stage_id == stage.id and after.at >= A_YEAR_AGO and after.at > moves[0].at
        ]
        decided = on + dropped if stage.is_open else 0
        return StageRow(
            stage_id=stage.id,
            name=stage.name,
            kind=stage.kind,
            count=here.count,
            amounts=here.amounts,
            unpriced=here.unpriced,
            conversion=on / decided if decided else None,
            decided=decided,
            median_days=median(stays) if stays else None,
            worth=here.worth,
        )

    return FunnelReport(
        pipeline="Sales",
        at=NOW,
        currency="EUR",
        rows=tuple(row(stage) for stage in shop.pipeline.stages if stage.kind is not StageKind.LOST),
        open=tally(deal for deal in deals if kind_now(deal) is StageKind.OPEN),
        won=tally(deal for deal in deals if kind_now(deal) in (StageKind.WON, StageKind.AFTER_SALES) and counts(deal)),
        lost=tally(deal for deal in deals if kind_now(deal) is StageKind.LOST and counts(deal)),
        since=since,
        changes=moved(since, NOW),
        before=moved(since - (NOW - since), since),
        basis=basis(deal for deal in deals if counts(deal)),
    )


def raw_moves(session: Session, deal: Deal) -> list[StageChange]:
    own = select(StageChange).where(StageChange.deal_id == deal.id)
    return list(session.scalars(own.order_by(StageChange.at, StageChange.id)))


def without_undone(moves: list[StageChange]) -> list[StageChange]:
    """Strikes out each undo together with the move before it, until none is left."""
    for place, move in enumerate(moves):
        if move.change is Change.UNDONE:
            return without_undone(moves[: place - 1] + moves[place + 1 :])
    return moves
