"""Every method of Slack's Web API the double plays, the scope each needs, and who may call it."""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from . import chat_methods as chat
from . import directory_methods as directory
from . import view_methods as views
from .refusals import Json, Refusal
from .state import Workspace


class Method(NamedTuple):
    run: Callable[[Workspace, Json], Json]
    scope: str | None = None


METHODS: Mapping[str, Method] = {
    "apps.connections.open": Method(directory.connections_open),
    "auth.test": Method(directory.auth_test),
    "chat.delete": Method(chat.delete, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write"),
    "conversations.history": Method(directory.conversations_history),
    "conversations.info": Method(directory.conversations_info),
    "conversations.members": Method(directory.conversations_members),
    "conversations.open": Method(directory.conversations_open, "im:write"),
    "conversations.replies": Method(directory.conversations_replies),
    "files.completeUploadExternal": Method(chat.complete_upload, "files:write"),
    "files.getUploadURLExternal": Method(chat.get_upload_url, "files:write"),
    "files.info": Method(chat.files_info, "files:read"),
    "reactions.add": Method(directory.reactions_add, "reactions:write"),
    "users.info": Method(directory.users_info, "users:read"),
    "views.open": Method(views.open_view),
    "views.publish": Method(views.publish_view),
    "views.push": Method(views.push_view),
    "views.update": Method(views.update_view),
}

SCOPES = frozenset(
    {
        *(method.scope for method in METHODS.values() if method.scope),
        *("commands", "app_mentions:read", "reactions:read", "channels:read", "groups:read", "im:read"),
        *("channels:history", "groups:history", "im:history"),
    }
)
"""What lets the bot call everything here, except to post where it is not a member."""

_ARRIVE_AS_JSON = ("blocks", "view", "metadata", "files")


def call(slack: Workspace, name: str, token: str | None, args: Json) -> Json:
    """Run a method as its caller, or refuse as Slack would."""
    method = METHODS.get(name)
    if method is None:
        raise Refusal("unknown_method")
    _refuse_stranger(slack, name, token)
    if method.scope and method.scope not in slack.scopes:
        raise Refusal("missing_scope", needed=method.scope, provided=",".join(sorted(slack.scopes)))
    return {"ok": True, **method.run(slack, {key: _decoded(key, value) for key, value in args.items()})}


def _refuse_stranger(slack: Workspace, name: str, token: str | None) -> None:
    if not token:
        raise Refusal("not_authed")
    if token not in {slack.bot_token, slack.app_token}:
        raise Refusal("invalid_auth")
    if (token == slack.app_token) != (name == "apps.connections.open"):
        raise Refusal("not_allowed_token_type")
    if slack.token_refusal:
        raise Refusal(slack.token_refusal)


def _decoded(name: str, value: object) -> object:
    """Lists and objects may come as JSON or as a string of JSON, whichever the SDK prefers for a method."""
    if name not in _ARRIVE_AS_JSON or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refusal("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None
