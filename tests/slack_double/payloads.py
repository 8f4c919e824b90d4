"""What Slack tells the app when a person types a command, presses a button, sends a form or says something."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from . import forms
from .block_rules import elements_of
from .directory_methods import message_json
from .refusals import ImpossibleGesture, Json
from .state import Channel, Message, View, Workspace
from .view_methods import view_json

_VERIFICATION_TOKEN = "legacy-verification-token"


def command(slack: Workspace, name: str, text: str, *, user: str, channel: str) -> Json:
    place = _where(slack, channel, user)
    return {
        **_app(slack),
        "team_id": slack.team_id,
        "team_domain": "sales",
        "channel_id": place.id,
        "channel_name": "privategroup" if place.scope == "groups" else place.name,
        "user_id": user,
        "user_name": slack.users[user].name,
        "command": name,
        "text": text,
        "is_enterprise_install": "false",
        "response_url": slack.new_response_url(place.id, user),
        "trigger_id": slack.new_trigger(user),
    }


def click(
    slack: Workspace, source: Message | View, action_id: str, *, user: str, value: object, values: Mapping[str, object]
) -> Json:
    """A button pressed or a menu used; `value` picks among several, `values` is what else stands in the form."""
    block, element = _element(source.blocks, action_id, value)
    payload = {
        **_interaction(slack, "block_actions", user),
        "trigger_id": slack.new_trigger(user, from_form=isinstance(source, View) and source.body["type"] == "modal"),
        "actions": [_action(slack, block, element, value)],
    }
    state = forms.state(source.blocks, values)
    if isinstance(source, View):
        _refuse_unseen(slack, source, user)
        view = view_json(slack, source) | {"state": state}
        return payload | {"view": view, "container": {"type": "view", "view_id": source.id}}
    place = _where(slack, source.channel, user)
    if source not in slack.messages or source.ephemeral_to not in {None, user}:
        raise ImpossibleGesture(f"{user} does not see this message")
    container = {"type": "message", "message_ts": source.ts, "channel_id": place.id}
    shown: Json = {} if source.ephemeral_to else {"message": message_json(slack, source)}
    return {
        **payload,
        **shown,
        "container": {**container, "is_ephemeral": source.ephemeral_to is not None},
        "channel": {"id": place.id, "name": place.name},
        "response_url": slack.new_response_url(place.id, user, source),
        "state": state,
    }


def submission(slack: Workspace, view: View, *, user: str, values: Mapping[str, object]) -> Json:
    _refuse_unseen(slack, view, user)
    if not view.body.get("submit"):
        raise ImpossibleGesture(f"the form {view.callback_id} has no button to send it")
    state = forms.state(view.blocks, values)
    forms.refuse_unfilled(view.blocks, state)
    return {
        **_interaction(slack, "view_submission", user),
        "trigger_id": slack.new_trigger(user, from_form=True),
        "view": view_json(slack, view) | {"state": state},
        "response_urls": [],
    }


def shortcut(slack: Workspace, callback_id: str, *, user: str) -> Json:
    return {**_interaction(slack, "shortcut", user), "callback_id": callback_id, **_now(slack, user)}


def message_shortcut(slack: Workspace, callback_id: str, message: Message, *, user: str) -> Json:
    place = _where(slack, message.channel, user)
    if message not in slack.messages or message.ephemeral_to is not None:
        raise ImpossibleGesture("an ephemeral message has no menu with shortcuts")
    return {
        **_interaction(slack, "message_action", user),
        **_now(slack, user),
        "callback_id": callback_id,
        "channel": {"id": place.id, "name": place.name},
        "message_ts": message.ts,
        "message": message_json(slack, message),
        "response_url": slack.new_response_url(place.id, user),
    }


def suggestion(slack: Workspace, view: View, action_id: str, typed: str, *, user: str) -> Json:
    """A person types in a menu whose options the app tells, and has typed enough of it."""
    _refuse_unseen(slack, view, user)
    block, element = _element(view.blocks, action_id, None)
    if element["type"] != "external_select":
        raise ImpossibleGesture(f"{action_id} asks the app for no options")
    if len(typed) < element.get("min_query_length", 3):
        raise ImpossibleGesture(f"Slack does not ask yet for {typed!r}")
    return {
        **_interaction(slack, "block_suggestion", user),
        "action_id": action_id,
        "block_id": block["block_id"],
        "value": typed,
        "view": view_json(slack, view),
        "container": {"type": "view", "view_id": view.id},
    }


def closing(slack: Workspace, view: View) -> Json:
    return {**_interaction(slack, "view_closed", view.user), "view": view_json(slack, view), "is_cleared": False}


def event(slack: Workspace, inner: Json) -> Json:
    now = slack.now()
    return {
        **_app(slack),
        "team_id": slack.team_id,
        "type": "event_callback",
        "event": {"event_ts": f"{now:.6f}", **inner},
        "event_id": slack.new_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": slack.team_id,
                "user_id": slack.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def said(slack: Workspace, kind: str, text: str, *, user: str, channel: str, thread_ts: str | None) -> Json:
    """A person's message, kept in the channel and told to the bot, who must be there to hear it."""
    place = _where(slack, channel, user)
    if slack.bot_user not in place.members:
        raise ImpossibleGesture(f"the bot is not in {channel} and hears nothing there")
    if kind == "app_mention" and place.scope == "im":
        raise ImpossibleGesture("Slack tells of direct messages as messages only, whoever is named in them")
    needed = "app_mentions:read" if kind == "app_mention" else f"{place.scope}:history"
    if needed not in slack.scopes:
        raise ImpossibleGesture(f"Slack tells this only to apps with the scope {needed}")
    message = slack.add(Message(slack.new_ts(), place.id, user, text, thread_ts=thread_ts))
    kinds = {"channels": "channel", "groups": "group", "im": "im"}
    told: Json = {
        "type": kind,
        "user": user,
        "text": text,
        "ts": message.ts,
        "event_ts": message.ts,
        "channel": place.id,
    }
    if kind == "message":
        told["channel_type"] = kinds[place.scope]
    return event(slack, told | ({"thread_ts": thread_ts} if thread_ts else {}))


def reaction(slack: Workspace, message: Message, name: str, *, user: str) -> Json:
    """A reaction on what all in the channel see, told to the bot where it is a member."""
    place = _where(slack, message.channel, user)
    if message.ephemeral_to or message not in slack.messages:
        raise ImpossibleGesture("nobody reacts to what only one person sees")
    if slack.bot_user not in place.members or "reactions:read" not in slack.scopes:
        raise ImpossibleGesture(f"Slack tells of reactions in {place.id} only to its members with reactions:read")
    if (name, user) not in message.reactions:
        message.reactions.append((name, user))
    item = {"type": "message", "channel": place.id, "ts": message.ts}
    told = {"type": "reaction_added", "user": user, "reaction": name, "item_user": message.user, "item": item}
    return event(slack, told)


def home_opened(slack: Workspace, user: str) -> Json:
    home = slack.homes.get(user)
    shown = {"view": view_json(slack, home)} if home else {}
    channel = slack.direct_channel(slack.user(user).id).id
    return event(slack, {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", **shown})


def response_secret(payload: Json) -> str:
    """The secret part of the address an answer to this payload goes to."""
    return urlsplit(payload["response_url"]).path.rpartition("/")[2]


def _now(slack: Workspace, user: str) -> Json:
    return {"action_ts": slack.new_ts(), "trigger_id": slack.new_trigger(user)}


def _app(slack: Workspace) -> Json:
    return {"token": _VERIFICATION_TOKEN, "api_app_id": slack.app_id}


def _interaction(slack: Workspace, kind: str, user: str) -> Json:
    name = slack.user(user).name
    return {
        **_app(slack),
        "type": kind,
        "team": {"id": slack.team_id, "domain": "sales"},
        "user": {"id": user, "username": name, "name": name, "team_id": slack.users[user].team_id or slack.team_id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _action(slack: Workspace, block: Json, element: Json, value: object) -> Json:
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": slack.new_ts(),
    }
    if element["type"] != "button":
        return forms.answered(element, value) | action
    return action | {"text": element["text"]} | {key: element[key] for key in ("value", "style") if key in element}


def _element(blocks: list[Json], action_id: str, value: object) -> tuple[Json, Json]:
    every = [(block, element) for block in blocks for element in elements_of(block)]
    fitting = [
        (block, element)
        for block, element in every
        if element.get("action_id") == action_id and (value is None or _offers(element, value))
    ]
    if len(fitting) != 1:
        there = [(element.get("action_id"), element.get("value")) for _, element in every]
        raise ImpossibleGesture(f"{len(fitting)} elements are {action_id!r} with {value!r}; there are {there}")
    return fitting[0]


def _offers(element: Json, value: object) -> bool:
    """Whether the button or one of the menu's options has this value; other elements take any."""
    match element["type"]:
        case "button":
            return bool(element.get("value") == value)
        case "static_select" if "options" in element:
            return value in [option["value"] for option in element["options"]]
    return True


def _where(slack: Workspace, channel: str, user: str) -> Channel:
    place = slack.channels.get(channel)
    if place is None or user not in place.members or user not in slack.users:
        raise ImpossibleGesture(f"{user} is not in {channel}")
    return place


def _refuse_unseen(slack: Workspace, view: View, user: str) -> None:
    stack = slack.views.get(user, [])
    on_screen = stack[-1] if view.body["type"] == "modal" and stack else slack.homes.get(user)
    if on_screen is not view:
        raise ImpossibleGesture(f"{user} does not have this view before them")
