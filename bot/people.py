"""Who somebody is, as Slack tells it: name, time zone, language; asked once in a while and remembered."""

from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol
from zoneinfo import available_timezones

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.tokens import UNREACHABLE
from models.members import Profile

_REMEMBERED_FOR = timedelta(hours=1)


class Clock(Protocol):
    def __call__(self) -> datetime: ...


class People:
    """The profiles of Slack users, each asked for once an hour at most."""

    def __init__(self, client: WebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[datetime, Profile]] = {}
        self._lock = Lock()

    def profile(self, user_id: str) -> Profile:
        """What Slack says of a user; nothing but the id where it will not say."""
        return self.known(user_id) or Profile(user_id, name="")

    def at_hand(self, user_id: str) -> Profile:
        """What Slack said of a user before, without asking; nothing but the id where it never did."""
        with self._lock:
            _, profile = self._known.get(user_id, (None, None))
        return profile or Profile(user_id, name="")

    def known(self, user_id: str) -> Profile | None:
        """What Slack says of a user, or said before where it will not say now; None where it never did."""
        now = self._clock()
        with self._lock:
            asked_at, profile = self._known.get(user_id, (None, None))
        if profile is not None and asked_at is not None and now - asked_at < _REMEMBERED_FOR:
            return profile
        fresh = self._ask(user_id)
        if fresh is None:
            return profile
        with self._lock:
            self._known[user_id] = (now, fresh)
        return fresh

    def _ask(self, user_id: str) -> Profile | None:
        try:
            user = self._client.users_info(user=user_id, include_locale=True)["user"]
        except (SlackApiError, *UNREACHABLE):
            return None
        details = user.get("profile") or {}
        zone = user.get("tz") or ""
        return Profile(
            user_id=user_id,
            name=details.get("real_name") or user.get("real_name") or user.get("name") or user_id,
            email=details.get("email") or user.get("email") or "",
            time_zone=zone if zone in _zones() else "",
            locale=user.get("locale") or "",
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            teams=frozenset(filter(None, [user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())])),
        )


def _zones() -> set[str]:
    return available_timezones()
