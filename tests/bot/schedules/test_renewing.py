"""Each night the renewals that are near become deals, once, also where two processes do the night's work."""

from datetime import date

from sqlalchemy import select

from models.aftercare import Aftercare
from models.deal import Deal
from models.history import Via
from tests.bot.schedules.office import Office, utc
from tests.factories import MONDAY, Team, days

NIGHT = utc(2026, 3, 3, 5)


def test_a_renewal_is_opened_once(office: Office) -> None:
    def win(team: Team) -> None:
        deal = team.adds("Acme", owner=team.bob)
        deal.win(by=team.bob, at=MONDAY, via=Via.COMMAND)
        Aftercare(team.session, team.workspace).renew(deal, date(2026, 4, 1), by=team.bob, at=MONDAY)

    office.arrange(win)
    office.tick(MONDAY)
    other = office.another_process()

    office.tick(NIGHT)
    other.tick()
    office.tick(NIGHT + days(1))

    with office.database.reading() as session:
        assert sorted(session.scalars(select(Deal.name))) == ["Acme", "Acme 2026-04"]
