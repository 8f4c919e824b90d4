"""Managers hear of stalled deals from the high-value amount on, of those who report to them."""

from datetime import datetime
from decimal import Decimal

import pytest
from moneyed import Money

from bot.schedules.routines import alert_in
from models.alarm import Alarms
from models.delivery import Deliveries
from models.exchange import ExchangeRates
from models.history import Via
from models.member import Role
from models.pricing import Rate
from models.schedule import AT_ONCE, ScheduleKind
from models.score import Estimate, Scores
from tests.bot.schedules.office import Office, utc
from tests.factories import Team, days

SUNDAY = utc(2026, 3, 1, 12)
NINE = utc(2026, 3, 2, 9)


def stalled(office: Office, name: str, amount: str, currency: str = "USD") -> None:
    money = Money(Decimal(amount), currency)
    office.arrange(lambda team: team.adds(name, owner=team.bob, at=NINE - days(21), money=money))


def test_only_deals_from_the_high_value_amount_on_are_told(office: Office) -> None:
    stalled(office, "Just", "50000")
    stalled(office, "Below", "49999.99")
    office.tick(SUNDAY)

    office.tick(NINE)
    office.tick(NINE + days(0.1))

    (alert,) = office.slack.direct_messages("UANN")
    assert "Just" in alert.text
    assert "Below" not in alert.text
    assert "<@UBOB>" in alert.text
    assert "Quiet for 15 working days" in alert.text
    assert "$50,000" in alert.text


@pytest.mark.parametrize("by", ["", "UBOB"])
def test_where_the_channel_of_alerts_is_archived_who_set_it_or_the_admins_are_told_once(
    office: Office, by: str
) -> None:
    office.slack.add_channel("C3", "old", members=["UANN"], is_archived=True)
    stalled(office, "Acme", "60000")

    def choose(team: Team) -> None:
        team.workspace.channel_after_days = 1
        if by:
            alert_in(team.session, team.workspace, "C3", by=team.bob, at=SUNDAY)
        else:
            team.workspace.alert_channel = "C3"

    office.arrange(choose)
    office.tick(SUNDAY)

    office.tick(NINE)
    office.tick(NINE + days(1))

    told = [
        (user, message.text)
        for user in ("UANN", "UBOB")
        for message in office.slack.direct_messages(user)
        if message.text.startswith("I could not post")
    ]
    assert told == [
        (
            by or "UANN",
            "I could not post the alert for <#C3>: the channel is archived. Unarchive it, or choose another one with "
            "`/funnel set alert channel #board`. Until then it is paused: once that is mended, `/funnel schedules` "
            "lets it go on.",
        )
    ]
    assert office.schedules()["alert", "C3"].paused_because == "is_archived"


def test_amounts_in_currencies_without_a_rate_are_not_compared(office: Office) -> None:
    stalled(office, "Yen", "9000000", "JPY")
    office.tick(SUNDAY)

    office.tick(NINE)

    assert office.slack.direct_messages("UANN") == []


def test_what_was_not_compared_for_want_of_a_rate_is_said_below(office: Office) -> None:
    stalled(office, "Dollars", "55000")
    stalled(office, "Yen", "9000000", "JPY")
    office.tick(SUNDAY)

    office.tick(NINE)

    (alert,) = office.slack.direct_messages("UANN")
    assert alert.text.startswith("1 high-value deal")
    assert "1 more stalled deal has no exchange rate and was not compared: ¥9,000,000" in alert.text


def test_amounts_in_other_currencies_count_by_what_they_are_worth(office: Office) -> None:
    stalled(office, "Yen", "9000000", "JPY")
    stalled(office, "Few yen", "7000000", "JPY")
    stalled(office, "Dollars", "55000")
    rate = Rate("USD", "JPY", SUNDAY.date(), Decimal(150))
    office.arrange(lambda team: ExchangeRates(team.session, team.workspace).keep([rate]))
    office.tick(SUNDAY)

    office.tick(NINE)

    (alert,) = office.slack.direct_messages("UANN")
    assert alert.text.index("¥9,000,000") < alert.text.index("$55,000")
    assert "Few yen" not in alert.text


def test_what_did_not_fit_is_told_the_next_time_and_not_taken_for_told(office: Office) -> None:
    for number in range(12):
        stalled(office, f"Deal{number:02}", str(90_000 - number))
    office.tick(SUNDAY)

    office.tick(NINE)
    office.tick(NINE + days(1))

    first, second = office.slack.direct_messages("UANN")
    assert "and 2 more" in first.text
    assert [f"Deal{number:02}" in second.text for number in range(12)] == [False] * 10 + [True] * 2


def test_the_most_valuable_comes_first(office: Office) -> None:
    stalled(office, "Big", "60000")
    stalled(office, "Bigger", "90000")
    office.tick(SUNDAY)

    office.tick(NINE)

    (alert,) = office.slack.direct_messages("UANN")
    assert alert.text.index("Bigger") < alert.text.index("*Big*")


def test_the_owner_s_own_manager_hears_and_no_other(office: Office) -> None:
    office.slack.add_user("UCAT", name="cat", tz="UTC")

    def cat_leads_bob(team: Team) -> None:
        cat = team.members.known_as("Cat", at=SUNDAY)
        cat.user_id = "UCAT"
        team.bob.manager = cat

    office.arrange(cat_leads_bob)
    stalled(office, "Acme", "80000")
    office.tick(SUNDAY)

    office.tick(NINE)

    assert len(office.slack.direct_messages("UCAT")) == 1
    assert office.slack.direct_messages("UANN") == []


def test_nobody_is_alerted_about_their_own_deals(office: Office) -> None:
    money = Money(80_000, "USD")
    office.arrange(lambda team: team.adds("Mine", owner=team.ann, at=NINE - days(21), money=money))
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UANN")
    assert nudge.text.startswith("1 of your deals")


def test_a_rep_is_not_alerted(office: Office) -> None:
    stalled(office, "Acme", "80000")
    office.arrange(lambda team: setattr(team.bob, "role", Role.REP))
    office.tick(SUNDAY)

    office.tick(NINE)

    (message,) = office.slack.direct_messages("UBOB")
    assert message.text.startswith("1 of your deals")


def test_the_manager_hears_a_working_day_after_the_owner_and_the_channel_later(office: Office) -> None:
    stalled(office, "Acme", "80000")
    office.arrange(lambda team: setattr(team.workspace, "alert_channel", "C1"))
    office.arrange(lambda team: setattr(team.workspace, "manager_after_days", 2))
    office.arrange(lambda team: setattr(team.workspace, "channel_after_days", 3))
    office.tick(SUNDAY)

    heard = []
    for day in range(3):
        office.tick(NINE + days(day))
        heard.append((len(office.slack.direct_messages("UANN")), len(office.posts("C1"))))

    assert heard == [(0, 0), (1, 0), (1, 1)]  # stalled for a working day on the first morning


def test_the_same_is_not_told_again_within_the_quiet_period(office: Office) -> None:
    stalled(office, "Acme", "80000")
    office.tick(SUNDAY)

    for day in range(8):
        office.tick(NINE + days(day))

    periods = [period for _, period, state, _ in office.deliveries(ScheduleKind.ALERT) if state == "posted"]
    assert periods == ["2026-03-02", "2026-03-09"]


def test_who_is_on_it_ends_the_alerts_and_is_named_to_the_owner(office: Office) -> None:
    def taken(team: Team) -> None:
        Alarms(team.session, team.workspace).take(team.deals.named("Acme"), by=team.ann, at=NINE - days(0.5))

    stalled(office, "Acme", "80000")
    office.arrange(taken)
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    assert office.slack.direct_messages("UANN") == []
    assert "Ann has been on it since" in nudge.text


def test_who_is_on_it_is_trusted_until_the_deal_moves_or_something_new_is_the_matter(office: Office) -> None:
    def taken_by(name: str, at: datetime) -> None:
        def take(team: Team) -> None:
            by = team.ann if name == "Ann" else team.bob
            assert Alarms(team.session, team.workspace).take(team.deals.named("Acme"), by=by, at=at).by is by

        office.arrange(take)

    def alerts() -> list[str]:
        return [each.text for each in office.slack.direct_messages("UANN")]

    stalled(office, "Acme", "80000")
    office.arrange(
        lambda team: team.deals.named("Acme").set_close_date((NINE + days(28)).date(), by=None, at=NINE - days(21))
    )
    office.tick(SUNDAY)
    taken_by("Ann", NINE - days(0.5))

    for day in range(29):
        office.tick(NINE + days(day))
    assert alerts() == []

    office.tick(NINE + days(30))
    (told,) = alerts()
    assert "Should have closed on" in told
    assert "Quiet for" not in told

    taken_by("Bob", NINE + days(30.1))
    for day in range(31, 44):
        office.tick(NINE + days(day))
    assert len(alerts()) == 1

    office.arrange(
        lambda team: team.deals.named("Acme").move(
            team.pipeline.open_stages[1], by=None, at=NINE + days(44), via=Via.COMMAND
        )
    )
    office.tick(NINE + days(46))
    assert "Should have closed on" in alerts()[-1]
    assert len(alerts()) == 2


def test_only_what_is_new_is_told_of_a_deal_that_was_told_before(office: Office) -> None:
    stalled(office, "Acme", "80000")
    office.arrange(lambda team: team.deals.named("Acme").set_close_date(NINE.date(), by=None, at=NINE - days(21)))
    office.tick(SUNDAY)

    for day in range(4):
        office.tick(NINE + days(day))

    first, second = (each.text for each in office.slack.direct_messages("UANN"))
    assert ("Quiet for" in first, "Should have closed on" in first) == (True, False)
    assert ("Quiet for" in second, "Should have closed on" in second) == (False, True)


def test_the_channel_hears_nothing_on_a_public_holiday_where_the_team_is(office: Office) -> None:
    good_friday, easter_tuesday = utc(2026, 4, 3, 7), utc(2026, 4, 7, 7)
    stalled(office, "Acme", "80000")

    def in_berlin(team: Team) -> None:
        team.workspace.time_zone, team.workspace.alert_channel = "Europe/Berlin", "C1"

    office.arrange(in_berlin)
    office.tick(good_friday - days(0.5))

    for day in range(5):
        office.tick(good_friday + days(day))

    periods = [period for target, period, state, _ in office.deliveries(ScheduleKind.ALERT) if target == "C1"]
    assert len(office.posts("C1")) == 1
    assert periods[-1] == easter_tuesday.date().isoformat()


def test_who_asks_for_an_alert_at_once_has_it_on_a_holiday_too(office: Office) -> None:
    saturday = NINE + days(5)
    stalled(office, "Acme", "80000")
    office.arrange(lambda team: setattr(team.workspace, "alert_channel", "C1"))
    office.tick(saturday - days(0.5))

    office.arrange(
        lambda team: Deliveries(team.session, team.workspace).owe(
            ScheduleKind.ALERT, "C1", f"{AT_ONCE}{saturday:%Y-%m-%dT%H:%M}", at=saturday
        )
    )
    office.tick(saturday)

    assert len(office.posts("C1")) == 1


def test_a_close_date_that_passed_is_told_of_a_deal_that_is_worked_on(office: Office) -> None:
    money, passed = Money(80_000, "USD"), (NINE - days(5)).date()
    office.arrange(lambda team: team.adds("Late", owner=team.bob, at=NINE - days(6), money=money, close_date=passed))
    office.tick(SUNDAY)

    office.tick(NINE)

    (alert,) = office.slack.direct_messages("UANN")
    assert "Should have closed on" in alert.text


def scored(office: Office, chance: float, *, at: datetime) -> None:
    office.arrange(
        lambda team: Scores(team.session, team.workspace).keep(
            {team.deals.named("Acme").id: Estimate(chance, 30, 1, 400)}, at=at
        )
    )


def fell(office: Office, amount: int = 80_000) -> None:
    """The chance of a deal of Bob's that somebody is busy with fell last night."""

    def work(team: Team) -> None:
        deal = team.adds("Acme", owner=team.bob, at=NINE - days(9), money=Money(amount, "USD"))
        deal.plan("Call", due=(NINE + days(60)).date(), by=team.bob, at=NINE - days(9))
        for task in deal.to_do:
            task.due = task.due and (NINE + days(60)).date()

    office.arrange(work)
    scored(office, 0.7, at=NINE - days(7.5))
    scored(office, 0.4, at=NINE - days(0.5))
    office.tick(NINE - days(0.2))


def morning(office: Office, day: int, chance: float) -> None:
    """A day on which the model said that chance at night."""
    office.tick(NINE + days(day - 0.2))
    scored(office, chance, at=NINE + days(day - 0.1))
    office.tick(NINE + days(day))


def days_of_falls(office: Office, target: str) -> list[str]:
    posts = office.posts(target) if target.startswith("C") else office.slack.direct_messages(target)
    return [f"{utc(1970, 1, 1) + days(float(each.ts) / 86_400):%m-%d}" for each in posts if "down by" in each.text]


def test_the_owner_hears_first_of_a_score_that_fell_sharply_then_the_manager_then_the_channel(office: Office) -> None:
    fell(office)
    office.arrange(lambda team: setattr(team.workspace, "alert_channel", "C1"))

    for day in range(8):
        morning(office, day, 0.4)

    assert days_of_falls(office, "UBOB") == ["03-02", "03-09"]
    assert days_of_falls(office, "UANN") == ["03-03"]
    assert days_of_falls(office, "C1") == ["03-09"]
    assert "in a week" not in office.posts("C1")[-1].text  # it is an older fall by then
    assert "down by 30 points" in office.slack.direct_messages("UBOB")[0].text


def test_a_score_that_has_risen_again_is_told_no_further(office: Office) -> None:
    fell(office)
    for day, chance in enumerate((0.4, 0.65)):
        morning(office, day, chance)

    assert len(days_of_falls(office, "UBOB")) == 1
    assert days_of_falls(office, "UANN") == []


def test_who_is_on_a_deal_whose_score_fell_ends_the_alerts(office: Office) -> None:
    fell(office)
    office.tick(NINE)
    office.arrange(
        lambda team: Alarms(team.session, team.workspace).take(team.deals.named("Acme"), by=team.bob, at=NINE)
    )

    morning(office, 1, 0.4)

    assert days_of_falls(office, "UANN") == []


def test_a_second_fall_is_told_though_somebody_has_been_on_it_since_the_first_and_to_the_owner_first(
    office: Office,
) -> None:
    fell(office)
    office.tick(NINE)
    office.arrange(
        lambda team: Alarms(team.session, team.workspace).take(team.deals.named("Acme"), by=team.bob, at=NINE)
    )

    for day, chance in enumerate((0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.15, 0.15), start=1):
        morning(office, day, chance)

    assert days_of_falls(office, "UBOB") == ["03-02", "03-11"]
    assert days_of_falls(office, "UANN") == ["03-12"]


def test_a_fall_that_its_owner_does_not_hear_of_is_told_to_the_manager_at_once(office: Office) -> None:
    fell(office)
    office.arrange(lambda team: setattr(team.bob, "is_muted", True))

    office.tick(NINE)

    assert days_of_falls(office, "UANN") == ["03-02"]


def test_the_fall_of_a_small_deal_is_left_to_the_home_tab(office: Office) -> None:
    fell(office, amount=1_000)

    office.tick(NINE)

    assert office.slack.direct_messages("UBOB") == []


def test_the_top_share_of_what_is_open_may_be_of_high_value(office: Office) -> None:
    for number in range(1, 11):
        stalled(office, f"Deal {number}", str(1000 * number))
    office.arrange(lambda team: setattr(team.workspace, "high_value_top", 10))
    office.tick(SUNDAY)

    office.tick(NINE)

    (alert,) = office.slack.direct_messages("UANN")
    assert alert.text.startswith("1 high-value deal is at risk")
    assert "Deal 10" in alert.text
