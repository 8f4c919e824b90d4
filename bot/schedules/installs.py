"""The workspaces whose tokens this process has: it keeps the time for them and for no others."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.tokens import MENDING, UNREACHABLE, refusal

_log = logging.getLogger("sluice")


_UNHEARD = "unheard"
"""It said nothing, or nothing of the token."""

_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


class Installs:
    """Slack is asked once whose each token is. For one that it refuses nothing is posted until it takes it again."""

    def __init__(self, clients: Sequence[WebClient], clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._unknown = list(clients)
        self._known: dict[str, WebClient] = {}
        self._latest: dict[str, WebClient] = {}
        self._told: dict[str | None, str] = {}
        """Why nothing is posted with which token, as the log has it."""
        self._refused: dict[str, int] = {}
        """How often in a row Slack refused a workspace's posts, though it had said whose the token is."""
        self._waiting: dict[str | None, datetime] = {}

    def ask(self) -> None:
        """Of those that are not known yet; asks Slack, so while no transaction is open that others would wait for."""
        now = self._clock()
        for client in [each for each in self._unknown if self._waiting.get(each.token, now) <= now]:
            try:
                team_id = str(client.auth_test()["team_id"])
            except (SlackApiError, *UNREACHABLE) as error:
                self._tell(client, error)
            else:
                self._unknown.remove(client)
                if team_id not in self._refused:
                    self._told.pop(client.token, None)
                self._known[team_id] = self._latest[team_id] = client

    @property
    def teams(self) -> list[str]:
        return list(self._known)

    def serves(self, team_id: str) -> bool:
        return team_id in self._known

    def client(self, team_id: str) -> WebClient:
        """Also one that Slack refuses since: what is on its way learns so from Slack itself."""
        return self._latest[team_id]

    def accepted(self, team_id: str) -> None:
        """Slack has posted with its token."""
        if self._refused.pop(team_id, None):
            self._told.pop(self._latest[team_id].token, None)

    def refused(self, team_id: str, error: SlackApiError) -> None:
        """Slack no longer takes this token: whatever is due waits until it does, and the log says so once. It may say
        whose the token is and still refuse the posts: it is tried ever more rarely, then."""
        client = self._known.pop(team_id, None)
        if client:
            times = self._refused.get(team_id, 0)
            self._refused[team_id] = times + 1
            self._waiting[client.token] = self._clock() + min(_FIRST_WAIT * 2 ** min(times, 9), _LONGEST_WAIT)
            self._unknown.append(client)
            self._tell(client, error)

    def _tell(self, client: WebClient, error: Exception) -> None:
        word = refusal(error)
        if self._told.get(client.token) == (word or _UNHEARD):
            return
        self._told[client.token] = word or _UNHEARD
        if word is None:
            _log.warning("nothing is posted until Slack says whose bot this is: %s", error)
        else:
            _log.error("nothing is posted: Slack refuses the token (%s); %s", word, MENDING[word])
