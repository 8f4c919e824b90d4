"""Who is here: the bot itself, people, channels, and what was said in them."""

from typing import TypeVar

from .refusals import Json, Refusal
from .state import Channel, Message, Upload, User, Workspace

T = TypeVar("T")


def auth_test(slack: Workspace, _args: Json) -> Json:
    return {
        "url": f"{slack.base_url}/",
        "team": "Sales",
        "user": slack.users[slack.bot_user].name,
        "team_id": slack.team_id,
        "user_id": slack.bot_user,
        "bot_id": slack.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(slack: Workspace, _args: Json) -> Json:
    return {"url": slack.socket_url}


def users_info(slack: Workspace, args: Json) -> Json:
    user = slack.user(args.get("user"))
    return {"user": user_json(slack, user, with_locale=is_true(args.get("include_locale")))}


def conversations_info(slack: Workspace, args: Json) -> Json:
    channel = slack.channel(args.get("channel"))
    _need(slack, f"{channel.scope}:read")
    return {"channel": _channel_json(slack, channel)}


def conversations_members(slack: Workspace, args: Json) -> Json:
    channel = slack.channel(args.get("channel"))
    _need(slack, f"{channel.scope}:read")
    members, next_cursor = _page(sorted(channel.members), args, default=100)
    return {"members": members, "response_metadata": {"next_cursor": next_cursor}}


def conversations_open(slack: Workspace, args: Json) -> Json:
    if args.get("channel"):
        return {"channel": {"id": slack.channel(args["channel"]).id}}
    users = [name for name in str(args.get("users", "")).split(",") if name]
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        raise NotImplementedError("the double opens direct messages with one person only")
    user = slack.user(users[0])
    if user.deleted:
        raise Refusal("user_disabled")
    return {"channel": {"id": slack.direct_channel(user.id).id}}


def conversations_history(slack: Workspace, args: Json) -> Json:
    channel = _readable(slack, args)
    told = [message for message in slack.messages if _is_public(message, channel)]
    top_level = [message for message in told if message.thread_ts in {None, message.ts}]
    return _messages_page(slack, sorted(top_level, key=lambda message: message.ts, reverse=True), args)


def conversations_replies(slack: Workspace, args: Json) -> Json:
    channel = _readable(slack, args)
    parent = args.get("ts")
    thread = [
        message
        for message in slack.messages
        if _is_public(message, channel) and parent in {message.ts, message.thread_ts}
    ]
    if not thread:
        raise Refusal("thread_not_found")
    return _messages_page(slack, thread, args)


def reactions_add(slack: Workspace, args: Json) -> Json:
    channel = slack.channel(args.get("channel"))
    message = slack.message(channel.id, args.get("timestamp"))
    reaction = (str(args.get("name", "")), slack.bot_user)
    if not reaction[0]:
        raise Refusal("invalid_name")
    if reaction in message.reactions:
        raise Refusal("already_reacted")
    message.reactions.append(reaction)
    return {}


def user_json(slack: Workspace, user: User, *, with_locale: bool) -> Json:
    profile: Json = {"real_name": user.real_name, "display_name": user.name}
    if user.email and "users:read.email" in slack.scopes:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id or slack.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "profile": profile,
        "is_bot": user.is_bot,
    }
    if not user.deleted:
        shown |= {"tz": user.tz, "is_admin": user.is_admin, "is_owner": False, "is_restricted": False}
    return shown | ({"locale": user.locale} if with_locale else {})


def message_json(slack: Workspace, message: Message, *, with_metadata: bool = True) -> Json:
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": message.team_id or slack.team_id,
    }
    if message.user == slack.bot_user:
        shown |= {"bot_id": slack.bot_id, "app_id": slack.app_id}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.files:
        shown["files"] = [file_json(slack, upload) for upload in message.files]
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.is_edited:
        shown["edited"] = {"user": message.user, "ts": message.ts}
    if message.reactions:
        names = dict.fromkeys(name for name, _ in message.reactions)
        shown["reactions"] = [
            {"name": name, "users": [user for each, user in message.reactions if each == name]} for name in names
        ]
    if message.metadata and with_metadata:
        shown["metadata"] = message.metadata
    return shown


def file_json(slack: Workspace, upload: Upload) -> Json:
    return {
        "id": upload.id,
        "name": upload.name,
        "title": upload.title,
        "size": upload.length,
        "user": upload.by,
        "alt_txt": upload.alt_text,
        "permalink": slack.permalink(upload),
        "channels": upload.channels,
    }


def is_true(value: object) -> bool:
    """Forms carry words, JSON carries booleans; the SDK sends either."""
    return value in {True, "1", "true", "True"}


def _channel_json(slack: Workspace, channel: Channel) -> Json:
    kinds = {
        "is_channel": channel.scope == "channels",
        "is_group": channel.scope == "groups",
        "is_im": channel.scope == "im",
        "is_private": channel.scope != "channels",
        "is_archived": channel.is_archived,
    }
    if channel.direct_with:
        return {"id": channel.id, "user": channel.direct_with, **kinds}
    return {"id": channel.id, "name": channel.name, "is_member": slack.bot_user in channel.members, **kinds}


def _readable(slack: Workspace, args: Json) -> Channel:
    channel = slack.channel(args.get("channel"))
    _need(slack, f"{channel.scope}:history")
    if slack.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _need(slack: Workspace, scope: str) -> None:
    if scope not in slack.scopes:
        raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(slack.scopes)))


def _is_public(message: Message, channel: Channel) -> bool:
    return message.channel == channel.id and message.ephemeral_to is None


def _messages_page(slack: Workspace, messages: list[Message], args: Json) -> Json:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = is_true(args.get("inclusive"))
    within = [
        message
        for message in messages
        if oldest < float(message.ts) < latest or (inclusive and float(message.ts) in {oldest, latest})
    ]
    page, next_cursor = _page(within, args, default=100)
    with_metadata = is_true(args.get("include_all_metadata"))
    return {
        "messages": [message_json(slack, message, with_metadata=with_metadata) for message in page],
        "has_more": bool(next_cursor),
        "response_metadata": {"next_cursor": next_cursor},
    }


def _page(things: list[T], args: Json, *, default: int) -> tuple[list[T], str]:
    start, limit = int(args.get("cursor") or 0), int(args.get("limit") or default)
    end = start + limit
    return things[start:end], str(end) if end < len(things) else ""
