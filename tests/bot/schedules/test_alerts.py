"""Managers hear of stalled deals from the high-value amount on, of those who report to them."""

from decimal import Decimal

from moneyed import Money

from models.exchange import ExchangeRates
from models.member import Role
from models.pricing import Rate
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
