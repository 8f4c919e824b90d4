"""Keeps the time: every few seconds it takes what is due and sees to it that it is said, or done, once.

The clock is APScheduler's, the appointments are the database's. What is due is taken one at a time, whenever one of a
few lanes is free: in one transaction its delivery is claimed and its schedule moves on, and only when that is committed
is it posted. A process that dies before has taken nothing, and the schedule is still due; one that dies afterwards
leaves a claim, which is taken over once its lease has run out (`posting` tells how that one finds out whether it was
posted). Work without a post takes up to minutes: it is handed to a thread that does one thing at a time, and its
claims have a longer lease. Pictures are drawn on a thread of their own, so that no words wait for them.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient

from bot.schedules import CHORES, SCHEDULES
from bot.schedules.installs import Installs
from bot.schedules.posting import Poster
from bot.schedules.routines import keep_routines, without_routines
from bot.services import Services
from models.delivery import Deliveries, held
from models.errand import Due, Errand, claimed, everything_due
from models.members import Members, outdated_homes
from models.schedule import AT_ONCE, Schedules
from models.workspace import Workspace, workspace_of

_log = logging.getLogger("sluice")

TICK_SECONDS = 20
LANES = 8
"""How many posts are made at once; Slack is waited for most of the time."""

WORKSPACES_A_TICK = 20
"""How many are looked after at a tick, in turn: for new colleagues and models an hour is soon enough."""

HOMES_A_TICK = 20
"""How many Home tabs that are out of date are drawn at a tick: sixty a minute, while Slack takes a hundred."""

LATE = timedelta(hours=6)
"""Work without a post that has waited for longer is let go."""


class Clockwork:
    """The schedules of the workspaces that the clients' tokens speak for. Tests say how to sleep between attempts."""

    def __init__(
        self, clients: Sequence[WebClient], services: Services, *, sleep: Callable[[float], object] | None = None
    ) -> None:
        self._installs = Installs(clients, services.clock)
        self._services = services
        self._database = services.database
        self._stopping = Event()
        self._poster = Poster(self._installs, services, sleep=sleep or self._stopping.wait, stopping=self._stopping)
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="posts")
        self._pictures = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._in_hand: set[Due] = set()
        self._turn = 0

    def start(self, every: float = TICK_SECONDS) -> None:
        """Tick from now on, at once for the first time: what fell due while nobody ran is caught up with."""
        self._scheduler.add_job(
            self._wake,
            "interval",
            seconds=every,
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
        for executor in (self._lanes, self._pictures):
            executor.shutdown(cancel_futures=True)

    def tick(self) -> None:
        """See to everything that is due, and to what processes that died have left behind; returns when it is done."""
        for lane in self._wake():
            picture = lane.result()
            if picture:
                picture.result()

    def begin(self) -> list[Future[Future[None] | None]]:
        """Have all that is due seen to, as lanes are free; what they have in hand from earlier ticks stays theirs."""
        with self._database.asking() as session:
            found = everything_due(session, self._services.clock())
        fresh = [due for due in found if self._installs.serves(due.team_id) and due not in self._in_hand]
        self._in_hand.update(fresh)
        for due in fresh:
            if due.kind in CHORES:
                self._services.at_length(self._see_to, due)
        return [self._lanes.submit(self._see_to, due) for due in fresh if due.kind not in CHORES]

    def run_everything_now(self) -> None:
        """All that is scheduled, at once, beside its appointments: for a demonstration, where nobody waits for the
        morning."""
        self.ask()
        now = self._services.clock()
        for team_id in self._installs.teams:
            with self._database.begin() as session:
                workspace = workspace_of(session, team_id, at=now)
                keep_routines(session, workspace, at=now)
                deliveries = Deliveries(session, workspace)
                for each in Schedules(session, workspace).all():
                    deliveries.owe(
                        each.kind, each.target, f"{AT_ONCE}{now:%Y-%m-%dT%H:%M:%S.%f}", at=now, number=each.number
                    )
        self.tick()

    def ask(self) -> None:
        """Whose schedules these are, as long as Slack has not said so: before any transaction is open."""
        self._installs.ask()

    def _wake(self) -> list[Future[Future[None] | None]]:
        self.ask()
        now = self._services.clock()
        self._look_after(self._next_in_turn(), now)
        self._draw_homes()
        return self.begin()

    def _draw_homes(self) -> None:
        with self._database.asking() as session:
            found = outdated_homes(session, limit=HOMES_A_TICK)
        for team_id in {team_id for team_id, _ in found if self._installs.serves(team_id)}:
            user_ids = [user_id for of, user_id in found if of == team_id]
            with self._database.begin() as session:
                Members(session, session.get_one(Workspace, team_id)).update_homes(user_ids)
            self._services.changed(team_id, user_ids)

    def _next_in_turn(self) -> list[str]:
        teams = self._installs.teams
        chosen = [teams[(self._turn + step) % len(teams)] for step in range(min(WORKSPACES_A_TICK, len(teams)))]
        self._turn += len(chosen)
        return chosen

    def _look_after(self, team_ids: Sequence[str], now: datetime) -> None:
        """Mostly all is well with them, which three queries tell."""
        try:
            with self._database.asking() as session:
                idle = without_routines(session, team_ids, at=now)
                cold = self._services.scorers.cold(session, team_ids, at=now)
        except Exception:  # of whom it cannot be told, each is looked after by itself
            _log.exception("what is there of %s could not be read", ", ".join(team_ids))
            idle = cold = list(team_ids)
        for team_id in team_ids:
            try:
                if team_id in idle:
                    with self._database.begin() as session:
                        keep_routines(session, workspace_of(session, team_id, at=now), at=now)
                if team_id in idle or team_id in cold:
                    with self._database.reading() as session:
                        self._services.scorers.keep_warm(session, session.get_one(Workspace, team_id), at=now)
            except Exception:  # a workspace that cannot be looked after must not hold up what is due in all of them
                _log.exception("%s could not be looked after", team_id)

    def _see_to(self, due: Due) -> Future[None] | None:
        """What is returned is its picture."""
        try:
            if self._stopping.is_set() or not self._installs.serves(due.team_id):
                return None
            with self._database.begin() as session:
                errands = claimed(session, [due], self._services.clock())
            return self._carry_out(errands[0]) if errands else None
        except Exception:  # one that fails must not hold up the others; its claim is taken up again after the lease
            _log.exception("%s of %s failed", due.kind, due.team_id)
            return None
        finally:
            self._in_hand.discard(due)

    def _carry_out(self, errand: Errand) -> Future[None] | None:
        if errand.kind in CHORES:
            self._do(errand)
            return None
        share = self._poster.post(errand, SCHEDULES[errand.kind])
        return self._pictures.submit(_guarded(share)) if share else None

    def _do(self, errand: Errand) -> None:
        write, now = None, self._services.clock()
        if now - errand.as_of <= LATE:
            with self._database.reading() as session:
                workspace = session.get_one(Workspace, errand.team_id)
                think = CHORES[errand.kind](session, workspace, self._services.scorers, now)
            write = think()
        with self._database.begin() as session:
            delivery = held(session, errand.team_id, errand.delivery_id, errand.attempt)
            if delivery is None:
                _log.warning("%s of %s was taken over by another process", errand.kind, errand.team_id)
            elif write is None:
                delivery.let_go("late", at=now)
            else:
                write(session, session.get_one(Workspace, errand.team_id))
                Members(session, workspace).outdate_homes()
                delivery.settle(channel="", ts="", as_of=now, at=now)


def _guarded(share: Callable[[], None]) -> Callable[[], None]:
    """A picture that fails costs nothing but itself."""

    def draw() -> None:
        try:
            share()
        except Exception:
            _log.exception("a picture could not be drawn")

    return draw
