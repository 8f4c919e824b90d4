"""The deals to look at are those that would be found among all open ones, though not all of them are read."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from moneyed import Money

from bot.digest_parts import LOOKS, delays, looks
from bot.services import Turn
from models.activity import ActivityKind
from models.attention import Looks, Why, worth_a_look
from models.history import Via
from models.pipeline import stages_from_text
from models.pipelines import Pipelines
from models.schedule import EVERYTHING, Topic
from tests.bot.conftest import Desk
from tests.factories import days


def furnish(desk: Desk, dice: random.Random) -> None:
    """Deals of any age and worth, some of them put off, worked on, snoozed, or of another pipeline."""
    team, now = desk.team, desk.now
    for stage in team.pipeline.open_stages:
        stage.stalled_after_days = dice.choice([None, 2, 7, 14])
        stage.usual_days_quiet, stage.usual_days_in_stage = dice.choice([None, 9]), dice.choice([None, 30])
        stage.stays_learnt_from = dice.choice([0, 50])
    elsewhere = Pipelines(team.session, team.workspace).add("Shop", stages_from_text("Cart,Paid:won"))
    for number in range(60):
        owner, money = dice.choice([team.ann, team.bob]), Money(Decimal(dice.randint(1, 500)), "USD")
        deal = team.adds(
            f"Deal {number}",
            stage=dice.choice(team.pipeline.open_stages).name,
            owner=owner,
            at=now - days(dice.random() * 40),
            money=dice.choice([None, money, money]),
            close_date=dice.choice([None, (now + days(dice.randint(-10, 40))).date()]),
        )
        if dice.random() < 0.3:
            deal.set_close_date((now + days(dice.randint(-5, 60))).date(), by=owner, at=now - days(0.1))
        if dice.random() < 0.3:
            deal.log(ActivityKind.CALL, "Called", by=owner, at=now - days(dice.random() * 20))
        if dice.random() < 0.1:
            deal.snooze(now + days(2))
        if dice.random() < 0.1:
            team.deals.transfer(deal, elsewhere, elsewhere.first, by=owner, at=now, via=Via.COMMAND)
    team.session.flush()


def among_all(topic: Topic, turn: Turn) -> Looks:
    put_off = delays(topic, turn.pipeline, turn, since=turn.now - days(7))
    deals = [
        deal
        for deal in turn.open_deals.all(pipeline=turn.pipeline)
        if topic.owner_id is None or deal.owner_id == topic.owner_id
    ]
    by = {delay.deal.id: delay.by for delay in put_off}
    found = worth_a_look(deals, turn.outlook.prospects(deals), turn.outlook.pricing, by, at=turn.now, most=LOOKS)
    return found.told(turn.outlook.estimates([look.deal for look in found.shown]), turn.outlook.bands)


@pytest.mark.parametrize("seed", range(4))
def test_they_are_those_that_are_found_among_all_open_deals(desk: Desk, seed: int) -> None:
    furnish(desk, random.Random(seed))  # noqa: S311 - nobody's secret
    turn = desk.turn()
    since = turn.now - timedelta(days=7)

    for topic in (EVERYTHING, Topic(owner_id=desk.team.bob.id)):
        found = looks(topic, turn.pipeline, turn, delays(topic, turn.pipeline, turn, since=since))

        assert found == among_all(topic, turn)
        assert len(found.shown) == LOOKS


def test_young_deals_are_there_for_what_they_are_worth_alone(desk: Desk) -> None:
    for number in range(1, 12):
        desk.team.adds(f"Deal {number}", at=desk.now, money=Money(100 * number, "USD"))
    turn = desk.turn()

    found = looks(EVERYTHING, turn.pipeline, turn, [])

    assert [look.deal.name for look in found.shown] == [f"Deal {number}" for number in range(11, 3, -1)]
    assert {look.whys for look in found.shown} == {(Why.VALUABLE,)}
    assert found.more == 0
