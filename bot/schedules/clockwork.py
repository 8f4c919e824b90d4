"""Keeps the time: every few seconds it takes what is due and sees to it that it is said, or done, once.

The clock is APScheduler's, the appointments are the database's, and every tick is told what time it is. What is due is
taken one at a time: in one transaction its delivery is claimed and its schedule moves on, and only when that is
committed is it posted. A process that dies before has taken nothing, and the schedule is still due; one that dies
afterwards leaves a claim, which the next tick takes over once its lease has run out (`posting` tells how that one
finds out whether it was posted). Work without a post takes up to minutes and would hold up the posts: it is handed to
a thread that does one thing at a time, and its claims have a longer lease. Two processes that tick at once get a
different one each: the schedule's row is held, and the ledger has one row for a kind, a target and a local date.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.schedules import CHORES, SCHEDULES
from bot.schedules.posting import LATE, Errand, Poster
from bot.schedules.routines import keep_routines
from bot.services import Services
from bot.tokens import UNREACHABLE
from models.delivery import Deliveries, Delivery
from models.schedule import Schedule, ScheduleKind, Schedules
from models.workspace import Workspace, workspace_of

_log = logging.getLogger("sluice")

TICK_SECONDS = 20


class Clockwork:
    """The schedules of the workspace that the client's token speaks for. Tests say how to sleep between attempts."""

    def __init__(
        self, client: WebClient, services: Services, *, sleep: Callable[[float], object] | None = None
    ) -> None:
        self._client = client
        self._services = services
        self._database = services.database
        self._stopping = Event()
        self._poster = Poster(client, services, sleep=sleep or self._stopping.wait, stopping=self._stopping)
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Tick from now on, at once for the first time: what fell due while nobody ran is caught up with."""
        self._scheduler.add_job(
            self._wake,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """End after what is being said now; what waits, for Slack or its turn, is left to whoever runs next."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown()

    def tick(self, now: datetime) -> None:
        """See to everything that is due, and to what a process that died has left behind."""
        with self._database.begin() as session:
            keep_routines(session, self._workspace(session, now), at=now)
        with self._database.reading() as session:
            self._services.scorers.keep_warm(session, self._workspace(session, now), at=now)
        for errand in self._left_behind(now):
            self._hand_out(errand, now)
        for errand in self._due(now):
            self._hand_out(errand, now)

    def run_now(self, kind: ScheduleKind, target: str, now: datetime, number: int = 1) -> None:
        """Do what is scheduled at once, beside its appointments, which stay as they are.

        Its period in the ledger is the moment itself, so that the day's own post still comes. Raises ScheduleNotFound.
        """
        with self._database.begin() as session:
            workspace = self._workspace(session, now)
            schedule = Schedules(session, workspace).get(kind, target, number)
            period = f"now {now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"
            delivery = Deliveries(session, workspace).claim(kind, target, period, at=now, number=number)
            errand = _errand(delivery, schedule) if delivery else None
        if errand:
            self._run(errand, now)

    def run_everything_now(self, now: datetime) -> None:
        """All that is scheduled, at once: for a demonstration, where nobody waits for the morning."""
        with self._database.begin() as session:
            workspace = self._workspace(session, now)
            keep_routines(session, workspace, at=now)
            everything = [(each.kind, each.target, each.number) for each in Schedules(session, workspace).all()]
        for kind, target, number in everything:
            self.run_now(kind, target, now, number)

    def _hand_out(self, errand: Errand, now: datetime) -> None:
        if errand.kind in CHORES:
            self._services.at_length(self._run, errand, now)
        else:
            self._run(errand, now)

    def _run(self, errand: Errand, now: datetime) -> None:
        try:
            if errand.kind in CHORES:
                self._do(errand, now)
            else:
                self._poster.post(errand, SCHEDULES[errand.kind], now)
        except Exception:  # one that fails must not hold up the others; its claim is taken up again after the lease
            _log.exception("%s for %s failed", errand.kind, errand.target)

    def _do(self, errand: Errand, now: datetime) -> None:
        write = None
        if now - errand.as_of <= LATE:
            with self._database.reading() as session:
                think = CHORES[errand.kind](session, self._workspace(session, now), self._services.scorers, now)
            write = think()
        with self._database.begin() as session:
            workspace = self._workspace(session, now)
            delivery = Deliveries(session, workspace).get(errand.delivery_id)
            if write is None:
                delivery.let_go("late", at=now)
            else:
                write(session, workspace)
                delivery.settle(channel="", ts="", as_of=now, at=now)

    def _due(self, now: datetime) -> Iterator[Errand]:
        """Take what is due, the longest due first, each when the one before is done with."""
        while not self._stopping.is_set():
            with self._database.begin() as session:
                workspace = self._workspace(session, now)
                schedules = Schedules(session, workspace).due(now, limit=1)
                errand = _taken(schedules[0], Deliveries(session, workspace), now) if schedules else None
            if not schedules:
                return
            if errand:
                yield errand

    def _left_behind(self, now: datetime) -> Iterator[Errand]:
        with self._database.begin() as session:
            unsettled = Deliveries(session, self._workspace(session, now)).unsettled(now)
            claims = [(each.kind, each.target, each.number, each.period) for each in unsettled]
        for kind, target, number, period in claims:
            with self._database.begin() as session:
                workspace = self._workspace(session, now)
                delivery = Deliveries(session, workspace).claim(kind, target, period, at=now, number=number)
                schedule = Schedules(session, workspace).find(kind, target, number)
                if delivery and schedule is None:
                    delivery.let_go("no longer scheduled", at=now)
                errand = _errand(delivery, schedule) if delivery and schedule else None
            if errand:
                yield errand

    def _wake(self) -> None:
        if self._is_known_to_slack():
            self.tick(self._services.clock())

    def _is_known_to_slack(self) -> bool:
        """Asks Slack, once, whose schedules these are, before any transaction is open that others would wait for."""
        try:
            return bool(self._team_id)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("nothing is posted until Slack says whose bot this is: %s", error)
            return False

    def _workspace(self, session: Session, now: datetime) -> Workspace:
        return workspace_of(session, self._team_id, at=now)

    @cached_property
    def _team_id(self) -> str:
        return str(self._client.auth_test()["team_id"])


def _taken(schedule: Schedule, deliveries: Deliveries, now: datetime) -> Errand | None:
    """Claim the newest of a schedule's moments and move it on. Older ones, and a newest one that is too late to be
    said, are let go and noted; work without a post is never too late."""
    *missed, newest = schedule.moments_due(now)
    kind, target, number = schedule.kind, schedule.target, schedule.number
    if kind in SCHEDULES and now - newest > schedule.window:
        missed.append(newest)
    for moment in missed:
        too_late = deliveries.claim(kind, target, schedule.period(moment), at=now, number=number)
        if too_late:
            too_late.let_go("late", at=now)
    # None when it was let go just now, or when somebody else has claimed it.
    delivery = deliveries.claim(kind, target, schedule.period(newest), at=now, number=number)
    schedule.move_on(now)
    return _errand(delivery, schedule, due_at=newest) if delivery else None


def _errand(delivery: Delivery, schedule: Schedule, *, due_at: datetime | None = None) -> Errand:
    return Errand(
        team_id=delivery.workspace_id,
        delivery_id=delivery.id,
        key=delivery.key,
        kind=delivery.kind,
        target=delivery.target,
        number=delivery.number,
        time_zone=schedule.time_zone,
        as_of=delivery.as_of,
        due_at=due_at or delivery.as_of,
        window=schedule.window,
        was_tried_before=delivery.was_tried_before,
    )
