"""On workday mornings owners hear of their deals that have gone quiet, and nobody else does."""

from models.schedule import ScheduleKind
from tests.bot.schedules.office import Office, actions_of, block_ids, utc
from tests.factories import days

SUNDAY = utc(2026, 3, 1, 12)
NINE = utc(2026, 3, 2, 9)


def test_only_the_owner_hears_and_only_of_what_has_stalled(office: Office) -> None:
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=NINE - days(21)))
    office.arrange(lambda team: team.adds("Fresh", owner=team.bob, at=NINE - days(18)))
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    assert "Acme" in nudge.text
    assert "Fresh" not in nudge.text
    assert "Quiet for 15 working days" in nudge.text
    assert office.slack.direct_messages("UANN") == []
    assert ("UANN", "2026-03-02", "let_go", "nothing to say") in office.deliveries(ScheduleKind.NUDGE)


def test_it_comes_once_a_day_and_not_on_weekends(office: Office) -> None:
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=SUNDAY - days(30)))
    office.tick(SUNDAY)

    for number in range(24 * 8):
        office.tick(SUNDAY + days(number / 24))

    periods = [period for target, period, state, _ in office.deliveries(ScheduleKind.NUDGE) if state == "posted"]
    assert periods == [f"2026-03-0{day}" for day in (2, 3, 4, 5, 6, 9)]
    assert len(office.slack.direct_messages("UBOB")) == 6


def test_each_deal_comes_with_its_buttons(office: Office) -> None:
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=NINE - days(21)))
    office.tick(SUNDAY)

    office.tick(NINE)

    (nudge,) = office.slack.direct_messages("UBOB")
    deal = office.deal("Acme")
    advance, snooze, lost = actions_of(nudge)
    assert f"deal-{deal.id}" in block_ids(nudge)
    assert [each["action_id"] for each in (advance, snooze, lost)] == ["deal.advance", "deal.snooze", "deal.lost"]
    assert advance["value"] == lost["value"] == f"{deal.id}:{deal.stage_id}"
    assert [each["value"] for each in snooze["options"]] == [f"{deal.id}:{deal.stage_id}:{days}" for days in (1, 3, 7)]


def test_a_snoozed_deal_is_not_nudged_about_before_its_time(office: Office) -> None:
    office.arrange(lambda team: team.adds("Acme", owner=team.bob, at=NINE - days(30)))
    office.arrange(lambda team: team.deals.named("Acme").snooze(NINE + days(1)))
    office.tick(SUNDAY)

    office.tick(NINE)
    assert office.slack.direct_messages("UBOB") == []
    office.tick(NINE + days(1))

    assert len(office.slack.direct_messages("UBOB")) == 1
