"""Each night the renewals that are near become deals, once, also where two processes do the night's work."""

from datetime import date

from sqlalchemy import select

from models.aftercare import Aftercare
from models.deal import Deal
from models.history import Via
from tests.bot.schedules.office import Office, utc
from tests.factories import MONDAY, Team, days

NIGHT = utc(2026, 3, 3, 5)


def test_a_renewal_is_opened_once_and_its_owner_hears_of_it_in_the_morning(office: Office) -> None:
    def win(team: Team) -> None:
        team.workspace.locale = "zh-CN"
        deal = team.adds("Acme", owner=team.bob, at=MONDAY - days(90))
        deal.win(by=team.bob, at=MONDAY - days(90), via=Via.COMMAND)
        Aftercare(team.session, team.workspace).renew(deal, date(2026, 4, 1), by=team.bob, at=MONDAY)

    office.arrange(win)
    office.tick(MONDAY)
    other = office.another_process()

    office.tick(NIGHT)
    other.tick()
    office.tick(utc(2026, 3, 3, 9))
    office.tick(NIGHT + days(1))
    office.tick(utc(2026, 3, 4, 9))

    with office.database.reading() as session:
        found = session.execute(select(Deal.name, Deal.source).order_by(Deal.name)).all()
        assert [(each.name, each.source) for each in found] == [("Acme", ""), ("Acme 2026-04", "续约")]
    told = [post.text for post in office.slack.direct_messages("UBOB")]
    (only,) = [text for text in told if "A renewal, opened for you" in text]
    assert "the customer is to decide by Apr 1, 2026" in only
