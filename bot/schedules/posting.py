"""Posts what is due, each thing once: claimed before it is said, recognised after a crash, settled in the end.

The delivery's key travels in the message's metadata. Whenever an earlier attempt may have reached Slack (the process
died, the answer got lost, Slack broke down), the channel's recent history is searched for the key right before it is
posted again. What got no answer at all, or one that tells of Slack's own trouble, may still be carried out: it is left
alone for a minute after it was given up, as a minute late is better than twice. Where Slack forbids that search, as in
an open channel that the bot is no member of, nothing is posted either: a digest that is missing is better than two. Its
outcome is unknown then; whoever set it up is told so, and the next one comes as usual.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session
from tenacity import AttemptManager, RetryError

from bot.pictures import share_picture
from bot.reply import Picture, Reply
from bot.schedules.installs import Installs
from bot.schedules.keyed_posts import Posted, channel_of, repeating_nothing, say, search
from bot.schedules.occasion import Composer, Occasion
from bot.schedules.pace import Pace
from bot.schedules.patience import asked_for, attempts, is_busy, is_transient
from bot.schedules.telling import Ending, Teller, listeners_for
from bot.services import Services
from bot.tokens import MENDING, UNREACHABLE, refusal
from bot.views.together import marked_late
from models.delivery import Deliveries, Delivery, DeliveryState, held
from models.errand import Errand
from models.members import Members
from models.schedule import Schedules
from models.workspace import Workspace, workspace_of
from scoring.stage_news import StageNews

_log = logging.getLogger("sluice")

_TOLD_AS_LATE = timedelta(minutes=30)
"""A post that comes later than this after its hour says so."""

_PAUSED_BY = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "user_disabled", "user_not_found", "cannot_dm_bot"}
)
"""What Slack says that stays so until somebody mends it: there is no point in trying again each day."""

OF_THE_TOKEN = MENDING.keys() - {"missing_scope"}
"""What Slack says of the token, and so of all that is due."""

_MARGIN = timedelta(seconds=60)
"""What is left of a lease must suffice for a post that hangs until its timeouts (to connect, to shake hands, to answer)
and arrives later still; and so long one that was given up is left alone."""


class NotNow(Exception):
    """It was surely not posted, and may be in so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Unclear(Exception):
    """Nobody knows whether it was posted, or still will be; Slack may ask for so many seconds before the next look."""

    def __init__(self, why: BaseException | None) -> None:
        super().__init__(why)
        self.seconds = asked_for(why)


class Unknowable(Exception):
    """It may have been posted, and Slack does not let us look; as the reason Slack's word for it."""


class Poster:
    """Carries out errands. `sleep` waits between attempts, and `stopping` ends the waiting."""

    def __init__(
        self, installs: Installs, services: Services, *, sleep: Callable[[float], object], stopping: Event
    ) -> None:
        self._installs = installs
        self._services = services
        self._database = services.database
        self._sleep = sleep
        self._stopping = stopping
        self._stage_news = StageNews()
        self._pace = Pace(services.clock)
        self._teller = Teller(installs, self._attempts)

    def post(self, errand: Errand, compose: Composer) -> Callable[[], None] | None:
        """Say it, or find that it was said, or learn that it cannot be; what is returned shares its picture.

        Where Slack is busy for longer than our patience it is owed. Where nobody knows whether it was posted, it is
        left alone for a minute, or as long as Slack asks. Where Slack refuses the token the claim is left as it is, and
        taken over when its lease has run out.
        """
        try:
            return self._post(errand, compose)
        except NotNow as error:
            _log.warning("%s for %s waits for %.0f s", errand.kind, errand.target, error.seconds)
            self._owe(errand, error.seconds)
        except Unclear as error:
            _log.warning("%s for %s may have been posted: %s", errand.kind, errand.target, error)
            wait = max(_MARGIN, timedelta(seconds=error.seconds))
            self._note(errand, lambda it, at: it.leave_alone(until=at + wait))
        except Unknowable as error:
            self._end(errand, DeliveryState.UNKNOWN, str(error))
        except SlackApiError as error:
            if refusal(error) in OF_THE_TOKEN:
                self._installs.refused(errand.team_id, error)
            else:
                self._end(errand, DeliveryState.FAILED, str(error.response["error"]))
        return None

    def _post(self, errand: Errand, compose: Composer) -> Callable[[], None] | None:
        client = repeating_nothing(self._installs.client(errand.team_id))
        if errand.is_unsure and (found := self._found(client, errand)):
            self._note(errand, lambda it, at: _settle(it, found, as_of=errand.as_of, at=at))
            return None
        now = self._services.clock()
        if now - errand.due_at > errand.window:
            self._note(errand, lambda it, at: it.let_go("late", at=at))
            return None
        reply = self._composed(errand, compose, now)
        if reply and reply.note:
            with self._database.begin() as session:
                reply.note(session, workspace_of(session, errand.team_id, at=now))
        if reply is None or not reply.text:
            self._note(errand, lambda it, at: it.let_go("nothing to say", at=at))
            return None
        posted = self._said(client, errand, reply)
        self._installs.accepted(errand.team_id)
        self._note(errand, lambda it, at: _settle(it, posted, as_of=now, at=at))
        picture = reply.picture
        return (lambda: self._share(errand.team_id, posted, picture)) if picture else None

    # What is said

    def _composed(self, errand: Errand, compose: Composer, now: datetime) -> Reply | None:
        with self._database.reading() as session:
            workspace = workspace_of(session, errand.team_id, at=now)
            deliveries = Deliveries(session, workspace)
            delivery = deliveries.get(errand.delivery_id)
            before = deliveries.last_posted_before(delivery)
            occasion = Occasion(
                session=session,
                workspace=workspace,
                target=errand.target,
                schedule=Schedules(session, workspace).find(errand.kind, errand.target, errand.number),
                period=delivery.period,
                time_zone=errand.time_zone,
                now=now,
                since=min(before.as_of, now) if before else None,  # the clock may have gone back
                scorers=self._services.scorers,
                delivery_id=errand.delivery_id,
                stage_news=self._stage_news,
            )
            reply = compose(occasion)
            if reply and reply.text and now - errand.due_at > _TOLD_AS_LATE:
                reply = marked_late(reply, errand.due_at, occasion.say)
            return reply

    # How it is said

    def _found(self, client: WebClient, errand: Errand) -> Posted | None:
        found = None
        try:
            for attempt in self._attempts():
                with attempt:
                    found = _search(client, channel_of(client, errand.target), errand)
        except RetryError as error:
            raise Unclear(error.last_attempt.exception()) from None
        return found

    def _said(self, client: WebClient, errand: Errand, reply: Reply) -> Posted:
        """Only what Slack refused for haste is tried again at once. Once in doubt it stays so: a look that finds
        nothing tells nothing of what is still on its way."""
        try:
            for attempt in self._attempts():
                with attempt:
                    channel = channel_of(client, errand.target)
                    if seconds := self._pace.wait(errand.team_id, channel):
                        self._sleep(seconds)
                    if errand.is_unsure and (found := _search(client, channel, errand)):
                        return found
                    self._make_sure_of_time(errand)
                    try:
                        return say(client, channel, errand.key, reply)
                    except (SlackApiError, *UNREACHABLE) as error:
                        if is_transient(error) and not is_busy(error):
                            raise Unclear(error) from error
                        raise
        except (RetryError, NotNow) as error:
            why = error.last_attempt.exception() if isinstance(error, RetryError) else error
            raise (Unclear(why) if errand.is_unsure else NotNow(asked_for(why))) from None
        raise AssertionError  # the last attempt posted, found or raised

    def _make_sure_of_time(self, errand: Errand) -> None:
        """Whether it would still be ours when Slack answers late."""
        if self._stopping.is_set() or self._services.clock() + _MARGIN > errand.free_at:
            raise NotNow(0)

    def _share(self, team_id: str, posted: Posted, picture: Picture) -> None:
        """Last, and without a second try: what is said is said in words."""
        channel, thread = posted.channel, posted.ts if picture.is_below else None
        self._sleep(self._pace.wait(team_id, channel))
        try:
            share_picture(self._installs.client(team_id), channel, picture, thread_ts=thread)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("a picture could not be shared in %s: %s", channel, error)

    def _attempts(self) -> Iterator[AttemptManager]:
        return attempts(self._sleep, self._stopping)

    # What becomes of it

    def _note(self, errand: Errand, outcome: Callable[[Delivery, datetime], None]) -> None:
        with self._database.begin() as session:
            delivery = self._held(session, errand)
            if delivery:
                outcome(delivery, self._services.clock())

    def _held(self, session: Session, errand: Errand) -> Delivery | None:
        """Its entry in the ledger, as long as nobody has taken it over; whoever has will find what was posted."""
        delivery = held(session, errand.team_id, errand.delivery_id, errand.attempt)
        if delivery is None:
            _log.warning("%s for %s was taken over by another process", errand.kind, errand.target)
        return delivery

    def _owe(self, errand: Errand, seconds: float) -> None:
        self._note(errand, lambda it, at: it.owe(until=at + timedelta(seconds=seconds)))

    def _end(self, errand: Errand, state: DeliveryState, code: str) -> None:
        """Note that it cannot be posted, or not be looked for, and tell whoever set it up, unless the one before ended
        alike."""
        _log.error("%s for %s: %s, %s", errand.kind, errand.target, state, code)
        with self._database.begin() as session:
            delivery = self._held(session, errand)
            if delivery is None:
                return
            workspace = session.get_one(Workspace, errand.team_id)
            before = Deliveries(session, workspace).before(delivery)
            delivery.end(state, code, at=self._services.clock())
            schedule = Schedules(session, workspace).find(errand.kind, errand.target, errand.number)
            is_paused = schedule is not None and state is DeliveryState.FAILED and code in _PAUSED_BY
            if schedule and is_paused:
                schedule.pause(code)
                Members(session, workspace).outdate_homes(of_reps=False)
            ending = Ending(errand, state, code, is_paused, listeners_for(session, workspace, errand))
        if before is None or (before.state, before.error) != (state, code):
            self._teller.tell(ending)


def _search(client: WebClient, channel: str, errand: Errand) -> Posted | None:
    """Raises Unknowable where Slack does not let us look, and will not in a moment."""
    try:
        return search(client, channel, errand.key, since=errand.as_of)
    except SlackApiError as error:
        if is_transient(error) or refusal(error) in OF_THE_TOKEN:
            raise
        raise Unknowable(error.response["error"]) from error


def _settle(delivery: Delivery, posted: Posted, *, as_of: datetime, at: datetime) -> None:
    delivery.settle(channel=posted.channel, ts=posted.ts, as_of=as_of, at=at)
