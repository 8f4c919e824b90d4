"""Whoever set a post up hears once that it could not be made, or may be missing, and how to mend it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session
from tenacity import AttemptManager, RetryError

from bot.reply import Reply
from bot.say import Say
from bot.schedules.installs import Installs
from bot.schedules.keyed_posts import channel_of, repeating_nothing, say, search
from bot.tokens import UNREACHABLE
from bot.views.schedules import failure_told, place_of
from models.delivery import DeliveryState
from models.errand import Errand
from models.member import Member, Role
from models.members import Members
from models.schedule import Schedules
from models.workspace import Workspace

_log = logging.getLogger("sluice")


@dataclass(frozen=True)
class Listener:
    """Somebody to be told, and their voice."""

    user_id: str
    say: Say


@dataclass(frozen=True)
class Ending:
    """How a post came to nothing, by Slack's word for it."""

    errand: Errand
    state: DeliveryState
    code: str
    is_paused: bool
    listeners: Sequence[Sequence[Listener]]
    """The next ones are told where of those before nobody can be."""


def listeners_for(session: Session, workspace: Workspace, errand: Errand) -> list[Sequence[Listener]]:
    """Whoever set it up; then, of what goes to a channel, the admins. Nobody of what everybody has without asking."""
    schedule = Schedules(session, workspace).find(errand.kind, errand.target, errand.number)
    setter = [schedule.set_by] if schedule and schedule.set_by else []
    everybody = Members(session, workspace)
    is_for_one = everybody.by_user_id(errand.target) is not None
    admins = [] if is_for_one else [each for each in everybody.all() if each.role is Role.ADMIN]
    groups = (setter, [each for each in admins if each not in setter])
    return [[listener for each in group if (listener := _listener(each))] for group in groups]


class Teller:
    """Says so to each by themselves, and goes on for a while where Slack is busy or broken."""

    def __init__(self, installs: Installs, attempts: Callable[[], Iterator[AttemptManager]]) -> None:
        self._installs = installs
        self._attempts = attempts

    def tell(self, ending: Ending) -> None:
        for group in ending.listeners:
            if [each for each in group if self._is_told(each, ending)]:
                return

    def _is_told(self, listener: Listener, ending: Ending) -> bool:
        errand, is_unsure = ending.errand, False
        client, key = repeating_nothing(self._installs.client(errand.team_id)), f"{errand.key}-{ending.state}"
        try:
            for attempt in self._attempts():
                with attempt:
                    channel = channel_of(client, listener.user_id)
                    if is_unsure and search(client, channel, key, since=errand.as_of):
                        return True
                    is_unsure = True
                    say(client, channel, key, Reply(_words(ending, listener.say)))
        except (RetryError, SlackApiError, *UNREACHABLE) as error:
            _log.warning("%s could not be told of it: %s", listener.user_id, error)
            return False
        return True


def _listener(member: Member) -> Listener | None:
    return Listener(member.user_id, Say(member.reads, member.time_zone)) if member.user_id else None


def _words(ending: Ending, say: Say) -> str:
    errand = ending.errand
    told = "failure.may_be_missing" if ending.state is DeliveryState.UNKNOWN else "failure.not_posted"
    reason = failure_told(ending.code, errand.kind, say)
    text = say(told, what=say(f"schedule.{errand.kind}"), where=place_of(errand.target), reason=reason)
    return f"{text} {say('failure.paused')}" if ending.is_paused else text
