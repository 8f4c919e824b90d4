"""Forms and Home tabs: opened by a trigger while it is fresh, stacked at most three high."""

from uuid import uuid4

from .block_rules import refuse_bad_view
from .refusals import Json, Refusal
from .state import View, Workspace

_TRIGGER_SECONDS = 3.0
_DEEPEST = 3


def open_view(slack: Workspace, args: Json) -> Json:
    view = refuse_bad_view(args.get("view"), "modal", files=slack.known_pictures())
    user, from_form = _exchanged(slack, args.get("trigger_id"))
    if not from_form:
        slack.views[user] = []
    return {"view": view_json(slack, shown(slack, user, view))}


def push_view(slack: Workspace, args: Json) -> Json:
    view = refuse_bad_view(args.get("view"), "modal", files=slack.known_pictures())
    user, from_form = _exchanged(slack, args.get("trigger_id"))
    if not from_form:
        raise Refusal("invalid_trigger_id")
    return {"view": view_json(slack, shown(slack, user, view))}


def update_view(slack: Workspace, args: Json) -> Json:
    body = args.get("view")
    view = _found(slack, args)
    kind = "home" if view in slack.homes.values() else "modal"
    sound = refuse_bad_view(body, kind, files=slack.known_pictures())
    _refuse_stale_hash(view, args)
    rewrite(slack, view, sound)
    return {"view": view_json(slack, view)}


def publish_view(slack: Workspace, args: Json) -> Json:
    user = slack.user(args.get("user_id"))
    body = refuse_bad_view(args.get("view"), "home", files=slack.known_pictures())
    if user.id in slack.homes:
        _refuse_stale_hash(slack.homes[user.id], args)
        rewrite(slack, slack.homes[user.id], body)
    else:
        _refuse_taken_name(slack, body)
        slack.homes[user.id] = _made(slack, user.id, body)
    return {"view": view_json(slack, slack.homes[user.id])}


def shown(slack: Workspace, user: str, body: Json) -> View:
    """Put a form on top of what the person has open."""
    stack = slack.views.setdefault(user, [])
    if len(stack) >= _DEEPEST:
        raise Refusal("push_limit_reached")
    _refuse_taken_name(slack, body)
    view = _made(slack, user, body)
    if stack:
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def rewrite(slack: Workspace, view: View, body: Json) -> None:
    slack.named(body["blocks"])
    view.body, view.hash = body, _new_hash(slack)


def view_json(slack: Workspace, view: View) -> Json:
    """A view as Slack tells of it, with every field there, empty or not."""
    return {
        "id": view.id,
        "team_id": slack.team_id,
        "type": view.body["type"],
        "blocks": view.blocks,
        "private_metadata": view.body.get("private_metadata", ""),
        "callback_id": view.callback_id,
        "state": {"values": {}},
        "hash": view.hash,
        "title": view.body.get("title"),
        "clear_on_close": view.body.get("clear_on_close", False),
        "notify_on_close": view.body.get("notify_on_close", False),
        "close": view.body.get("close"),
        "submit": view.body.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": slack.app_id,
        "external_id": view.body.get("external_id", ""),
        "app_installed_team_id": slack.team_id,
        "bot_id": slack.bot_id,
    }


def _made(slack: Workspace, user: str, body: Json) -> View:
    slack.named(body["blocks"])
    name = slack.new_id("V")
    return View(name, user, body, _new_hash(slack), root_id=name)


def _new_hash(slack: Workspace) -> str:
    return f"{slack.now():.0f}.{uuid4().hex[:8]}"


def _exchanged(slack: Workspace, trigger_id: object) -> tuple[str, bool]:
    """Whose gesture it was, and whether it was made inside a form."""
    trigger = slack.triggers.get(str(trigger_id))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.is_used:
        raise Refusal("exchanged_trigger_id")
    if slack.now() - trigger.issued_at > _TRIGGER_SECONDS:
        raise Refusal("expired_trigger_id")
    trigger.is_used = True
    return trigger.user, trigger.from_form


def _found(slack: Workspace, args: Json) -> View:
    for view in _all_views(slack):
        if view.id == args.get("view_id") or (
            args.get("external_id") and view.body.get("external_id") == args["external_id"]
        ):
            return view
    raise Refusal("not_found")


def _all_views(slack: Workspace) -> list[View]:
    return [*slack.homes.values(), *(view for stack in slack.views.values() for view in stack)]


def _refuse_stale_hash(view: View, args: Json) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise Refusal("hash_conflict")


def _refuse_taken_name(slack: Workspace, body: Json) -> None:
    taken = {view.body.get("external_id") for view in _all_views(slack)}
    if body.get("external_id") and body["external_id"] in taken:
        raise Refusal("duplicate_external_id")
