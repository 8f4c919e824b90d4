"""Each night the open deals are scored anew and old receipts are forgotten, without a word to anybody."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import Via
from models.receipt import KEPT_FOR, Receipt, Receipts
from models.schedule import ScheduleKind
from models.score import Score
from models.workspace import Workspace
from scoring.scorer import Scorer, Scorers
from tests.bot.schedules.office import Office, utc
from tests.factories import MONDAY, Team, days

THREE = utc(2026, 3, 3, 3)


def scores(office: Office) -> list[tuple[int, object]]:
    with office.database.reading() as session:
        return [(score.deal_id, score.at) for score in session.scalars(select(Score).order_by(Score.id))]


def test_every_open_deal_has_a_score_of_the_night(office: Office) -> None:
    office.arrange(lambda team: team.adds("Open"))

    def lose(team: Team) -> None:
        team.adds("Gone").lose("price", by=team.ann, at=MONDAY, via=Via.COMMAND)

    office.arrange(lose)
    office.tick(MONDAY)

    office.tick(THREE)
    office.tick(THREE + timedelta(minutes=5))

    assert scores(office) == [(office.deal("Open").id, THREE)]
    assert office.deliveries(ScheduleKind.RESCORE) == [("", "2026-03-03", "posted", "")]
    assert office.slack.workspace.messages == []


def test_the_work_of_a_night_without_the_bot_is_done_in_the_morning(office: Office) -> None:
    office.arrange(lambda team: team.adds("Open"))
    office.tick(MONDAY)

    office.tick(THREE + timedelta(hours=9))

    assert len(scores(office)) == 1


def test_old_receipts_are_forgotten(office: Office) -> None:
    office.tick(MONDAY)
    office.arrange(lambda team: Receipts(team.session, team.workspace).is_first("old", at=THREE - KEPT_FOR - days(1)))
    office.arrange(lambda team: Receipts(team.session, team.workspace).is_first("new", at=THREE - days(1)))

    office.tick(THREE)

    with office.database.reading() as session:
        assert [receipt.key for receipt in session.scalars(select(Receipt))] == ["new"]


def test_a_deal_that_is_added_meanwhile_waits_for_the_next_night(office: Office) -> None:
    office.arrange(lambda team: team.adds("Open"))
    office.arrange(lambda team: team.adds("Later", at=THREE + timedelta(seconds=1)))
    office.tick(MONDAY)

    office.tick(THREE)

    assert [deal_id for deal_id, _ in scores(office)] == [office.deal("Open").id]


class SlowScorers(Scorers):
    """Takes so long that somebody adds a deal each time before it answers."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office
        self._asked = count(1)

    def scorer_for(self, session: Session, workspace: Workspace, *, at: datetime) -> Scorer:
        self._office.arrange(lambda team: team.adds(f"Meanwhile {next(self._asked)}"))
        return super().scorer_for(session, workspace, at=at)


def test_people_can_go_on_working_while_deals_are_scored(office: Office) -> None:
    office.tick(MONDAY)
    office.services = replace(office.services, scorers=SlowScorers(office))
    office.restart()

    office.tick(THREE)

    assert office.deal("Meanwhile 2").is_open
    assert office.deliveries(ScheduleKind.RESCORE) == [("", "2026-03-03", "posted", "")]
