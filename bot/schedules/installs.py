"""The workspaces whose tokens this process has: it keeps the time for them and for no others."""

import logging
from collections.abc import Sequence

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.tokens import MENDING, UNREACHABLE, refusal

_log = logging.getLogger("sluice")


class Installs:
    """Slack is asked once whose each token is. For one that it refuses nothing is posted until it takes it again."""

    def __init__(self, clients: Sequence[WebClient]) -> None:
        self._unknown = list(clients)
        self._known: dict[str, WebClient] = {}
        self._latest: dict[str, WebClient] = {}
        self._told: dict[str | None, str] = {}
        """Why Slack refuses which token, as the log has it."""

    def ask(self) -> None:
        """Of those that are not known yet; asks Slack, so while no transaction is open that others would wait for."""
        for client in list(self._unknown):
            try:
                team_id = str(client.auth_test()["team_id"])
            except (SlackApiError, *UNREACHABLE) as error:
                self._tell(client, error)
            else:
                self._unknown.remove(client)
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

    def refused(self, team_id: str, error: SlackApiError) -> None:
        """Slack no longer takes this token: whatever is due waits until it does, and the log says so once."""
        client = self._known.pop(team_id, None)
        if client:
            self._unknown.append(client)
            self._tell(client, error)

    def _tell(self, client: WebClient, error: Exception) -> None:
        word = refusal(error)
        if word is None:
            _log.warning("nothing is posted until Slack says whose bot this is: %s", error)
        elif self._told.get(client.token) != word:
            self._told[client.token] = word
            _log.error("nothing is posted: Slack refuses the token (%s); %s", word, MENDING[word])
