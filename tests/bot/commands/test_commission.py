"""`/funnel commission`, `/deal split`: what is paid, to whom, and who hears of it"""

from datetime import UTC, datetime

import pytest
from moneyed import Money

from bot.commands.funnel_commission import PLAN_EXAMPLE
from bot.errors import worded
from bot.faults import CommissionNotTheirs, PlanNotUnderstood, SettingNotUnderstood, SplitNotUnderstood, WordsMissing
from bot.reply import Reply
from models.database import Database
from models.errors import DomainError, NotAllowed, PercentOutOfRange, PlanNotFound, PlanUnpriced, SharesBeyondAll
from models.history import Via
from models.members import Profile
from tests.bot.conftest import Desk, Office
from tests.bot.reading import words_in
from tests.factories import MONDAY, days
from tests.queries import queries_of
from tests.slack_double import SlackDouble


def win(desk: Desk, name: str, amount: int) -> None:
    deal = desk.team.adds(name, owner=desk.team.bob, money=Money(amount, "USD"))
    deal.win(by=desk.team.bob, at=MONDAY, via=Via.COMMAND)
    desk.team.session.flush()


def test_a_rep_sees_what_they_earned_and_from_what(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% then 8% above 100k a quarter")
    win(desk, "Acme", 150_000)
    desk.types("/deal split Acme @ann 20%")

    shown = words_in(desk.types("/funnel commission", by=desk.team.bob))

    assert "*Commission of Bob, estimated: $6,600*" in shown
    assert "$120,000 won, by the plan 5%, 8% above $100,000 a quarter" in shown
    assert "*Acme*: 80%, that is $120K" in shown


def drawn(reply: Reply) -> list[dict[str, list[tuple[str, float]]]]:
    """What each chart after an answer shows, by series."""
    assert reply.then
    charts = [block["chart"] for block in reply.then.blocks]
    return [
        {each["name"]: [(bar["label"], bar["value"]) for bar in each["data"]] for each in chart["series"]}
        for chart in charts
    ]


def test_a_chart_shows_what_was_won_in_the_course_of_a_period_against_the_threshold(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% then 8% above 100k a month")
    win(desk, "Acme", 50_000)
    desk.now = MONDAY + days(2)
    for name in ("Globex", "Initech"):
        deal = desk.team.adds(name, owner=desk.team.bob, at=desk.now, money=Money(40_000, "USD"))
        deal.win(by=desk.team.bob, at=desk.now, via=Via.COMMAND)
    desk.types("/deal split Initech @ann 25%")

    told = desk.types("/funnel commission", by=desk.team.bob)

    names = [f"Mar {day}, 2026" for day in range(1, 5)]
    assert drawn(told) == [
        {
            "won": list(zip(names, [0, 50_000, 50_000, 120_000], strict=True)),
            "threshold": [(name, 100_000) for name in names],
        }
    ]
    assert told.then
    assert told.then.text == (
        "Commission of Bob, estimated: Mar 1, 2026 to Mar 4, 2026, so far: $120,000 won, with a threshold of $100,000, "
        "pays $6,600. On the way: $50,000 won by Mar 2, 2026."
    )
    assert words_in(told.then.plain) == told.then.text
    chinese = desk.types("/funnel commission", by=desk.team.bob, locale="zh-CN").then
    assert chinese
    assert "赢单 US$120,000，门槛 US$100,000，提成 US$6,600。期间：截至 2026年3月2日 赢单 US$50,000。" in chinese.text


def test_of_several_periods_charts_show_what_was_won_and_paid_in_each(desk: Desk) -> None:
    desk.now = MONDAY - days(40)
    desk.types("/funnel commission plan 10% a month")
    deal = desk.team.adds("Jan", owner=desk.team.bob, at=desk.now, money=Money(900, "USD"))
    deal.win(by=desk.team.bob, at=desk.now, via=Via.COMMAND)
    desk.now = MONDAY + days(1)
    desk.types("/funnel commission plan 5% then 8% above 1000 a month")
    win(desk, "Mar", 2_000)

    told = desk.types("/funnel commission this quarter", by=desk.team.bob)

    names = [f"{day} 1, 2026" for day in ("Jan", "Feb", "Mar")]
    assert drawn(told) == [
        {"won": list(zip(names, [900, 0, 2_000], strict=True))},
        {"commission": list(zip(names, [90, 0, 130], strict=True))},
    ]
    assert told.then
    assert "$900 won pays $90, " in told.then.text
    assert "$2,000 won, with a threshold of $1,000, pays $130" in told.then.text

    desk.now = MONDAY + days(40)
    win(desk, "Apr", 3_000)
    won, _ = drawn(desk.types("/funnel commission 2026-03-01 to 2026-04-30", by=desk.team.bob))
    assert [amount for _, amount in won["threshold"]] == [1_000, 1_000]


def test_nothing_is_drawn_of_nothing_won_and_a_plan_without_a_threshold_has_none(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a year")
    assert desk.types("/funnel commission", by=desk.team.bob).then is None
    win(desk, "Acme", 500)

    (chart,) = drawn(desk.types("/funnel commission", by=desk.team.bob))

    assert list(chart) == ["won"]
    desk.team.bob.name = "R&B <!here>"
    drawn_of_bob = desk.types("/funnel commission", by=desk.team.bob).then
    assert drawn_of_bob
    assert drawn_of_bob.text.startswith("Commission of R&amp;B &lt;!here&gt;, estimated: ")
    assert len(chart["won"]) == 16  # of 61 days
    assert chart["won"][-1] == ("Mar 2, 2026", 500)


def test_a_deal_that_was_reopened_and_won_again_is_paid_once(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a month")
    win(desk, "Acme", 10_000)
    deal = desk.team.adds("Globex", owner=desk.team.bob, money=Money(4_000, "USD"))
    deal.win(by=desk.team.bob, at=MONDAY, via=Via.COMMAND)
    desk.types("/deal split Globex @ann 25%")
    desk.now = MONDAY + days(32)
    desk.types("/deal reopen Acme", by=desk.team.bob)
    desk.types("/deal won Acme 30k", by=desk.team.bob)
    desk.types("/deal lost Globex because price", by=desk.team.bob)

    told = desk.types("/funnel commission", by=desk.team.bob)
    april = words_in(told)

    assert "estimated: $850*" in april
    assert "$17,000 won" in april
    assert "*Acme*: 100%, -$10K, as the win told in Mar 1, 2026 to Mar 31, 2026 was taken back on Apr 3, 2026" in april
    assert "*Globex*: 75%, -$3K, as the win told in Mar" in april
    assert "*Acme*: 100%, that is $30K" in april
    assert "estimated: $650*" in words_in(desk.types("/funnel commission last month", by=desk.team.bob))
    both = desk.types("/funnel commission 1 March to 3 April", by=desk.team.bob)
    assert "estimated: $1,500*" in words_in(both)


def test_a_win_that_is_undone_a_month_later_is_taken_back_then(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a month")
    win(desk, "Acme", 10_000)
    desk.now = MONDAY + days(32)
    desk.types("/deal undo Acme", by=desk.team.bob)

    told = words_in(desk.types("/funnel commission", by=desk.team.bob))

    assert "estimated: -$500*" in told
    assert "was taken back on Apr 3, 2026" in told


def test_a_win_that_is_reopened_while_no_plan_holds_is_taken_back_in_the_next_period_that_is_paid(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a month")
    win(desk, "Acme", 10_000)
    desk.now = datetime(2026, 4, 1, 9, tzinfo=UTC)
    desk.types("/funnel commission plan none")
    desk.types("/deal reopen Acme", by=desk.team.bob)
    desk.now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    desk.types("/funnel commission plan 5% a month")

    may = words_in(desk.types("/funnel commission", by=desk.team.bob))
    all_of_it = words_in(desk.types("/funnel commission 1 March to 4 May", by=desk.team.bob))

    assert "estimated: -$500*" in may
    assert "*Acme*: 100%, -$10K, as the win told in Mar 1, 2026 to Mar 31, 2026 was taken back on Apr 1, 2026" in may
    assert "estimated: $0*" in all_of_it


def test_deals_that_are_not_counted_are_told_with_what_they_are_worth_and_the_sum_is_at_least_that(desk: Desk) -> None:
    desk.types("/funnel commission plan 10% a month")
    win(desk, "Acme", 10_000)
    for name, money in (("Tokyo", Money(1_000_000, "JPY")), ("Osaka", Money(200_000, "JPY")), ("Vague", None)):
        deal = desk.team.adds(name, owner=desk.team.bob, money=money)
        deal.win(by=desk.team.bob, at=MONDAY, via=Via.COMMAND)
    desk.team.session.flush()
    desk.types("/deal split Tokyo @ann 50%")

    told = desk.types("/funnel commission", by=desk.team.bob)
    words = words_in(told)

    assert "estimated: at least $1,000*" in words
    assert "$10,000 + ¥700,000 won, by the plan" in words
    assert "*Tokyo*: 50%, that is ¥500K, not counted, as it has no exchange rate" in words
    assert "*Vague*: 100%, not counted, as it had no amount in this time" in words
    assert told.then
    assert "$10,000 + ¥700,000 won pays at least $1,000." in told.then.text
    assert "至少 US$1,000*" in words_in(desk.types("/funnel commission", by=desk.team.bob, locale="zh-CN"))
    desk.now = MONDAY + days(32)
    desk.types("/deal set Vague amount 5k", by=desk.team.bob)
    march = words_in(desk.types("/funnel commission last month", by=desk.team.bob))
    assert "at least $1,000*" in march
    assert "*Vague*: 100%, not counted, as it had no amount in this time" in march


def test_an_amount_that_was_mended_after_its_period_is_settled_in_the_next_one(desk: Desk) -> None:
    desk.types("/funnel commission plan 10% a month")
    win(desk, "Typo", 100_000)
    desk.now = MONDAY + days(40)
    desk.types("/deal set Typo amount 10k")

    words = words_in(desk.types("/funnel commission this month", by=desk.team.bob))

    assert "-$90,000 won" in words
    assert "*Typo*: 100%, -$90K, as the amount told in Mar 1, 2026 to Mar 31, 2026 was changed on Apr 11, 2026" in words
    assert "estimated: $1,000*" in words_in(desk.types("/funnel commission this year", by=desk.team.bob))


def test_only_the_rep_and_their_manager_see_it(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a quarter")

    with pytest.raises(CommissionNotTheirs):
        desk.types("/funnel commission @bob")
    with pytest.raises(CommissionNotTheirs):
        desk.types("/funnel commission @ann", by=desk.team.bob)
    desk.team.bob.report_to(desk.team.ann)
    desk.team.session.flush()
    assert "Commission of Bob" in desk.types("/funnel commission @bob last month").text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("plan 5% a month for @bob", "*Bob*: 5% a month"),
        ("plan 5% then 8% above 100k a quarter", "*everybody*: 5%, 8% above $100,000 a quarter"),
        ("plan: 2.5%, over $5000 4% yearly", "*everybody*: 2.5%, 4% above $5,000 a year"),
        ("方案 5% 超过 10万 8% 每季度 负责人 bob", "*Bob*: 5%, 8% above $100,000 a quarter"),
        ("方案：5%，超过 10万 的部分 8% 每季度", "*everybody*: 5%, 8% above $100,000 a quarter"),
        ("plan 5% of won and 8% of sales above 100k a quarter", "*everybody*: 5%, 8% above $100,000 a quarter"),
    ],
)
def test_a_plan_is_said_in_many_ways(desk: Desk, words: str, told: str) -> None:
    assert told in desk.types(f"/funnel commission {words}").text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("commission", PlanNotFound),
        ("commission bananas", SettingNotUnderstood),
        ("commission plan", WordsMissing),
        ("commission plan lots", PlanNotUnderstood),
        ("commission plan -5%", PlanNotUnderstood),
        ("commission plan 5% a decade", PlanNotUnderstood),
        ("commission plan 8% above 100k otherwise 5% a quarter", PlanNotUnderstood),
        ("commission plan 5% then 8% above 100k a deal", PlanNotUnderstood),
        ("commission plan 5% then 8% a quarter", PlanNotUnderstood),
        ("commission plan 5% then 8% above €100k a quarter", PlanNotUnderstood),
        ("commission plan 5% team @ann", PlanNotUnderstood),
        ("commission plan 101%", PercentOutOfRange),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(desk: Desk, words: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        desk.types(f"/funnel {words}")


def test_a_plan_without_the_word_is_told_how_it_is_typed(desk: Desk) -> None:
    with pytest.raises(SettingNotUnderstood) as fault:
        desk.types("/funnel commission 10% above 20k 15%")

    assert fault.value.example == PLAN_EXAMPLE


def test_a_manager_sees_which_plans_hold(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% then 8% above 100k a quarter")
    desk.types("/funnel commission plan 10% a month for @bob")
    desk.types("/funnel commission plan 3% a month for @ann")
    desk.types("/funnel commission plan none for @ann")

    told = desk.types("/funnel commission plan").text

    assert [line.partition(",")[0] for line in told.splitlines()] == [
        "Commission for *everybody*: 5%",
        "Commission for *Bob*: 10% a month",
    ]
    with pytest.raises(NotAllowed):
        desk.types("/funnel commission plan", by=desk.team.bob)


def test_the_plan_agreed_on_last_counts_whatever_its_period(desk: Desk) -> None:
    desk.types("/funnel commission plan 10% a month")
    desk.types("/funnel commission plan 5% a quarter")

    assert "5% a quarter" in words_in(desk.types("/funnel commission"))


def test_a_deal_is_paid_for_by_one_plan_though_another_period_runs_from_the_middle_of_its_own(desk: Desk) -> None:
    desk.now = MONDAY - days(40)
    desk.types("/funnel commission plan 5% a quarter")
    for name, amount, at in (("Jan", 100_000, desk.now), ("Mar", 10_000, MONDAY)):
        deal = desk.team.adds(name, owner=desk.team.bob, at=at, money=Money(amount, "USD"))
        deal.win(by=desk.team.bob, at=at, via=Via.COMMAND)
    desk.team.session.flush()
    desk.now = MONDAY + days(1)
    desk.types("/funnel commission plan 10% a month")

    january = words_in(desk.types("/funnel commission January", by=desk.team.bob))
    march = words_in(desk.types("/funnel commission March", by=desk.team.bob))
    quarter = words_in(desk.types("/funnel commission this quarter", by=desk.team.bob))

    assert "estimated: $5,000*" in january
    assert "Jan 1, 2026 to Feb 28, 2026: $100,000 won" in january
    assert "estimated: $1,000*" in march
    assert "estimated: $6,000*" in quarter
    assert "$100,000 won, by the plan 5% a quarter, which pays $5,000" in quarter
    assert "$10,000 won, by the plan 10% a month, which pays $1,000" in quarter


def test_a_running_period_is_told_as_far_as_it_goes(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a month")

    assert "Mar 1, 2026 to Mar 2, 2026, so far: $0 won" in words_in(desk.types("/funnel commission this month"))


def test_however_many_periods_there_are_the_database_is_asked_as_often(desk: Desk, database: Database) -> None:
    desk.now = MONDAY - days(60)
    desk.types("/funnel commission plan 10% a day")
    for number in range(20):
        deal = desk.team.adds(f"Deal {number}", owner=desk.team.bob, at=desk.now, money=Money(100, "USD"))
        deal.win(by=desk.team.bob, at=desk.now + days(2 * number), via=Via.COMMAND)
    desk.team.session.flush()
    desk.now = MONDAY

    asked, told = [], []
    for words in ("last month", "1 January to 1 March"):
        with queries_of(database) as queries:
            told.append(desk.types(f"/funnel commission {words}", by=desk.team.bob).text)
        asked.append(len(queries))

    assert ["$0" in each for each in told] == [False, False]
    assert asked[0] == asked[1] <= 10


def test_a_threshold_in_a_former_currency_counts_at_the_rate_of_its_first_day_however_long_ago(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% then 10% above 1000 a month")
    desk.types("/funnel set rate EUR 2 on 2026-03-01")
    desk.types("/funnel set currency EUR")
    desk.types("/funnel set rate USD 0.25")
    desk.now = MONDAY + days(200)
    deal = desk.team.adds("Acme", owner=desk.team.bob, at=desk.now, money=Money(1000, "EUR"))
    deal.win(by=desk.team.bob, at=desk.now, via=Via.COMMAND)
    desk.team.session.flush()

    assert "10% above €500 a month" in words_in(desk.types("/funnel commission", by=desk.team.bob))
    desk.types("/funnel commission plan 6% a month")
    whole_year = words_in(desk.types("/funnel commission this year", by=desk.team.bob))
    assert "10% above €500 a month" in whole_year
    assert "6% a month" in whole_year


def test_a_threshold_without_a_rate_pays_nothing_by_guess(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% then 10% above 1000 a month")
    desk.types("/funnel set currency EUR")

    with pytest.raises(PlanUnpriced) as fault:
        desk.types("/funnel commission")

    told = worded(fault.value, desk.turn().say).text
    assert "`/funnel set rate USD 0.92 EUR on 2026-03-01`" in told
    desk.types("/funnel set rate USD 0.92 EUR on 2026-03-01")
    assert "10% above €920 a month" in words_in(desk.types("/funnel commission"))


def test_who_has_no_plan_of_their_own_is_paid_by_everybody_s_and_none_by_a_plan_of_nothing(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a quarter")
    win(desk, "Acme", 10_000)

    told = desk.types("/funnel commission plan none for @bob").text
    assert "*Bob* has no plan of their own" in told
    assert "everybody's: 5% a quarter" in told
    assert "estimated: $500*" in words_in(desk.types("/funnel commission", by=desk.team.bob))

    desk.types("/funnel commission plan 0% for @bob")
    assert "estimated: $0*" in words_in(desk.types("/funnel commission", by=desk.team.bob))


def test_a_plan_ends(desk: Desk) -> None:
    desk.types("/funnel commission plan 5% a quarter")

    desk.types("/funnel commission plan 6% a month for @bob")

    assert "has no commission plan from Jan 1, 2026" in desk.types("/funnel commission plan none").text
    assert "*Bob* has no commission plan from Mar 1, 2026" in desk.types("/funnel commission plan none for @bob").text
    with pytest.raises(PlanNotFound):
        desk.types("/funnel commission")


def test_a_plan_begins_with_the_period_that_the_team_s_clock_is_in(desk: Desk) -> None:
    desk.team.workspace.time_zone = "Asia/Shanghai"
    desk.now = datetime(2026, 3, 31, 20, tzinfo=UTC)

    assert "Apr 1, 2026" in desk.types("/funnel commission plan 5% a month").text


def test_a_rep_agrees_on_no_plan(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.types("/funnel commission plan 50% a quarter for me", by=desk.team.bob)


def test_the_owner_gives_a_helper_a_share_and_takes_it_back(desk: Desk) -> None:
    desk.team.adds("Acme", owner=desk.team.bob)

    split = desk.types("/deal split Acme with @ann 30%", by=desk.team.bob).text
    taken_back = desk.types("/deal 分成 Acme @ann 无", by=desk.team.bob).text

    assert split == "*Acme* is split: Bob 70% and Ann 30%"
    assert taken_back == "*Acme* is not split any more."


def test_a_card_tells_how_its_deal_is_split_and_only_then(desk: Desk) -> None:
    deal = desk.team.adds("Acme", owner=desk.team.bob)
    told = [words_in(desk.types("/deal Acme"))]
    desk.types("/deal split Acme @ann 32.5%", by=desk.team.bob)
    told.append(words_in(desk.types("/deal Acme")))
    cat = desk.team.members.seen(Profile("UCAT", "Cat"), at=MONDAY)
    others = [desk.types("/deal Acme", by=cat), desk.types("/deal won Acme", by=desk.team.bob)]
    desk.team.bob.manager = cat
    told.append(words_in(desk.types("/deal Acme", by=cat)))
    deal.assign(desk.team.ann, by=None, at=MONDAY)
    told.append(words_in(desk.types("/deal Acme")))
    deal.assign(None, by=None, at=MONDAY)
    told.append(words_in(desk.types("/deal Acme")))

    whole, split, of_whom_they_report_to, back, nobody = told
    assert not any("Split" in words_in(each) for each in others)
    assert "Split" not in whole
    assert all("Split: Bob 67.5% and Ann 32.5%" in each for each in (split, of_whom_they_report_to))
    assert "Split" not in back  # its helper is its owner, and has all of it
    assert "Split: Ann 32.5%" in nobody


def test_a_card_in_a_channel_tells_no_split_whoever_clicks_there(office: Office, slack: SlackDouble) -> None:
    office.types("/deal add Acme")
    office.types("/deal split Acme <@UBOB> 30%")
    office.types("/deal Acme")
    office.types("/deal won Acme")

    slack.deliver(slack.click(slack.last_post("C1"), "deal.advance", user="UANN"))

    assert office.stage_of("Acme") == "After-sales"
    assert "Split: Ann 70% and Bob 30%" in words_in(slack.ephemerals("UANN")[-1].blocks)
    assert "After-sales" in words_in(slack.last_post("C1").blocks)
    assert "Split" not in words_in(slack.last_post("C1").blocks)


def test_a_rep_splits_no_deal_of_somebody_else_s(desk: Desk) -> None:
    desk.team.adds("Acme", owner=desk.team.ann)

    with pytest.raises(NotAllowed):
        desk.types("/deal split Acme me 30%", by=desk.team.bob)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("Acme", SplitNotUnderstood),
        ("Acme @bob lots", SplitNotUnderstood),
        ("Acme @ann 30%", SplitNotUnderstood),
        ("Acme @bob 130%", PercentOutOfRange),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(desk: Desk, words: str, error: type[DomainError]) -> None:
    desk.team.adds("Acme")

    with pytest.raises(error):
        desk.types(f"/deal split {words}")


def test_no_more_than_all_of_a_deal_is_given_away(desk: Desk) -> None:
    desk.team.adds("Acme")
    desk.team.members.known_as("Eve", at=MONDAY)
    desk.types("/deal split Acme @bob 60%")

    with pytest.raises(SharesBeyondAll):
        desk.types("/deal split Acme @Eve 50%")
