"""A channel's digest tells how its team's funnel stands and what has changed since the last one."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from moneyed import Money

from bot.actions import ACTIONS, Click
from bot.actions.origin import Origin
from models.delivery import LEASE, key_of
from models.exchange import ExchangeRates
from models.history import Via
from models.period import Unit
from models.pipelines import Pipelines
from models.pricing import Rate
from models.rhythm import DAILY
from models.schedule import EVERYTHING, ScheduleKind, Schedules, Topic
from models.target import Aim, Measure, Scope, Targets
from models.templates import B2B
from tests.bot.schedules.office import Office, actions_of, block_ids, utc
from tests.factories import MONDAY, Team, days

NINE = utc(2026, 3, 3, 9)


def advance(office: Office, name: str, *, at: datetime) -> None:
    office.arrange(lambda team: team.deals.named(name).advance(by=None, at=at, via=Via.COMMAND))


def test_it_tells_what_changed_since_the_last_one(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(0.5), money=Money(1_000, "USD")))
    office.tick(NINE)
    advance(office, "Acme", at=NINE + days(0.2))

    office.tick(NINE + days(1))

    first, second = office.posts()
    assert "1 new ($1K)" in first.text
    assert "1 forward ($1K; before: 0)" in second.text
    assert "0 new (before: 1 · $1K)" in second.text
    assert " won" not in second.text.splitlines()[1]


def test_it_tells_which_close_dates_were_put_off_by_how_long_and_whose(office: Office) -> None:
    def put_off(name: str, *steps: int, at: datetime) -> None:
        def work(team: Team) -> None:
            for step in steps:
                team.deals.named(name).set_close_date((NINE + days(step)).date(), by=team.ann, at=at)

        office.arrange(work)

    office.subscribe()
    close = (NINE + days(10)).date()
    office.arrange(
        lambda team: [
            team.adds(name, owner=team.bob, at=NINE - days(2), close_date=close)
            for name in ("Acme", "Globex", "Ahead", "Back", "Old")
        ]
    )
    put_off("Old", 40, at=NINE - days(0.1))
    office.tick(NINE)
    put_off("Acme", 12, 24, at=NINE + days(0.1))
    put_off("Globex", 11, at=NINE + days(0.1))
    put_off("Ahead", 5, at=NINE + days(0.1))
    put_off("Back", 30, 10, at=NINE + days(0.1))
    office.tick(NINE + days(1))

    assert (
        "*2 close dates were put off:* *Acme* by 14 days to Mar 27, 2026 (Bob)"
        " · *Globex* by 1 day to Mar 14, 2026 (Bob)\n"
    ) in office.posts()[1].text
    assert "1 close date was put off:* *Old* by 30 days" in office.posts()[0].text
    assert "Put off by 14 days to Mar 27, 2026" in office.posts()[1].text
    assert f"deal-{office.deal('Acme').id}" in block_ids(office.posts()[1])


def test_many_close_dates_put_off_are_counted(office: Office) -> None:
    def work(team: Team) -> None:
        for number in range(7):
            deal = team.adds(f"Deal {number}", at=NINE - days(2), close_date=NINE.date())
            deal.set_close_date((NINE + days(30 - number)).date(), by=team.ann, at=NINE - days(0.1))

    subscribe_to(office, EVERYTHING, is_quiet=True)
    office.arrange(work)

    office.tick(NINE)

    (post,) = office.posts()
    assert "*7 close dates were put off:* *Deal 0* by 30 days" in post.text
    assert "*Deal 4* by 26 days to Mar 29, 2026 (Ann) · and 2 more" in post.text


def test_what_happened_while_one_was_let_go_is_told_by_the_next(office: Office) -> None:
    office.subscribe()
    office.tick(NINE)
    office.arrange(lambda team: team.adds("Acme", at=NINE + days(0.5)))

    office.tick(NINE + days(1.5))
    office.tick(NINE + days(2))

    assert len(office.posts()) == 2
    assert "1 new" in office.posts()[1].text


def test_what_happened_while_a_crash_was_mended_is_told_by_the_next(office: Office) -> None:
    office.subscribe()
    left = office.claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)
    key = {"event_type": "sluice_delivery", "event_payload": {"key": key_of(left.id)}}
    office.clock.time = NINE
    office.client.chat_postMessage(channel="C1", text="Said just before the crash", metadata=key)
    office.arrange(lambda team: team.adds("Acme", at=NINE + LEASE / 2))

    office.tick(NINE + LEASE)
    office.tick(NINE + days(1))

    assert len(office.posts()) == 2
    assert "1 new" in office.posts()[1].text


def test_it_shows_the_deals_to_look_at_with_buttons(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(30)))

    office.tick(NINE)

    buttons = actions_of(office.posts()[0])
    deal = office.deal("Acme")
    assert [each["action_id"] for each in buttons] == ["deal.advance", "deal.note", "deal.step", "deal.lost"]
    assert {each["value"] for each in buttons} == {f"{deal.id}:{deal.stage_id}"}


def test_it_knows_nothing_of_another_workspace(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Secret", at=NINE - days(30)), team_id="T2")

    office.tick(NINE)

    assert "Secret" not in office.posts()[0].text
    assert "0 open deals" in office.posts()[0].text


def test_it_is_in_the_language_of_the_workspace_and_the_zone_of_the_channel(office: Office) -> None:
    office.subscribe(time_zone="Asia/Tokyo", local_time="06:00", at=MONDAY)
    office.arrange(lambda team: team.adds("Acme", at=MONDAY + days(0.1)))

    office.tick(utc(2026, 3, 2, 21))

    assert "Mar 3, 2026" in office.posts()[0].text


def test_a_new_team_hears_of_its_empty_funnel(office: Office) -> None:
    office.subscribe()

    office.tick(NINE)

    assert "nothing has moved" in office.posts()[0].text


def test_it_tells_where_targets_of_all_stand_and_leaves_those_of_a_person_to_their_home_tab(office: Office) -> None:
    office.subscribe()

    def set_targets(team: Team) -> None:
        team.adds("Acme", at=NINE - days(0.5))
        for aim in (Aim(Measure.CALL, Unit.WEEK), Aim(Measure.EMAIL, Unit.WEEK, Scope.REP, team.bob.id)):
            Targets(team.session, team.workspace).set(
                aim, Decimal(5), currency="", since=(MONDAY - days(14)).date(), by=team.ann, at=MONDAY
            )

    office.arrange(set_targets)
    office.tick(NINE)

    (post,) = office.posts()
    assert "*Calls a week*: 0 of 5 (0%), behind by 1 (20% of the time is over) · Before: ▁▁ 0% and 0%" in post.text
    assert "Emails" not in post.text


def win_one_a_week(team: Team) -> None:
    for week in range(1, 41):
        at = MONDAY - days(7 * week)
        deal = team.adds(f"Deal {week}", owner=team.bob, at=at - days(20), money=Money(1_000, "USD"))
        deal.win(by=team.bob, at=at, via=Via.COMMAND)
    team.adds("New", at=MONDAY + days(0.5))
    aim, since = Aim(Measure.AMOUNT, Unit.QUARTER), (MONDAY - days(60)).date()
    targets = Targets(team.session, team.workspace)
    targets.set(aim, Decimal(12_000), currency="USD", since=since, by=team.ann, at=MONDAY)


def test_how_the_quarter_is_likely_to_end_stands_against_its_target(office: Office) -> None:
    office.subscribe()
    office.arrange(win_one_a_week)
    office.tick(NINE)

    (post,) = office.posts()
    assert "*Forecast* until Mar 31, 2026: $" in post.text
    assert "$8K won so far · target $12K, reached with a chance of " in post.text
    assert "as of" not in post.text


def test_of_a_large_pipeline_it_is_told_as_it_was_in_the_night(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.kept_forecast.KEPT_FROM", 20)
    office.subscribe()
    office.arrange(win_one_a_week)
    office.tick(MONDAY)
    office.tick(NINE - days(0.25))
    office.arrange(lambda team: team.deals.named("New").win(by=team.bob, at=NINE - days(0.1), via=Via.COMMAND))
    office.tick(NINE)

    post = office.posts()[-1]
    assert "$8K won so far · target $12K, reached with a chance of " in post.text
    assert "as of Mar 3, 3:00" in post.text


def test_a_target_that_was_set_since_the_night_is_the_one_that_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.kept_forecast.KEPT_FROM", 20)
    office.subscribe()
    office.arrange(win_one_a_week)
    office.tick(MONDAY)
    office.tick(NINE - days(0.25))

    def set_another(team: Team) -> None:
        aim, since = Aim(Measure.AMOUNT, Unit.QUARTER), MONDAY.date()
        targets = Targets(team.session, team.workspace)
        targets.set(aim, Decimal(90_000), currency="USD", since=since, by=team.ann, at=NINE - days(0.1))

    office.arrange(set_another)
    office.tick(NINE)

    post = office.posts()[-1]
    assert "target $90K, reached with a chance of 0%" in post.text
    assert "as of" not in post.text


def keep_rate_of_euros(office: Office, rate: str) -> None:
    day = MONDAY.date() - timedelta(days=60)
    office.arrange(
        lambda team: ExchangeRates(team.session, team.workspace).keep([Rate("EUR", "USD", day, Decimal(rate))])
    )


@pytest.mark.parametrize(
    ("rate", "told"),
    [("1.25", "as of Mar 3, 3:00 AM\n"), ("1.5", "as of Mar 3, 3:00 AM, at the exchange rates of then\n")],
)
def test_a_forecast_of_the_night_says_that_exchange_rates_have_changed_since(
    office: Office, monkeypatch: pytest.MonkeyPatch, rate: str, told: str
) -> None:
    monkeypatch.setattr("models.kept_forecast.KEPT_FROM", 20)
    office.subscribe()
    office.arrange(win_one_a_week)
    keep_rate_of_euros(office, "1.25")
    office.arrange(lambda team: team.adds("In euros", at=MONDAY, money=Money(10, "EUR")))
    office.tick(MONDAY)
    office.tick(NINE - days(0.25))
    keep_rate_of_euros(office, rate)
    office.tick(NINE)

    assert told in office.posts()[-1].text.replace("\u202f", " ")


def test_a_team_that_somebody_has_joined_since_the_night_is_forecast_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.kept_forecast.KEPT_FROM", 20)
    office.arrange(win_one_a_week)
    topics: list[Topic] = []
    office.arrange(lambda team: topics.append(Topic(owner_id=team.ann.id, with_team=True)))
    subscribe_to(office, topics[0])
    office.tick(MONDAY)
    office.tick(NINE - days(0.25))

    def join(team: Team) -> None:
        team.bob.manager = team.ann

    office.arrange(join)
    office.tick(NINE)

    told = office.posts()[-1].text
    assert "$8K won so far" in told
    assert "as of" not in told


def test_a_digest_of_a_person_tells_their_forecast_which_was_kept_as_well(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.kept_forecast.KEPT_FROM", 20)
    office.arrange(win_one_a_week)
    topics: list[Topic] = []
    office.arrange(lambda team: topics.append(Topic(owner_id=team.bob.id)))
    subscribe_to(office, topics[0])
    office.tick(MONDAY)

    def win_at_once(team: Team) -> None:
        team.adds("Bob's", owner=team.bob, at=MONDAY + days(0.6))
        deal = team.adds("Ann's", owner=team.ann, at=MONDAY, money=Money(50_000, "USD"))
        deal.win(by=team.ann, at=MONDAY + days(0.5), via=Via.COMMAND)

    office.arrange(win_at_once)
    office.tick(NINE - days(0.25))
    office.tick(NINE)

    told = office.posts()[-1].text
    assert "$8K won so far" in told
    assert "as of Mar 3, 3:00" in told


@pytest.mark.parametrize("leaderboard", [True, False])
def test_a_streak_is_cheered_once_but_not_with_the_leaderboard_off(office: Office, leaderboard: bool) -> None:
    office.subscribe()

    def win_in_each_of_three_weeks(team: Team) -> None:
        for week in range(3):
            deal = team.adds(f"Deal {week}", owner=team.bob, at=MONDAY - days(30))
            deal.win(by=team.bob, at=MONDAY - days(13.5 - 7 * week), via=Via.COMMAND)

    office.arrange(win_in_each_of_three_weeks)
    office.arrange(lambda team: setattr(team.workspace, "leaderboard", leaderboard))
    office.tick(NINE)
    office.tick(NINE + days(1))

    first, second = office.posts()
    assert ("*Bob* has won a deal in 3 weeks in a row" in first.text) == leaderboard
    assert "in a row" not in second.text


def subscribe_to(office: Office, topic: Topic, *, is_quiet: bool = False) -> None:
    office.arrange(
        lambda team: Schedules(team.session, team.workspace).subscribe(
            "C1",
            topic=topic,
            local_time="09:00",
            time_zone="UTC",
            weekdays=DAILY,
            is_quiet=is_quiet,
            by=team.ann,
            at=MONDAY,
        )
    )


def test_several_in_one_channel_tell_each_of_its_own_deals_and_say_whose(office: Office) -> None:
    def furnish(team: Team) -> None:
        team.adds("Acme", owner=team.ann, at=NINE - days(0.5))
        team.adds("Globex", owner=team.bob, at=NINE - days(0.5))
        team.bob.report_to(team.ann)
        retail = Pipelines(team.session, team.workspace).add("Retail", B2B)
        team.deals.add("Shop", stage=retail.stages[0], owner=team.bob, at=NINE - days(0.5), via=Via.COMMAND)
        topics.update(
            bob=Topic(owner_id=team.bob.id), team=Topic(owner_id=team.ann.id, with_team=True), shop=Topic(retail.id)
        )

    topics: dict[str, Topic] = {}
    office.arrange(furnish)
    for topic in (EVERYTHING, *topics.values()):
        subscribe_to(office, topic)

    office.tick(NINE)
    office.tick(NINE + days(1))

    assert {post.text.splitlines()[0]: "2 new" in post.text for post in office.posts()[:4]} == {
        "Sales · Mar 3, 2026": True,
        "Sales · Bob · Mar 3, 2026": False,
        "Sales · Ann’s team · Mar 3, 2026": True,
        "Retail · Mar 3, 2026": False,
    }
    assert ["nothing has moved" in post.text for post in office.posts()[4:]] == [True] * 4


def test_one_of_a_pipeline_leaves_the_targets_of_other_pipelines_out(office: Office) -> None:
    def furnish(team: Team) -> None:
        retail = Pipelines(team.session, team.workspace).add("Retail", B2B)
        team.deals.add("Shop", stage=retail.stages[0], owner=team.bob, at=NINE - days(0.5), via=Via.COMMAND)
        within = [Aim(Measure.NEW, Unit.MONTH, pipeline_id=each) for each in (None, retail.id, team.pipeline.id)]
        into = [Aim(Measure.ENTERED, Unit.MONTH, stage_id=each.stages[1].id) for each in (retail, team.pipeline)]
        for aim in (*within, *into):
            Targets(team.session, team.workspace).set(
                aim,
                Decimal(5),
                currency="",
                since=MONDAY.date(),
                by=team.ann,
                at=MONDAY,
            )
        topics.append(Topic(retail.id))

    topics: list[Topic] = []
    office.arrange(furnish)
    subscribe_to(office, topics[0])

    office.tick(NINE)

    (post,) = office.posts()
    assert "*New leads a month*: 1 of 5" in post.text
    assert "*New leads a month in Retail*: 1 of 5" in post.text
    assert " a month in Retail*: 0 of 5" in post.text
    assert "in Sales" not in post.text


def test_a_day_on_which_nothing_moved_tells_in_its_line_what_came_the_day_before(office: Office) -> None:
    office.subscribe()
    office.arrange(lambda team: team.adds("Acme", at=NINE - days(0.5), money=Money(1_000, "USD")))
    office.tick(NINE)

    office.tick(NINE + days(1))

    line = office.posts()[1].text.splitlines()[0]
    assert line.startswith("*Sales*: nothing has moved since")
    assert line.endswith("`/funnel show` tells the rest. 0 new (before: 1 · $1K)")


def test_a_quiet_one_passes_over_a_day_on_which_nothing_moved(office: Office) -> None:
    subscribe_to(office, EVERYTHING, is_quiet=True)
    office.tick(NINE)
    office.arrange(lambda team: team.adds("Acme", at=NINE + days(0.5)))
    office.tick(NINE + days(1))

    (post,) = office.posts()
    assert "1 new" in post.text
    assert [state for _, _, state, _ in office.deliveries()] == ["let_go", "posted"]
    office.clockwork.run_everything_now()
    assert len(office.posts()) == 2, "who asks for it is given it"


def test_two_in_one_channel_are_found_again_after_a_crash_each_by_itself(office: Office) -> None:
    subscribe_to(office, EVERYTHING)
    subscribe_to(office, Topic(with_team=True))
    office.claim(ScheduleKind.DIGEST, "C1", "2026-03-03", at=NINE)

    office.tick(NINE)
    office.tick(NINE + LEASE)

    assert [(period, state) for _, period, state, _ in office.deliveries()] == [("2026-03-03", "posted")] * 2
    assert len(office.posts()) == 2


def test_what_changed_is_held_against_as_long_a_time_before_and_unpriced_deals_are_told(office: Office) -> None:
    office.subscribe()

    def add_some(team: Team) -> None:
        for number in range(3):
            team.adds(f"Old {number}", at=NINE - days(1.5), money=Money(1_000, "USD"))
        team.adds("Priced", at=NINE - days(0.5), money=Money(2_000, "USD"))
        team.adds("Unpriced", at=NINE - days(0.5))

    office.arrange(add_some)
    office.tick(NINE)

    (post,) = office.posts()
    assert "2 new ($2K; 1 without an amount; before: 3 · $3K)" in post.text
    assert "5 open deals* ($5K; 1 without an amount)" in post.text


def test_where_nobody_looks_for_twenty_working_days_the_weekly_one_is_offered_once(office: Office) -> None:
    office.subscribe()
    for day in range(30):
        office.tick(NINE + days(day))

    (offer,) = [post for post in office.posts() if "Would once a week do?" in post.text]
    assert office.posts().index(offer) == 27
    button = actions_of(offer)[-1]
    office.clock.time = NINE + days(30)
    with office.services.turn("T1", "UBOB", once="click", channel="C1") as turn:
        ACTIONS[button["action_id"]](Click(button["value"].rpartition(":")[2], Origin(channel="C1")), turn)

    assert office.schedules()["digest", "C1"].weekdays == "mon"


def test_where_somebody_uses_it_nothing_is_offered(office: Office) -> None:
    office.subscribe()
    for day in range(30):
        office.tick(NINE + days(day))
        if day % 10 == 0:
            with office.services.turn("T1", "UBOB", once=f"{day}", channel="C1"):
                pass

    assert [post for post in office.posts() if "Would once a week do?" in post.text] == []
