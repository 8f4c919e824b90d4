"""The edge where people look at their Home tab: it is drawn when they open it, and again when something changed."""

import logging
from collections.abc import Collection
from threading import Lock
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.actions.home import CHOICES
from bot.errors import unexpected, worded
from bot.home import home
from bot.home_state import HomeState
from bot.reply import Place, Reply
from bot.schedules.patience import is_transient
from bot.services import AlreadyDone, Services
from bot.tokens import UNREACHABLE
from bot.views.notices import told
from models.errors import DomainError
from models.members import Members
from models.workspace import Workspace

Body = dict[str, Any]

_AT_ONCE = 16
"""So many tabs at most are drawn at the same time."""

_log = logging.getLogger("sluice")


class HomeFront:
    """Draws Home tabs, one at a time for each person: what changes while one waits to be drawn is on it already."""

    def __init__(self, client: WebClient, services: Services) -> None:
        self._client = client
        self._services = services
        self._waiting: set[tuple[str, str]] = set()
        self._lock = Lock()
        self._drawing = [Lock() for _ in range(_AT_ONCE)]

    def on_opened(self, ack: Ack, event: Body, body: Body) -> None:
        """Slack sends this each time somebody looks, and what they see is as of then."""
        ack()
        if event.get("tab", "home") == "home":
            self._services.in_time(self._show, event, body)

    def _show(self, event: Body, body: Body) -> None:
        try:
            with self._services.turn(body["team_id"], event["user"], once=body["event_id"]) as turn:
                HomeState.of(turn.member).keep(turn.member)
        except AlreadyDone:
            return
        self.refresh(body["team_id"], [event["user"]])

    def on_choice(self, ack: Ack, body: Body) -> None:
        ack()
        self._services.in_time(self._choose, body)

    def _choose(self, body: Body) -> None:
        team, user, action = body["team"]["id"], body["user"]["id"], body["actions"][0]
        people = [action["selected_user"]] if action.get("selected_user") else []
        try:
            with self._services.turn(team, user, once=body["trigger_id"], mentioned=people) as turn:
                CHOICES[action["action_id"]](chosen(action), HomeState.of(turn.member), turn).keep(turn.member)
        except AlreadyDone:
            return
        except DomainError as error:
            self._services.afterwards(self.tell, team, user, worded(error, self._services.voice(user)).text)
            return
        except Exception:  # as in `app`: told with a reference, logged with its traceback
            self._services.afterwards(self.tell, team, user, unexpected(self._services.voice(user)).text)
            return
        self.refresh(team, [user])

    def refresh(self, team_id: str, user_ids: Collection[str]) -> None:
        """Draw these people's tabs anew, soon."""
        for user_id in user_ids:
            with self._lock:
                if (team_id, user_id) in self._waiting:
                    continue
                self._waiting.add((team_id, user_id))
            self._services.afterwards(self.tell, team_id, user_id)

    def answer(self, reply: Reply, body: Body) -> None:
        """What was done by a button is told above the tab, what was asked for opens over it; where it does not, who
        asked is told to try again. On a view that lies over the tab already, that changes, or another one on top."""
        if not is_on_view(body) and (reply.settles or not reply.blocks):
            self._services.afterwards(self.tell, body["team"]["id"], body["user"]["id"], reply.text)
            return
        say = self._services.voice(body["user"]["id"])
        view = told(reply.as_message(body["view"]["blocks"]).get("blocks", ()), reply.text, say)
        try:
            if is_on_view(body) and reply.place is Place.INSTEAD:
                self._client.views_update(view_id=body["view"]["id"], view=view)
            elif is_on_view(body):
                self._client.views_push(trigger_id=body["trigger_id"], view=view)
            else:
                self._client.views_open(trigger_id=body["trigger_id"], view=view)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("what was asked for on a Home tab could not be shown: %s", error)
            again = say("error.try_again")
            self._services.afterwards(self.tell, body["team"]["id"], body["user"]["id"], again)

    def tell(self, team_id: str, user_id: str, said: str = "") -> None:
        """Draw the tab anew, with what was done above it. What Slack does not take now, as it comes too often or cannot
        be reached, is drawn at another tick."""
        with self._lock:
            self._waiting.discard((team_id, user_id))
        try:
            with self._drawing[hash((team_id, user_id)) % _AT_ONCE]:  # what was read later is never drawn over
                with self._services.looking(team_id, user_id) as turn:
                    view = home(turn, said=said)
                self._client.views_publish(user_id=user_id, view=view)
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("the Home tab of %s could not be drawn: %s", user_id, error)
            if is_transient(error):
                with self._services.database.begin() as session:
                    Members(session, session.get_one(Workspace, team_id)).outdate_home(user_id)


def is_on_view(body: Body) -> bool:
    """Whether something was clicked on a view that lies over everything else, as a card over the Home tab."""
    return bool((body.get("view") or {}).get("type") == "modal")


def chosen(action: Body) -> str:
    """What a button carries, what was picked in a menu, or what was typed."""
    picked = (action.get("selected_option") or {}).get("value")
    return str(
        action.get("value") or picked or action.get("selected_user") or action.get("selected_conversation") or ""
    )
