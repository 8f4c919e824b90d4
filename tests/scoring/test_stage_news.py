"""What is out of line is looked for once for all managers of a team, and no team waits for another."""

from datetime import UTC, datetime
from threading import Event, Thread

from sqlalchemy import event

from models.database import Database
from models.workspace import workspace_of
from scoring.stage_news import StageNews

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_no_team_waits_while_another_is_looked_through(database: Database) -> None:
    for team in ("T1", "T2"):
        with database.begin() as session:
            workspace_of(session, team, at=NOW)
    news, begun, other_is_done = StageNews(), Event(), Event()
    waited: list[bool] = []

    def look_slowly() -> None:
        with database.reading() as session:
            workspace = workspace_of(session, "T1", at=NOW)

            def hold(*_: object) -> None:
                if not waited:
                    begun.set()
                    waited.append(other_is_done.wait(5))

            event.listen(session, "do_orm_execute", hold)
            news.of(session, workspace, at=NOW)

    def look() -> None:
        begun.wait(5)
        with database.reading() as session:
            news.of(session, workspace_of(session, "T2", at=NOW), at=NOW)
        other_is_done.set()

    threads = [Thread(target=look_slowly), Thread(target=look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert waited == [True]
