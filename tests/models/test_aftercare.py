"""What happens after the sale is written down, and what comes of it is counted, against a count by hand."""

from collections import Counter
from datetime import date, datetime, timedelta
from math import factorial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from moneyed import Money
from sqlalchemy import select

from models.aftercare import LEAD, Aftercare, Satisfaction
from models.aftersales_figures import AfterSales
from models.database import Database
from models.deal import Deal, DealField
from models.errors import NameTaken, ScoreOutOfRange
from models.history import Via
from models.known_deals import Selection
from models.moving_errors import DealNotWon
from models.period import Period, Unit
from models.texts import NAME_LIMIT
from tests.factories import MONDAY, Team, a_team, days
from tests.queries import queries_of

MARCH = Period(Unit.MONTH, date(2026, 3, 1), date(2026, 3, 31), "UTC")
SPAN = {"since": MARCH.start, "until": MARCH.end}


def care(team: Team) -> Aftercare:
    return Aftercare(team.session, team.workspace)


def won(team: Team, name: str, *, after: float = 1, company: str = "", money: Money | None = None) -> Deal:
    deal = team.adds(name, owner=team.bob, at=MONDAY, company=company, money=money)
    deal.win(by=team.bob, at=MONDAY + days(after), via=Via.COMMAND)
    team.session.flush()
    return deal


def test_every_answer_is_kept(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = won(team, "Acme")
        care(team).rate(deal, 4, "slow", by=team.bob, at=MONDAY + days(2))
        care(team).rate(deal, 9, "", by=team.bob, at=MONDAY + days(20))

        care(team).rate(deal, 10, "", by=team.bob, at=MONDAY + days(20))
        care(team).rate(deal, 1, "", by=team.bob, at=MONDAY + days(3))  # by a clock that is slow

        assert [(each.score, each.comment) for each in care(team).answers(**SPAN)] == [
            *((4, "slow"), (1, "")),
            *((9, ""), (10, "")),
        ]
        assert care(team).answers(since=MARCH.end, until=MARCH.end + days(30)) == []
        latest = care(team).ties(deal).answer
        assert latest is not None
        assert latest.score == 10


def test_only_customers_are_looked_after_and_scores_end_at_ten(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        is_open, customer = team.adds("Globex"), won(team, "Acme")

        with pytest.raises(DealNotWon):
            care(team).rate(is_open, 5, "", by=None, at=MONDAY)
        with pytest.raises(DealNotWon):
            care(team).renew(is_open, date(2027, 1, 1), by=None, at=MONDAY)
        with pytest.raises(DealNotWon):
            care(team).refer(is_open, "Initech", by=None, at=MONDAY)
        for score in (-1, 11):
            with pytest.raises(ScoreOutOfRange):
                care(team).rate(customer, score, "", by=None, at=MONDAY)
        assert session.scalars(select(Satisfaction)).all() == []


def test_a_renewal_becomes_one_deal_when_it_is_near(database: Database) -> None:
    day = date(2027, 3, 1)
    with database.begin() as session:
        team = a_team(session)
        deal = won(team, "Acme", company="Acme Ltd", money=Money(500, "EUR"))
        deal.set_text(DealField.CONTACT, "Joe", by=team.bob, at=MONDAY + days(3))
        care(team).renew(deal, day, by=team.bob, at=MONDAY + days(3))
    with database.begin() as session:
        assert care(a_team(session)).open_renewals(day - LEAD - timedelta(days=1), at=MONDAY + days(300)) == []
    with database.begin() as session:
        (fresh,) = care(a_team(session)).open_renewals(day - LEAD, at=MONDAY + days(301))
        assert (fresh.name, fresh.company, fresh.money, fresh.close_date) == (
            "Acme 2027-03",
            "Acme Ltd",
            Money(500, "EUR"),
            day,
        )
        assert (fresh.owner and fresh.owner.name, fresh.source, fresh.is_open) == ("Bob", "renewal", True)
        assert (fresh.contact, [each.via for each in fresh.changes]) == ("Joe", [Via.CLOCK])
    with database.begin() as session:
        team = a_team(session)
        assert care(team).open_renewals(day, at=MONDAY + days(302)) == []
        assert team.deals.named("Acme 2027-03").follows_id == team.deals.named("#1").id


def test_a_renewal_without_a_company_or_an_amount_is_of_the_customer_s_name_in_the_currency_of_today(
    sqlite: Database,
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        care(team).renew(won(team, "Acme"), date(2026, 3, 2), by=team.bob, at=MONDAY + days(3))  # the day before
        team.workspace.currency = "EUR"

        assert care(team).open_renewals(date(2026, 3, 1), at=MONDAY + days(4)) == []
        (fresh,) = care(team).open_renewals(date(2026, 3, 2), at=MONDAY + days(4))
        assert (fresh.company, fresh.money, fresh.currency) == ("Acme", None, "EUR")


def test_who_buys_every_month_is_asked_again_half_way(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        care(team).renew(won(team, "Acme"), date(2026, 4, 2), by=team.bob, at=MONDAY + days(3))  # won on 3 March

        assert care(team).open_renewals(date(2026, 3, 17), at=MONDAY + days(15)) == []
        assert [each.name for each in care(team).open_renewals(date(2026, 3, 18), at=MONDAY + days(16))] == [
            "Acme 2026-04"
        ]


@pytest.mark.parametrize(
    ("zone", "sold", "opens"),
    [
        ("Asia/Shanghai", "2026-03-31T23:30+08:00", date(2026, 4, 15)),
        ("Asia/Shanghai", "2026-04-01T00:30+08:00", date(2026, 4, 16)),
        ("America/New_York", "2026-03-31T23:30-04:00", date(2026, 4, 15)),
    ],
)
def test_half_of_the_time_since_the_sale_is_of_days_by_the_team_s_clock(
    sqlite: Database, zone: str, sold: str, opens: date
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        team.workspace.time_zone = zone
        deal = won(team, "Acme", after=(datetime.fromisoformat(sold) - MONDAY) / days(1))
        care(team).renew(deal, date(2026, 4, 30), by=team.bob, at=MONDAY + days(40))

        assert care(team).open_renewals(opens - timedelta(days=1), at=MONDAY + days(45)) == []
        assert len(care(team).open_renewals(opens, at=MONDAY + days(45))) == 1


def test_a_win_that_was_reopened_by_mistake_renews_once_it_is_one_again(database: Database) -> None:
    near = date(2026, 4, 1)
    with database.begin() as session:
        team = a_team(session)
        deal = won(team, "Acme")
        care(team).renew(deal, near, by=team.bob, at=MONDAY + days(3))
        deal.reopen(by=team.bob, at=MONDAY + days(4), via=Via.COMMAND)
        session.flush()
        assert care(team).open_renewals(near, at=MONDAY + days(30)) == []

        deal.undo(by=team.bob, at=MONDAY + days(31), via=Via.COMMAND)
        session.flush()
        assert [each.follows_id for each in care(team).open_renewals(near, at=MONDAY + days(32))] == [deal.id]
        assert deal.renews_on is None


def test_renewals_are_called_by_the_customer_and_their_month_even_where_a_deal_has_that_name(
    database: Database,
) -> None:
    with database.begin() as session:
        team = a_team(session)
        former = won(team, "Acme")
        for name, on in (("Acme 2026-04", 1), ("acme 2026-04 (2)", 2)):
            team.adds(name, at=MONDAY + days(on))
        names = []
        for number in (1, 2):
            care(team).renew(former, date(2026, 3 + number, 1), by=team.bob, at=MONDAY + days(10 * number))
            (fresh,) = care(team).open_renewals(date(2026, 5, 1), at=MONDAY + days(10 * number + 1))
            assert (fresh.follows_id, former.renews_on) == (former.id, None)
            fresh.win(by=team.bob, at=MONDAY + days(10 * number + 2), via=Via.COMMAND)
            names.append(fresh.name)
            former = fresh

        assert names == ["Acme 2026-04 (3)", "Acme 2026-05"]


def test_a_renewal_is_never_called_like_what_it_renews_nor_loses_a_month_that_somebody_wrote(
    database: Database,
) -> None:
    with database.begin() as session:
        team = a_team(session)
        tender, names = won(team, "Tender 2026-03"), list[str]()
        for on in (date(2026, 3, 30), date(2026, 3, 31)):
            care(team).renew(tender, on, by=team.bob, at=MONDAY + days(2))
            (tender,) = care(team).open_renewals(date(2026, 3, 29), at=MONDAY + days(3))
            tender.win(by=team.bob, at=MONDAY + days(4), via=Via.COMMAND)
            session.flush()
            names.append(tender.name)

        assert names == ["Tender 2026-03 2026-03", "Tender 2026-03 2026-03 (2)"]


def test_renewals_of_one_night_share_no_name_and_all_that_is_read_for_them_is_read_once(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        longest = "A" * (NAME_LIMIT - len(" 2026-04") - 1) + " Ltd & Sons"
        for name in ("Acme", "Acme", longest[:NAME_LIMIT], *(f"Deal {number}" for number in range(40))):
            deal = won(team, name)
            care(team).renew(deal, date(2026, 4, 1 if int(deal.id) < 6 else 3), by=team.bob, at=MONDAY + days(2))
    opened, reads = [], []
    for today in (date(2026, 3, 18), date(2026, 3, 19)):
        with queries_of(database) as asked, database.begin() as session:
            opened.append([each.name for each in care(a_team(session)).open_renewals(today, at=MONDAY + days(15))])
        reads.append(len([each for each in asked if each.startswith("SELECT")]))

    assert opened[0][:3] == [
        "Acme 2026-04",
        "Acme 2026-04 (2)",
        longest[: NAME_LIMIT - len(" 2026-04") - 1] + " 2026-04",
    ]
    assert [len(each) for each in opened] == [5, 38]
    assert reads[0] == reads[1]


def test_retention_is_told_by_the_fields_and_the_source_of_what_was_renewed(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        team.workspace.custom_fields = ["product"]
        deal = won(team, "Acme")
        deal.set_custom("product", "Basic", by=team.bob, at=MONDAY + days(2))
        deal.set_text(DealField.SOURCE, "Fair", by=team.bob, at=MONDAY + days(2))
        for on in (5, 10):
            care(team).renew(deal, date(2026, 4, 1), by=team.bob, at=MONDAY + days(on))
            (deal,) = care(team).open_renewals(date(2026, 4, 1), at=MONDAY + days(on))
            deal.win(by=team.bob, at=MONDAY + days(on + 1), via=Via.COMMAND)
            session.flush()

        def retained(selection: Selection) -> tuple[int, int]:
            return care(team).of(selection, None).renewals_closed(**SPAN)

        assert deal.source == "renewal"
        assert retained(Selection(custom=(("product", "basic"),))) == (2, 0)
        assert retained(Selection(custom=(("product", "Pro"),))) == (0, 0)
        assert retained(Selection(source="fair")) == (2, 0)
        assert retained(Selection(source="web")) == (0, 0)


def test_renewals_to_come_are_of_wins_with_a_day_and_of_open_deals_that_renew_one(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        acme, beta, late = (won(team, name) for name in ("Acme", "Beta", "Late"))
        acme.set_text(DealField.SOURCE, "Fair", by=team.bob, at=MONDAY + days(2))
        for deal, on in ((beta, date(2026, 9, 1)), (acme, date(2026, 4, 2)), (late, date(2026, 9, 2))):
            care(team).renew(deal, on, by=team.bob, at=MONDAY + days(3))
        team.adds("Nothing to renew", at=MONDAY)
        fair, until = care(team).of(Selection(source="fair"), None), date(2026, 9, 1)
        before = (care(team).renewals_coming(until), fair.renewals_coming(until))

        (renewal,) = care(team).open_renewals(date(2026, 4, 1), at=MONDAY + days(30))
        assert before == ([(date(2026, 4, 2), "Acme"), (until, "Beta")], [(date(2026, 4, 2), "Acme")])
        assert (care(team).renewals_coming(until), fair.renewals_coming(until)) == before
        renewal.win(by=team.bob, at=MONDAY + days(31), via=Via.COMMAND)
        care(team).renew(renewal, date(2026, 8, 1), by=team.bob, at=MONDAY + days(31))
        beta.reopen(by=team.bob, at=MONDAY + days(31), via=Via.COMMAND)
        session.flush()
        known_as_won = team.adds("Gamma again", stage="Won", at=MONDAY)  # from a file, so that nobody knows since when
        known_as_won.follows_id, known_as_won.close_date = late.id, until
        session.flush()
        assert care(team).renewals_coming(until) == fair.renewals_coming(until) == [(date(2026, 8, 1), "Acme")]


@pytest.mark.parametrize("renewals", [5, 40])
def test_however_many_renewals_there_are_the_database_is_asked_for_their_source_once(
    database: Database, renewals: int
) -> None:
    with database.begin() as session:
        team = a_team(session)
        former = team.adds("Acme", at=MONDAY, source="Fair")
        strangers = [team.adds(f"Mutual {number}", at=MONDAY, source="Fair") for number in (1, 2)]
        for deal, follows in zip(strangers, reversed(strangers), strict=True):
            deal.follows_id = follows.id
        for number in range(renewals):
            deal = team.adds(f"Acme {number}", at=MONDAY, source="renewal")
            deal.follows_id, former = former.id, deal
            deal.win(by=None, at=MONDAY + days(1), via=Via.IMPORT)
        strangers[0].lose("price", by=None, at=MONDAY + days(1), via=Via.IMPORT)
    with queries_of(database) as asked, database.reading() as session:
        fair = care(a_team(session)).of(Selection(source="FAIR"), None)
        known = len(asked)
        retained = fair.renewals_closed(**SPAN)

    assert retained == (renewals, 1)
    assert len([each for each in asked[known:] if "FROM deal" in each or "chain" in each]) == 2


def test_a_deal_that_a_customer_sent_says_so(database: Database) -> None:
    with database.begin() as session:
        team = a_team(session)
        deal = won(team, "Acme")

        fresh = care(team).refer(deal, "Globex", by=team.bob, at=MONDAY + days(5))
        with pytest.raises(NameTaken):
            care(team).refer(deal, "globex", by=team.bob, at=MONDAY + days(5))

        assert (fresh.source, fresh.referred_by_id, fresh.owner) == ("referral", deal.id, team.bob)
        assert care(team).referred(**SPAN) == (1, 0)
        fresh.win(by=team.bob, at=MONDAY + days(60), via=Via.COMMAND)
        session.flush()
        assert care(team).referred(**SPAN) == (1, 1)


def test_what_happens_at_midnight_is_of_the_period_that_begins(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        for number, at in enumerate((MARCH.start, MARCH.end)):
            former, renewal = (team.adds(f"{what} {number}", at=MONDAY - days(60)) for what in ("Former", "Renewal"))
            former.win(by=None, at=at, via=Via.IMPORT)
            care(team).rate(former, number, "", by=None, at=at)
            care(team).refer(former, f"Friend {number}", by=None, at=at)
            renewal.follows_id = former.id
            renewal.lose("price", by=None, at=at, via=Via.IMPORT)
        session.flush()

        assert [each.score for each in care(team).answers(**SPAN)] == [0]
        assert care(team).renewals_closed(**SPAN) == (0, 1)
        assert care(team).referred(**SPAN) == (1, 0)
        assert care(team).buyers(**SPAN) == (1, 0)


def test_what_was_lost_before_was_no_purchase(sqlite: Database) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        team.adds("Try", company="Acme").lose("price", by=None, at=MONDAY + days(1), via=Via.IMPORT)
        won(team, "Again", company="Acme", after=2)

        assert care(team).buyers(**SPAN) == (1, 0)


NAMES = ["Österreich", "ÖSTERREICH", "Globex", ""]
WINS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-60, 60)), max_size=8)


@example([("ÖSTERREICH", -60), ("Österreich", 0)])
@example([("Globex", 0), ("Globex", 10), ("", 5)])
@given(WINS)
@settings(max_examples=15)
def test_buyers_are_those_that_counting_by_hand_finds(database: Database, wins: list[tuple[str, int]]) -> None:
    with database.begin() as session:
        team = a_team(session)
        known: list[tuple[str, float]] = []
        for number, (company, after) in enumerate(wins):
            deal = team.adds(f"Deal {number}", company=company, at=MONDAY - days(70))
            deal.win(by=None, at=MONDAY + days(after), via=Via.IMPORT)
            known.append(((company or deal.name).lower(), after))
        session.flush()
        customers = again = 0
        for customer in {each for each, _ in known}:
            bought = sorted({MONDAY + days(after) for each, after in known if each == customer})
            customers += any(MARCH.has(at) for at in bought)
            again += any(MARCH.has(at) for at in bought[1:])

        assert care(team).buyers(**SPAN) == (customers, again)
        session.rollback()


FATES = st.lists(
    st.tuples(
        st.sampled_from(["renewal", "referral", "neither"]),
        st.integers(-40, 40),
        st.lists(st.tuples(st.sampled_from(["win", "lose", "reopen", "undo"]), st.integers(1, 15)), max_size=4),
    ),
    max_size=8,
)


@given(FATES)
@settings(max_examples=25)
def test_renewals_and_referrals_are_those_that_counting_by_hand_finds(
    sqlite: Database, fates: list[tuple[str, int, list[tuple[str, int]]]]
) -> None:
    with sqlite.begin() as session:
        team = a_team(session)
        customer = team.adds("Customer", at=MONDAY - days(90))
        renewed, referred = Counter[str](), Counter[str]()
        for number, (kind, begun, events) in enumerate(fates):
            at = MONDAY + days(begun)
            deal = team.adds(f"Deal {number}", at=at)
            deal.follows_id = customer.id if kind == "renewal" else None
            deal.referred_by_id = customer.id if kind == "referral" else None
            stood = ["open"]
            ended = [at]
            for what, later in events:
                at += days(later)
                if what == "undo" and len(stood) > 1:
                    deal.undo(by=None, at=at, via=Via.COMMAND)
                    stood, ended = stood[:-1], ended[:-1]
                elif what == "win" and stood[-1] != "won":
                    deal.win(by=None, at=at, via=Via.COMMAND)
                    stood, ended = [*stood, "won"], [*ended, at]
                elif what == "lose" and stood[-1] != "lost":
                    deal.lose("price", by=None, at=at, via=Via.COMMAND)
                    stood, ended = [*stood, "lost"], [*ended, at]
                elif what == "reopen" and stood[-1] != "open":
                    deal.reopen(by=None, at=at, via=Via.COMMAND)
                    stood, ended = [*stood, "open"], [*ended, at]
            renewed[stood[-1]] += kind == "renewal" and MARCH.has(ended[-1])
            referred[stood[-1]] += kind == "referral" and MARCH.has(MONDAY + days(begun))
        session.flush()

        assert care(team).renewals_closed(**SPAN) == (renewed["won"], renewed["lost"])
        assert care(team).referred(**SPAN) == (referred.total(), referred["won"])
        session.rollback()


@given(st.lists(st.integers(0, 10), max_size=60))
def test_net_promoters_are_those_who_recommend_less_those_who_do_not(scores: list[int]) -> None:
    counts = Counter(scores)
    found = AfterSales(MARCH, tuple(counts[score] for score in range(11)), None, None, 0, 0)
    net = found.net_promoters

    if not scores:
        assert (net, found.mean, found.is_empty) == (None, None, True)
        return
    assert net is not None
    kinds = [1 if score >= 9 else -1 if score <= 6 else 0 for score in scores]
    assert net.score == pytest.approx(sum(kinds) / len(kinds))
    assert -1 <= net.low <= net.score + 1e-12
    assert net.score - 1e-12 <= net.high <= 1
    assert found.mean == pytest.approx(sum(scores) / len(scores))


@pytest.mark.parametrize(("promoters", "detractors"), [(0.8, 0.1), (0.6, 0.1), (0.4, 0.3), (0.9, 0.02)])
@pytest.mark.parametrize("asked", [3, 5, 12, 40])
def test_the_interval_of_net_promoters_holds_the_truth_nine_times_in_ten_or_more_of_three_answers_on(
    asked: int, promoters: float, detractors: float
) -> None:
    held = 0.0
    for up in range(asked + 1):
        for down in range(asked + 1 - up):
            passive = asked - up - down
            ways = factorial(asked) // (factorial(up) * factorial(down) * factorial(passive))
            chance = ways * promoters**up * detractors**down * (1 - promoters - detractors) ** passive
            net = AfterSales(MARCH, (down, *(0,) * 7, passive, 0, up), None, None, 0, 0).net_promoters
            assert net is not None
            held += chance * (net.low <= promoters - detractors <= net.high)

    assert 0.89 < held < 0.98
