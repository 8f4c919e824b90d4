"""The same deals come to the same totals wherever they are told, whatever they have been through."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import select

from bot.commands import answer
from bot.home import home
from bot.reply import Reply
from bot.say import Say
from bot.services import Turn
from bot.views.digest import funnel_digest
from models.attainment import read_record
from models.attention import Looks
from models.commission import Terms, earned
from models.course import spans_of
from models.database import Database
from models.deal import Deal
from models.delays import Delays
from models.errors import DomainError
from models.exchange import ExchangeRates
from models.exporting import deal_table
from models.forecast import Forecast
from models.funnel import Funnel
from models.funnel_figures import Dimension
from models.history import Change, StageChange, Via
from models.known_deals import Selection
from models.leaderboard import leaderboard
from models.money import money_of, rounded
from models.period import Period, Unit
from models.pipeline import Pipeline, Stage, StageKind, stages_from_text
from models.pipelines import Pipelines
from models.pricing import Rate
from models.tally import Tally
from models.target import Aim, Measure
from models.team import workloads
from models.timelines import Timelines
from models.trend import Point, moments_of, trend_of
from models.wins import won_in
from scoring.aftersales_reports import aftersales_report
from scoring.forecast_spans import worth_of
from scoring.forecasting import forecast_past
from scoring.funnel_reports import funnel_past_since
from scoring.leaks import leaks
from scoring.scorer import Scorers
from tests.factories import MONDAY, Team, a_team, days
from tests.slack_double.block_rules import texts_in

STAGES = "Lead,Demo,Offer,Signed:won,Care:after_sales,Dropped:lost"
NOW = MONDAY
BEGIN = NOW - days(150)
QUARTER = Period(Unit.QUARTER, date(2026, 1, 1), date(2026, 3, 31), "UTC")
SO_FAR = Period(Unit.QUARTER, date(2026, 1, 1), NOW.date(), "UTC", time(9))
EVERYBODY = Selection()
RATES = {BEGIN.date(): Decimal("1.05"), date(2025, 12, 20): Decimal("1.1234"), date(2026, 2, 3): Decimal("1.0871")} | {
    NOW.date() - days(ago): 1 + Decimal(ago) / 1000 for ago in (180, 240, 300, 360, 500, 560, 620, 680, 740, 800, 860)
}
"""What a euro was in dollars from a day on, of some days none; yen have no rate."""

Event = tuple[str, int, int, float]
KINDS = ("add", "advance", "move", "skip", "win", "lose", "reopen", "undo", "owner", "amount", "transfer", "merge")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from([*KINDS, "add", "advance", "advance", "lose", "lose", "reopen"]),
        st.integers(0, 11),
        st.integers(0, 999),
        st.floats(0.01, 12),
    ),
    min_size=12,
    max_size=40,
)
"""What happens, to which deal, how exactly, and how many days after the event before."""

WON = (StageKind.WON, StageKind.AFTER_SALES)


@dataclass(frozen=True)
class Raw:
    """A deal's moves as they were written down since it came into its pipeline, by the plainest reading: without those
    that were undone, stages that were merged read as the one that took over."""

    deal: Deal
    moves: Sequence[StageChange]
    stage_ids: Sequence[int]
    """Where each move led."""
    kind: StageKind

    @property
    def stage_id(self) -> int:
        return self.stage_ids[-1]

    @property
    def entered_at(self) -> datetime:
        return self.moves[-1].at

    @property
    def closed_at(self) -> datetime | None:
        if self.kind is StageKind.OPEN:
            return None
        return next((each.at for each in reversed(self.moves) if each.change in (Change.WON, Change.LOST)), None)

    @property
    def is_priced(self) -> bool:
        return self.deal.amount is not None and self._rate is not None

    @property
    def worth(self) -> Decimal:
        """In euros, nothing where nobody knows."""
        return (self.deal.amount or Decimal()) / (self._rate or Decimal("Infinity"))

    def was_closed_in(self, period: Period) -> bool:
        return self.closed_at is not None and period.has(self.closed_at)

    def moved(self, change: Change, period: Period) -> bool:
        return any(each.change is change and period.has(each.at) for each in self.moves)

    @property
    def _rate(self) -> Decimal | None:
        """Of a euro in its currency, for open deals today's."""
        return a_euro_in(self.deal.currency, (self.closed_at or NOW).date())


def a_euro_in(currency: str, day: date) -> Decimal | None:
    if currency == "EUR":
        return Decimal(1)
    known = [each for each in RATES if days(0) <= day - each < days(92)] if currency == "USD" else []
    return RATES[max(known)] if known else None


def in_euros(currency: str, day: date) -> Decimal | None:
    """What one of a currency was worth."""
    euro = a_euro_in(currency, day)
    return 1 / euro if euro else None


def raw_of(team: Team, deal: Deal) -> Raw:
    rows = team.session.scalars(select(StageChange).where(StageChange.deal_id == deal.id).order_by(StageChange.id))
    moves: list[StageChange] = []
    for move in rows:
        if move.change is Change.UNDONE:
            moves.pop()
        else:
            moves.append(move)
    begun = max(place for place in range(len(moves)) if place == 0 or moves[place].change is Change.TRANSFERRED)
    moves = moves[begun:]
    stages = {each.id: each for each in team.session.scalars(select(Stage))}
    led = [stages[move.to_stage_id].retired_into_id or move.to_stage_id for move in moves]
    places = [place for place in range(len(moves)) if place == 0 or led[place] != led[place - 1]]
    return Raw(deal, [moves[each] for each in places], [led[each] for each in places], stages[led[-1]].kind)


def live(team: Team, events: Iterable[Event], *, since: datetime) -> None:
    """What happens to a team that sells through two pipelines, in order, until now."""
    session, workspace = team.session, team.workspace
    workspace.currency = "EUR"
    ExchangeRates(session, workspace).keep([Rate("EUR", "USD", day, rate) for day, rate in RATES.items()])
    pipelines = Pipelines(session, workspace)
    pipelines.add("Shop", stages_from_text(STAGES))
    at, ids = since, list[int]()
    for what, which, pick, later in events:
        at += days(later)
        if pick % 4 == 0:  # on the first moment of a day, half of these of a week
            at = at.replace(hour=0, minute=0, second=0, microsecond=0) + days(1 if pick % 8 else 7 - at.weekday())
        at = min(at, NOW - days(0.01))
        with suppress(DomainError):
            if what == "add" or not ids:
                ids.append(added(team, pick, number=len(ids), at=at).id)
            elif what == "merge":
                pipeline = pipelines.all()[which % 2]
                stages = pipeline.stages if pick % 4 == 0 else pipeline.open_stages
                pipelines.reshaping(pipeline).retire(
                    stages[pick % len(stages)], into=stages[pick // 7 % len(stages)], at=NOW
                )
            elif what == "insert":
                pipeline = pipelines.all()[which % 2]
                beside = pipeline.open_stages[pick % len(pipeline.open_stages)]
                pipelines.reshaping(pipeline).insert(f"Stage {pick}", beside=beside, at=at)
            else:
                befall(team, team.deals.get(ids[which % len(ids)]), what, pick, at)
        session.flush()


def added(team: Team, pick: int, *, number: int, at: datetime) -> Deal:
    pipeline = Pipelines(team.session, team.workspace).all()[pick % 2]
    deal = team.deals.add(
        f"Deal {number}",
        stage=pipeline.stages[pick // 2 % len(pipeline.stages)] if pick % 5 == 0 else pipeline.first,
        owner=(team.ann, team.bob, None)[pick % 3],
        at=at,
        via=Via.COMMAND,
        money=money(pick),
        company=("", "Ähre", "ÄHRE", "Globex")[pick // 3 % 4],
    )
    customer = team.session.scalar(select(Deal.id).where(Deal.id != deal.id).limit(1))
    deal.follows_id, deal.referred_by_id = ((customer, None), (None, customer), (None, None))[pick // 5 % 3]
    return deal


def money(pick: int) -> Money | None:
    """Also odd coins, and now and then none."""
    return money_of(Decimal(pick * 37) / 8, ("EUR", "USD", "EUR", "JPY", "USD")[pick % 5]) if pick % 7 else None


def befall(team: Team, deal: Deal, what: str, pick: int, at: datetime) -> None:
    stages = deal.pipeline.stages
    match what:
        case "advance":
            deal.advance(by=None, at=at, via=Via.COMMAND)
        case "skip":
            deal.advance(stages[pick % len(stages)], by=None, at=at, via=Via.COMMAND)
        case "move":
            deal.move(stages[pick % len(stages)], by=None, at=at, via=Via.COMMAND)
        case "win":
            deal.win(by=None, at=at, via=Via.COMMAND)
        case "lose":
            deal.lose(("price", "timing", "budget")[pick % 3], by=None, at=at, via=Via.COMMAND)
        case "reopen":
            deal.reopen(by=None, at=at, via=Via.COMMAND)
        case "undo":
            deal.undo(by=None, at=at, via=Via.COMMAND)
        case "transfer":
            others = [each for each in Pipelines(team.session, team.workspace).all() if each.id != deal.pipeline_id]
            stage = others[0].stages[pick % 3] if pick % 2 else None
            team.deals.transfer(deal, others[0], stage, by=None, at=at, via=Via.COMMAND)
        case "owner":
            deal.assign((team.ann, team.bob, None)[pick % 3], by=None, at=at)
        case "amount":
            deal.set_money(money(pick), by=None, at=at)


DATES = st.sampled_from([None, *(NOW.date() + days(30 * number) for number in range(4))])
DATED = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["date", "date", "date", "lose", "give"]), DATES))


@given(st.lists(DATES, min_size=3, max_size=5), DATED, st.integers(0, 12))
@settings(max_examples=20)
def test_what_was_put_off_is_what_the_last_date_is_later_than_that_of_the_beginning(
    sqlite: Database, firsts: list[date | None], events: list[tuple[int, str, date | None]], begun: int
) -> None:
    """One event an hour; some deals are not there yet when the time begins, of which the first date counts."""
    since = BEGIN + timedelta(hours=begun)
    with sqlite.begin() as session:
        team = a_team(session)
        dated, before, gone = [], [], set[int]()
        for number, first in enumerate(firsts):
            at = BEGIN + timedelta(hours=3 * number)
            dated.append(team.adds(f"Deal {number}", at=at, owner=team.ann, close_date=first))
            before.append(first)
        now, owners = list(before), [team.ann.id] * len(dated)
        for hour, (which, what, day) in enumerate(events, start=3 * len(firsts) - 2):
            place, at = which % len(dated), BEGIN + timedelta(hours=hour)
            if what == "lose" and place not in gone:
                dated[place].lose("price", by=None, at=at, via=Via.COMMAND)
                gone.add(place)
            elif what == "give":
                dated[place].assign(team.bob, by=None, at=at)
                owners[place] = team.bob.id
            elif place not in gone:
                dated[place].set_close_date(day, by=team.ann, at=at)
                now[place] = day
                before[place] = day if at <= since else before[place]
        session.flush()

        for people in (None, frozenset([team.ann.id])):
            found = Delays(session, team.workspace).of(team.pipeline, people, since=since, until=NOW)
            expected = {
                deal.id: last - first
                for place, (deal, first, last) in enumerate(zip(dated, before, now, strict=True))
                if place not in gone and first and last and last > first and (not people or owners[place] in people)
            }
            assert {each.deal.id: each.by for each in found} == expected
            assert [each.by for each in found] == sorted(expected.values(), reverse=True)
        session.rollback()


@given(
    EVENTS,
    st.integers(5, 150),
    st.lists(st.tuples(st.just("merge"), st.integers(0, 1), st.integers(0, 999), st.just(0.0)), max_size=3),
)
@example(
    events=[*[("add", 0, 0, 1.0)] * 5, ("add", 0, 0, 7.0), *[("add", 0, 0, 1.0)] * 5, ("add", 0, 4, 2.0)],
    ago=142,
    merges=[],
)
@settings(max_examples=20)
def test_totals_are_the_same_in_every_view(
    sqlite: Database, events: list[Event], ago: int, merges: list[Event]
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        live(team, [*events, *merges], since=NOW - days(ago))
        raw = [raw_of(team, deal) for deal in session.scalars(select(Deal).order_by(Deal.id))]

        for pipeline in Pipelines(session, team.workspace).all():
            there = [each for each in raw if each.deal.pipeline_id == pipeline.id]
            past = forecast_past(session, team.workspace, pipeline.id, at=NOW, chances={})
            forecast = past.forecast(QUARTER, EVERYBODY, at=NOW)
            assert_open_deals_agree(team, pipeline, there, forecast)
            assert_the_quarter_agrees(team, pipeline, there, forecast)
        assert_people_agree(team, raw)
        assert_customers_agree(team, raw)
        assert_the_export_agrees(team, raw)
        assert_home_agrees(team, raw)
        session.rollback()


def assert_open_deals_agree(team: Team, pipeline: Pipeline, raw: Sequence[Raw], forecast: Forecast) -> None:
    """`/funnel show`, the digest, both views of the report, `/deal list`, the trend, Home and the forecast."""
    session, workspace = team.session, team.workspace
    there = [each for each in raw if each.kind is StageKind.OPEN]
    shown = Funnel(session, workspace).report(pipeline, at=NOW, since=SO_FAR.start)
    past = funnel_past_since(session, workspace, pipeline.id, MONDAY - days(3_000), at=NOW)
    snapshot = past.snapshot(SO_FAR, EVERYBODY).now
    ever = Period(Unit.DAYS, BEGIN.date(), NOW.date(), "UTC", time(9))
    cohorts = past.cohorts(ever, EVERYBODY, at=NOW).now
    home = Funnel(session, workspace).open_by_stage(owner=None, at=NOW)
    listed = answer("/deal", f'list in "{pipeline.name}"', turn_of(team))

    trend = trend_now(team, pipeline)

    assert_tally(shown.open, there)
    assert_digest(funnel_digest(shown, Looks((), 0), Say("en", "UTC")), there)
    unpriced = trend.without_amount + sum(each.count for each in trend.unpriced)
    assert (trend.count, unpriced) == (len(there), sum(not each.is_priced for each in there))
    assert trend.amount.amount == cents(sum(each.worth for each in there))
    assert first_number(listed.text) == len(there)
    assert cohorts.whole.open == snapshot.velocity.open == len(there)
    assert cohorts.whole.won == sum(each.kind in WON for each in raw)
    assert cohorts.whole.lost == sum(each.kind is StageKind.LOST for each in raw)
    promised = [promise for name, promise in forecast.categories.items() if name != "omitted"]
    assert sum(each.count for each in promised) == sum(each.count for each in forecast.stages.values()) == len(there)
    assert sum(each.amount for each in promised) == sum(cents(each.worth) for each in there)
    for row, flow in zip(shown.rows, snapshot.flows, strict=True):
        here = [each for each in raw if each.stage_id == row.stage_id]
        assert flow.still_there == len(here)
        if flow.stage.is_open:
            assert_tally(row.tally, here)
            assert_tally(home.get(row.stage_id, Tally(0, (), 0)), here)
            assert forecast.stages[row.name].count == len(here)


def assert_the_quarter_agrees(team: Team, pipeline: Pipeline, raw: Sequence[Raw], forecast: Forecast) -> None:
    """`/funnel show` with its changes, the report, its breakdown by owners, leaks, and what the forecast has as won."""
    session, workspace = team.session, team.workspace
    won = [each for each in raw if each.kind in WON and each.was_closed_in(SO_FAR)]
    lost = [each for each in raw if each.kind is StageKind.LOST and each.was_closed_in(SO_FAR)]
    past = funnel_past_since(session, workspace, pipeline.id, MONDAY - days(3_000), at=NOW)
    snapshot = past.snapshot(SO_FAR, EVERYBODY).now
    parts = [each.now for each in past.parts(SO_FAR, EVERYBODY, Dimension.TEAM)]
    after = SO_FAR.start - timedelta.resolution  # changes are those after a moment, a period has its first one
    (changes,) = Funnel(session, workspace).changes(pipeline, after, NOW)
    lost_in = leaks(past, SO_FAR, EVERYBODY, past.pricing).stages

    record = read_record(session, workspace, since=SO_FAR.start, at=NOW)
    for measure, number in (
        (Measure.NEW, snapshot.begun),
        (Measure.WON, len(won)),
        (Measure.AMOUNT, snapshot.velocity.won_amount.amount),
    ):
        aim = Aim(measure, Unit.QUARTER, pipeline_id=pipeline.id)
        alone = read_record(session, workspace, since=SO_FAR.start, at=NOW, measures=[measure])
        assert [each.reached(aim, SO_FAR, None).done for each in (record, alone)] == [number, number]
    assert (snapshot.won, snapshot.lost) == (len(won), len(lost))
    assert (snapshot.velocity.won, snapshot.velocity.lost) == (len(won), len(lost))
    assert snapshot.velocity.won_amount.amount == cents(sum(each.worth for each in won))
    assert (forecast.won.count, forecast.won.amount) == (len(won), sum(cents(each.worth) for each in won))
    assert [sum(getattr(part, name) for part in parts) for name in ("begun", "won", "lost")] == [
        snapshot.begun,
        snapshot.won,
        snapshot.lost,
    ]
    assert snapshot.begun == changes.new.count == sum(SO_FAR.has(each.moves[0].at) for each in raw)
    for change, tally in (
        (Change.FORWARD, changes.forward),
        (Change.BACK, changes.back),
        (Change.WON, changes.won),
        (Change.LOST, changes.lost),
        (Change.REOPENED, changes.reopened),
    ):
        assert_tally(tally, [each for each in raw if each.moved(change, SO_FAR)])
    assert [flow.lost for flow in snapshot.flows] == [each.leak.lost for each in lost_in]
    assert sum(each.leak.lost - each.leak.reopened for each in lost_in) == len(lost)


def assert_people_agree(team: Team, raw: Sequence[Raw]) -> None:
    """Targets, the leaderboard, the managers' tab of Home and commission, of all pipelines together."""
    session, workspace = team.session, team.workspace
    record = read_record(session, workspace, since=SO_FAR.start, at=NOW)
    members = [team.ann, team.bob]
    rows = leaderboard(record, SO_FAR, members, [], prospects={})
    board = {each.member.id: each for each in rows if each.member}
    closed = [each for each in raw if each.was_closed_in(SO_FAR)]
    all_won = [each for each in closed if each.kind in WON]
    assert sum(each.won for each in rows) == len(all_won)
    assert sum(each.lost for each in rows) == sum(each.kind is StageKind.LOST for each in closed)
    assert sum(each.amount.amount for each in rows) == cents(sum(each.worth for each in all_won))
    pricing = ExchangeRates(session, workspace).pricing(at=NOW, since=SO_FAR.first)
    tab = {
        each.member.id: each
        for each in workloads(members, team.deals, team.open_deals, {}, pricing, period=QUARTER, at=NOW)
    }
    for member in members:
        theirs = [each for each in raw if each.deal.owner_id == member.id]
        won = [each for each in theirs if each.kind in WON and each.was_closed_in(SO_FAR)]
        amount, alone = cents(sum(each.worth for each in won)), frozenset((member.id,))
        reached = record.reached(Aim(Measure.AMOUNT, Unit.QUARTER), SO_FAR, alone)
        unpriced = reached.no_amount + sum(each.count for each in reached.unpriced)
        on_board = board.get(member.id)
        assert (reached.done, unpriced) == (amount, sum(not each.is_priced for each in won))
        assert record.reached(Aim(Measure.WON, Unit.QUARTER), SO_FAR, alone).done == len(won)
        assert (on_board.won, on_board.amount.amount) == (len(won), amount) if on_board else not won
        assert (tab[member.id].won, tab[member.id].won_amount.amount) == (len(won), amount)
        (everything,) = won_in(record.histories, record.stages, [SO_FAR])
        assert earned(everything, {}, Terms(Decimal(5)), member.id, record.pricing).won == amount
        open_deals = [each for each in theirs if each.kind is StageKind.OPEN]
        assert (tab[member.id].open, tab[member.id].open_amount.amount) == (
            len(open_deals),
            cents(sum(each.worth for each in open_deals)),
        )


def assert_customers_agree(team: Team, raw: Sequence[Raw]) -> None:
    """Retention, repurchase and referrals of everybody, of one person and of one pipeline, as deals stand now."""
    pipeline = Pipelines(team.session, team.workspace).all()[1]
    won = [each for each in raw if each.kind in WON and each.closed_at]
    for owner_ids, pipeline_id in ((None, None), (frozenset([team.ann.id]), None), (None, pipeline.id)):
        theirs = [
            each
            for each in raw
            if (owner_ids is None or each.deal.owner_id in owner_ids)
            and (pipeline_id is None or each.deal.pipeline_id == pipeline_id)
        ]
        renewals = [each.kind in WON for each in theirs if each.deal.follows_id and each.was_closed_in(SO_FAR)]
        bought = [each for each in theirs if each.kind in WON and each.was_closed_in(SO_FAR)]
        again = {
            customer_of(each): any(
                customer_of(one) == customer_of(each) == customer_of(other)
                and (one.closed_at or NOW) < (other.closed_at or NOW)
                for one in won
                for other in bought
            )
            for each in bought
        }
        sent = [each for each in theirs if each.deal.referred_by_id and SO_FAR.has(each.deal.created_at)]
        found = aftersales_report(team.session, team.workspace, SO_FAR, Selection(owner_ids), pipeline_id)
        for share, hits in ((found.retention, renewals), (found.repurchase, [*again.values()])):
            assert (share and (share.hits, share.count)) == ((sum(hits), len(hits)) if hits else None)
        assert (found.referrals, found.referrals_won) == (len(sent), sum(each.kind in WON for each in sent))


def customer_of(each: Raw) -> str:
    return (each.deal.company or each.deal.name).lower()


def assert_the_export_agrees(team: Team, raw: Sequence[Raw]) -> None:
    """A row for each deal, with the amount, the currency and the day by which all other sums are made."""
    columns, rows = deal_table(team.session, team.workspace)
    exported = [dict(zip(columns, row, strict=True)) for row in rows]
    pipelines = Pipelines(team.session, team.workspace).all()
    names = {stage.id: (each.name, stage.name) for each in pipelines for stage in each.stages}
    assert [(each["pipeline"], each["stage"]) for each in exported] == [names[each.stage_id] for each in raw]
    for row, each in zip(exported, raw, strict=True):
        assert row["closed at"] == (each.closed_at.isoformat() if each.closed_at else "")
        assert (Decimal(row["amount"]) if row["amount"] else None) == each.deal.amount
        assert row["currency"] == each.deal.currency or each.deal.amount is None


def trend_now(team: Team, pipeline: Pipeline) -> Point:
    """What was open a moment before now, as the trend's last point has it; of all deals the same as of those that count
    for it."""
    timelines = Timelines(team.session, team.workspace)
    pricing = ExchangeRates(team.session, team.workspace).pricing(at=NOW, since=NOW.date())
    _, (first, *_) = moments_of(SO_FAR)
    whole, short = (
        trend_of(
            [list(spans_of(history)) for history in histories],
            {stage_id: stage.kind for stage_id, stage in timelines.stages().items()},
            EVERYBODY,
            SO_FAR,
            worth=lambda span: worth_of(span, pricing, is_closed=False),
            currency=pricing.currency,
        )
        for histories in (timelines.in_pipeline(pipeline.id), timelines.in_pipeline_since(pipeline.id, first))
    )
    assert short == whole
    return short.last


def assert_home_agrees(team: Team, raw: Sequence[Raw]) -> None:
    """What a person reads on their own Home tab: how many deals are open, and what those of each stage come to."""
    turn = turn_of(team)
    told = list(texts_in(home(turn)["blocks"]))
    mine = [each for each in raw if each.deal.owner_id == team.ann.id and each.kind is StageKind.OPEN]
    if mine:
        assert any(re.match(rf"{len(mine)} open deals? by stage", text) for text in told)
    lines = [line for text in told for line in text.splitlines()]
    for pipeline in Pipelines(team.session, team.workspace).all():
        for stage in pipeline.stages:
            here = [each for each in mine if each.stage_id == stage.id]
            head = f"*{stage.name}* in {pipeline.name}: "
            (line,) = [each for each in lines if each.startswith(head)] or [""]
            assert bool(line) == bool(here)
            if here:
                assert first_number(line.removeprefix(head)) == len(here)
            if worth := cents(sum(each.worth for each in here)):
                assert turn.say.compact(Money(worth, "EUR")) in line


def assert_digest(digest: Reply, there: Sequence[Raw]) -> None:
    """What one reads in it of the open deals: how many, and what they come to in euros."""
    (line,) = [line for line in digest.text.splitlines() if re.match(rf"\*{len(there)} open deals?\*", line)]
    if worth := cents(sum(each.worth for each in there)):
        assert Say("en", "UTC").compact(Money(worth, "EUR")) in line


def assert_tally(tally: Tally, deals: Iterable[Raw]) -> None:
    """The number, what is unpriced, and the amount in euros, with that of deals without a rate beside it."""
    every = list(deals)
    amounts = [each for each in every if each.deal.amount is not None]
    known = [each for each in amounts if each.is_priced]
    assert (tally.count, tally.unpriced) == (len(every), len(every) - len(amounts))
    assert sum((each.amount for each in tally.told if each.currency.code == "EUR"), Decimal()) == cents(
        sum((each.worth for each in known), Decimal())
    )
    for code in ("USD", "JPY"):
        apart = sum(
            (each.deal.amount or Decimal() for each in amounts if each not in known and each.deal.currency == code),
            Decimal(),
        )
        assert sum((each.amount for each in tally.told if each.currency.code == code), Decimal()) == apart


def cents(amount: Decimal | int) -> Decimal:
    return rounded(Decimal(amount), "EUR")


def first_number(text: str) -> int:
    """Of a list; nothing where there is none."""
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


def turn_of(team: Team) -> Turn:
    return Turn(team.session, team.workspace, team.ann, NOW, Say("en", "UTC"), Scorers())
