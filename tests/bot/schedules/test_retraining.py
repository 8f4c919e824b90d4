"""At night the serving models are held against what happened, and where it is time, they are trained anew."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from bot.schedules import CHORES
from models.activity import ActivityKind
from models.deal import Deal
from models.delivery import WORK, WORK_LEASE
from models.history import Via
from models.model_card import WatchVerdict
from models.model_version import ModelStatus, ModelVersion, ModelVersions, Question
from models.schedule import ScheduleKind
from models.score import Estimate, Scores
from tests.bot.schedules.office import Office, utc
from tests.factories import MONDAY, Team, days

FOUR = utc(2026, 3, 3, 4)


def with_history(team: Team, *, deals: int) -> None:
    """Deals of the year before, of which those from partners are won soon and most others are lost."""
    for number in range(deals):
        began = MONDAY - days(365 - number * 330 / deals)
        is_won = number % 10 in (0, 3, 5, 9)
        deal = team.adds(f"Deal {number}", at=began, source="partner" if is_won else "fair")
        if is_won:
            deal.advance(by=team.ann, at=began + days(5), via=Via.COMMAND)
            deal.win(by=team.ann, at=began + days(12), via=Via.COMMAND)
        else:
            deal.lose("price", by=team.ann, at=began + days(20), via=Via.COMMAND)


def versions(office: Office) -> list[tuple[Question, str]]:
    with office.database.reading() as session:
        found = session.scalars(select(ModelVersion).order_by(ModelVersion.number))
        return [(each.question, each.trained_by) for each in found]


def test_every_work_without_a_post_has_the_longer_lease() -> None:
    assert set(CHORES) == WORK


def test_a_team_with_hardly_any_history_is_left_in_peace(office: Office) -> None:
    office.arrange(lambda team: with_history(team, deals=5))
    office.tick(MONDAY)

    office.tick(FOUR)

    assert versions(office) == []
    assert office.deliveries(ScheduleKind.RETRAIN) == [("", "2026-03-03", "posted", "")]


def test_the_first_models_come_once_there_are_outcomes_and_the_next_only_when_it_is_time(office: Office) -> None:
    office.arrange(lambda team: with_history(team, deals=160))
    office.tick(MONDAY)

    office.tick(FOUR)
    first = versions(office)
    office.tick(FOUR + days(1))
    soon = versions(office)
    office.arrange(
        lambda team: team.adds("Acme", at=FOUR).lose("price", by=team.ann, at=FOUR + days(6), via=Via.COMMAND)
    )
    office.tick(FOUR + days(6))
    office.tick(FOUR + days(7))

    assert set(first) == {(Question.FORWARD, "new outcomes"), (Question.WON, "new outcomes")}
    assert soon == first
    assert [trained_by for _, trained_by in versions(office)[2:]] == ["schedule", "schedule"]


def test_an_import_of_old_deals_and_another_horizon_are_reasons_to_train_again(office: Office) -> None:
    office.arrange(lambda team: with_history(team, deals=160))
    office.tick(MONDAY)
    office.tick(FOUR)
    office.arrange(lambda team: with_history(team, deals=40))
    office.tick(FOUR + days(1))
    after_import = {trained_by for _, trained_by in versions(office)[2:]}
    office.arrange(lambda team: setattr(team.workspace, "horizon_days", 14))

    office.tick(FOUR + days(2))

    assert after_import == {"new outcomes"}
    assert {trained_by for _, trained_by in versions(office)[4:]} == {"new horizon"}


def a_champion_that_said(office: Office, chance: float) -> None:
    """A model that has served for 120 days, gave every deal the same chance, and saw a quarter of them move on."""

    def arrange(team: Team) -> None:
        began = MONDAY - days(120)
        card = {"horizon_days": 30, "outcomes": 400, "knew_until": (began - days(1)).isoformat()}
        ModelVersions(team.session, team.workspace).record(
            question=Question.FORWARD,
            status=ModelStatus.CHAMPION,
            card=card,
            artifact=b"",
            sha256="",
            trained_by="Ann",
            at=began,
        )
        added: list[Deal] = [team.adds(f"Deal {number}", at=began - days(60)) for number in range(80)]
        for deal in added[:40]:
            deal.advance(by=team.ann, at=began - days(50), via=Via.COMMAND)
        for deal in added[::4]:
            deal.advance(by=team.ann, at=MONDAY - days(60), via=Via.COMMAND)
        added[0].log(ActivityKind.CALL, "Called", by=team.ann, at=MONDAY)
        said = {deal.id: Estimate(chance, 30, 1, 400) for deal in added}
        Scores(team.session, team.workspace).keep(said, at=MONDAY - days(80))

    office.arrange(arrange)


def serving(office: Office) -> ModelVersion:
    with office.database.reading() as session:
        (version,) = session.scalars(select(ModelVersion))
        return version


@pytest.mark.parametrize(("chance", "verdict"), [(0.25, WatchVerdict.WELL), (0.9, WatchVerdict.WORSE)])
def test_how_a_serving_model_has_done_is_noted_each_night(office: Office, chance: float, verdict: WatchVerdict) -> None:
    a_champion_that_said(office, chance)
    office.tick(MONDAY)

    office.tick(FOUR)

    version = serving(office)
    assert version.watched is not None
    assert (version.watched.verdict, version.watched.at, version.watched.deals) == (verdict, FOUR, 80)
    assert (version.went_bad_at is not None) is version.watched.is_bad


def test_an_admin_hears_of_a_bad_model_in_the_morning_and_only_once(office: Office) -> None:
    a_champion_that_said(office, 0.9)
    office.tick(MONDAY)

    for day in (3, 4, 5):
        office.tick(utc(2026, 3, day, 4))
        office.tick(utc(2026, 3, day, 9))

    news = [post for post in office.slack.direct_messages("UANN") if post.text == "The scores no longer come true"]
    assert len(news) == 1
    assert not [post for post in office.slack.direct_messages("UBOB") if "scores" in post.text]
    assert office.slack.refused == []


def test_a_model_that_does_well_is_no_news(office: Office) -> None:
    a_champion_that_said(office, 0.25)
    office.tick(MONDAY)

    office.tick(FOUR)
    office.tick(FOUR + timedelta(hours=5))

    assert office.deliveries(ScheduleKind.MODEL) == [("UANN", "2026-03-03", "let_go", "nothing to say")]


def test_of_the_next_model_that_goes_bad_an_admin_hears_again(office: Office) -> None:
    a_champion_that_said(office, 0.9)
    office.tick(MONDAY)
    for day in (3, 4):
        office.tick(utc(2026, 3, day, 4))
        if day == 3:
            office.tick(utc(2026, 3, day, 9))
            office.arrange(lambda team: setattr(_champion(team), "went_bad_at", None))  # as if it were another one

    office.tick(utc(2026, 3, 4, 9))

    assert [row[2] for row in office.deliveries(ScheduleKind.MODEL)] == ["posted", "posted"]


def _champion(team: Team) -> ModelVersion:
    found = ModelVersions(team.session, team.workspace).champion(Question.FORWARD)
    assert found is not None
    return found


def test_posts_do_not_wait_for_the_work_of_the_night(office: Office) -> None:
    """The worker is held up: what is due is said all the same; what waits is claimed when its turn has come."""
    office.subscribe(local_time="04:00")
    may_go_on = Event()
    with ThreadPoolExecutor(1) as heavy, ExitStack() as leaving:
        leaving.callback(may_go_on.set)
        heavy.submit(may_go_on.wait)
        office.services = replace(office.services, heavy=heavy)
        office.restart()
        office.tick(MONDAY)

        office.tick(FOUR)
        posts = len(office.posts())
        office.tick(FOUR + timedelta(minutes=29))
        waiting = office.deliveries(ScheduleKind.RETRAIN)

    assert posts == 1
    assert waiting == []
    assert office.deliveries(ScheduleKind.RETRAIN) == [("", "2026-03-03", "posted", "")]


def test_work_that_a_process_left_behind_is_done_once_its_lease_has_run_out(office: Office) -> None:
    office.tick(MONDAY)
    office.claim(ScheduleKind.RETRAIN, "", "2026-03-03", at=FOUR)

    office.tick(FOUR + WORK_LEASE - timedelta(seconds=1))
    before = office.deliveries(ScheduleKind.RETRAIN)
    office.tick(FOUR + WORK_LEASE)

    assert [before[0][2], office.deliveries(ScheduleKind.RETRAIN)[0][2]] == ["claimed", "posted"]
