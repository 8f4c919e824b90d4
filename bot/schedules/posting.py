"""Posts what is due, each thing once: claimed before it is said, recognised after a crash, settled in the end.

The delivery's key travels in the message's metadata. Whenever an earlier attempt may have reached Slack (the process
died, the answer got lost, Slack broke down), the channel's recent history is searched for the key before anything is
posted again. Where Slack forbids that search nothing is posted either: a digest that is missing is better than two.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session
from tenacity import AttemptManager, RetryError

from bot.pictures import share_picture
from bot.reply import Picture, Reply
from bot.say import Markup, Say, known
from bot.schedules.occasion import Composer, Occasion
from bot.schedules.patience import attempts, is_busy
from bot.services import Services
from bot.tokens import UNREACHABLE
from bot.views.blocks import MESSAGE_BLOCKS, context
from bot.views.settings import channel_link
from models.delivery import Deliveries, Delivery, DeliveryState
from models.schedule import ScheduleKind, Schedules
from models.workspace import Workspace, workspace_of

_log = logging.getLogger("sluice")

LATE = timedelta(hours=6)
"""Work without a post that has waited for longer is let go."""

_TOLD_AS_LATE = timedelta(minutes=30)
"""A post that comes later than this after its hour says so."""

_PAUSED_BY = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "user_disabled", "user_not_found", "cannot_dm_bot"}
)
"""What Slack says that stays so until somebody mends it: there is no point in trying again each day."""

_CLOCKS_DIFFER = timedelta(minutes=10)
_TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Errand:
    """A delivery that this process has claimed, as plain values, for no transaction stays open while it is posted."""

    team_id: str
    delivery_id: int
    key: str
    kind: ScheduleKind
    target: str
    number: int
    time_zone: str
    as_of: datetime
    due_at: datetime
    window: timedelta
    was_tried_before: bool


@dataclass(frozen=True)
class Posted:
    channel: str
    ts: str


class Poster:
    """Carries out errands. `sleep` waits between attempts, and `stopping` ends the waiting."""

    def __init__(
        self, client: WebClient, services: Services, *, sleep: Callable[[float], object], stopping: Event
    ) -> None:
        self._pictures_client = client
        self._client = _repeating_nothing(client)
        self._services = services
        self._database = services.database
        self._sleep = sleep
        self._stopping = stopping

    def post(self, errand: Errand, compose: Composer, now: datetime) -> None:
        """Say it, or find that it was said, or learn that it cannot be. Where Slack is away or busy for longer than
        our patience, the claim is left as it is, and taken up again when its lease has run out."""
        try:
            self._post(errand, compose, now)
        except RetryError as error:
            _log.warning("%s for %s waits: %s", errand.kind, errand.target, error.last_attempt.exception())
        except SlackApiError as error:
            self._fail(errand, str(error.response["error"]), now)

    def _post(self, errand: Errand, compose: Composer, now: datetime) -> None:
        if errand.was_tried_before and (found := self._found(errand)):
            self._note(errand, now, lambda it: _settle(it, found, as_of=errand.as_of, at=now))
            return
        if now - errand.due_at > errand.window:
            self._note(errand, now, lambda it: it.let_go("late", at=now))
            return
        reply = self._composed(errand, compose, now)
        if reply is None:
            self._note(errand, now, lambda it: it.let_go("nothing to say", at=now))
            return
        posted = self._said(errand, reply)
        self._note(errand, now, lambda it: _settle(it, posted, as_of=now, at=now))
        if reply.picture:
            self._share(posted.channel, reply.picture)

    # What is said

    def _composed(self, errand: Errand, compose: Composer, now: datetime) -> Reply | None:
        with self._database.reading() as session:
            workspace = workspace_of(session, errand.team_id, at=now)
            deliveries = Deliveries(session, workspace)
            before = deliveries.last_posted_before(deliveries.get(errand.delivery_id))
            occasion = Occasion(
                session=session,
                workspace=workspace,
                target=errand.target,
                time_zone=errand.time_zone,
                now=now,
                since=before.as_of if before else None,
                scorers=self._services.scorers,
            )
            reply = compose(occasion)
            if reply and now - errand.due_at > _TOLD_AS_LATE:
                reply = _marked_late(reply, occasion.say("schedules.late", due=occasion.say.full_moment(errand.due_at)))
            return reply

    # How it is said

    def _found(self, errand: Errand) -> Posted | None:
        found = None
        for attempt in self._attempts():
            with attempt:
                found = self._search(self._channel(errand.target), errand)
        return found

    def _said(self, errand: Errand, reply: Reply) -> Posted:
        posted, is_unsure = None, False
        for attempt in self._attempts():
            with attempt:
                channel = self._channel(errand.target)
                if is_unsure:
                    posted = self._search(channel, errand)
                if posted is None:
                    is_unsure = True
                    try:
                        posted = self._say(channel, errand, reply)
                    except SlackApiError as error:
                        is_unsure = not is_busy(error)
                        raise
        assert posted is not None  # noqa: S101 - the last attempt posted, found or raised
        return posted

    def _say(self, channel: str, errand: Errand, reply: Reply) -> Posted:
        answer = self._client.chat_postMessage(
            channel=channel,
            text=reply.text,
            blocks=list(reply.blocks),
            metadata={"event_type": "sluice_delivery", "event_payload": {"key": errand.key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def _search(self, channel: str, errand: Errand) -> Posted | None:
        oldest = (errand.as_of - _CLOCKS_DIFFER).timestamp()
        pages = self._client.conversations_history(
            channel=channel, oldest=f"{oldest:.6f}", include_all_metadata=True, limit=200
        )
        for page in pages:
            for message in page["messages"]:
                if _key_of(message) == errand.key:
                    return Posted(channel, str(message["ts"]))
        return None

    def _channel(self, target: str) -> str:
        """The channel itself, or the direct messages with a person."""
        if not target.startswith(("U", "W")):
            return target
        return str(self._client.conversations_open(users=target)["channel"]["id"])

    def _share(self, channel: str, picture: Picture) -> None:
        try:
            share_picture(self._pictures_client, channel, picture)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("a picture could not be shared in %s: %s", channel, error)

    def _attempts(self) -> Iterator[AttemptManager]:
        return attempts(self._sleep, self._stopping)

    # What becomes of it

    def _note(self, errand: Errand, now: datetime, outcome: Callable[[Delivery], None]) -> None:
        with self._database.begin() as session:
            workspace = workspace_of(session, errand.team_id, at=now)
            outcome(Deliveries(session, workspace).get(errand.delivery_id))

    def _fail(self, errand: Errand, code: str, now: datetime) -> None:
        """Note that it cannot be posted, and tell whoever set it up, unless the one before failed for the same."""
        _log.error("%s for %s cannot be posted: %s", errand.kind, errand.target, code)
        with self._database.begin() as session:
            workspace = workspace_of(session, errand.team_id, at=now)
            deliveries = Deliveries(session, workspace)
            delivery = deliveries.get(errand.delivery_id)
            before = deliveries.before(delivery)
            delivery.fail(code, at=now)
            told_before = before is not None and (before.state, before.error) == (DeliveryState.FAILED, code)
            schedule = Schedules(session, workspace).find(errand.kind, errand.target, errand.number)
            if schedule and code in _PAUSED_BY:
                schedule.pause(code)
            addressee = None if told_before else _setter(session, workspace, errand)
        if addressee:
            self._tell(*addressee, errand, code)

    def _tell(self, user_id: str, say: Say, errand: Errand, code: str) -> None:
        reason = say(f"failure.{code}") if known(f"failure.{code}") else say("failure.other", code=Markup(code))
        where = channel_link(errand.target) if errand.target.startswith(("C", "G")) else errand.target
        text = say("failure.not_posted", what=say(f"schedule.{errand.kind}"), where=where, reason=Markup(reason))
        if code in _PAUSED_BY:
            text = f"{text} {say('failure.paused')}"
        try:
            self._client.chat_postMessage(channel=self._channel(user_id), text=text)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("%s could not be told of it: %s", user_id, error)


def _marked_late(reply: Reply, late: str) -> Reply:
    blocks = reply.blocks if len(reply.blocks) >= MESSAGE_BLOCKS else (*reply.blocks, context(late))
    return replace(reply, text=f"{reply.text}\n{late}", blocks=blocks)


def _setter(session: Session, workspace: Workspace, errand: Errand) -> tuple[str, Say] | None:
    """Whoever set the schedule up, and their voice; nobody did for what everybody has without asking."""
    schedule = Schedules(session, workspace).find(errand.kind, errand.target, errand.number)
    member = schedule.set_by if schedule else None
    return (member.user_id, Say(member.reads, member.time_zone)) if member and member.user_id else None


def _settle(delivery: Delivery, posted: Posted, *, as_of: datetime, at: datetime) -> None:
    delivery.settle(channel=posted.channel, ts=posted.ts, as_of=as_of, at=at)


def _repeating_nothing(client: WebClient) -> WebClient:
    """The SDK repeats a call whose connection broke, which would post twice what had arrived."""
    return WebClient(
        client.token,
        base_url=client.base_url,
        timeout=_TIMEOUT_SECONDS,
        ssl=client.ssl,
        proxy=client.proxy,
        retry_handlers=[],
    )


def _key_of(message: dict[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key", ""))
