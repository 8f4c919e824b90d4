"""What people see of the app's immediate answer: words after a command, errors beside a field, a form that closes."""

from . import chat_methods, payloads, view_methods
from .block_rules import refuse_bad_view
from .element_rules import OFFERED
from .refusals import Json, NotAcknowledged
from .state import Workspace


def show(slack: Workspace, payload: Json, body: Json) -> None:
    if "command" in payload and body:
        chat_methods.answer(slack, slack.response_urls[payloads.response_secret(payload)], body)
    elif payload.get("type") == "view_submission":
        _after_submission(slack, payload, body)
    elif payload.get("type") == "block_suggestion":
        _after_suggestion(body)
    elif body:
        raise NotAcknowledged(f"Slack expects nothing in this answer: {body}")


def _after_submission(slack: Workspace, payload: Json, body: Json) -> None:
    """Slack closes a form that was sent, unless the answer says what to show instead."""
    user, view_id = payload["user"]["id"], payload["view"]["id"]
    stack = slack.views.get(user, [])
    view = next((each for each in stack if each.id == view_id), None)
    if view is None:
        return
    match body.get("response_action"):
        case None:
            stack.remove(view)
        case "clear":
            stack.clear()
        case "errors":
            known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not body.get("errors") or not body["errors"].keys() <= known:
                raise NotAcknowledged(f"errors beside no field: {body}, the form has {known}")
        case "update":
            view_methods.rewrite(slack, view, _sound(slack, body))
        case "push":
            view_methods.shown(slack, user, _sound(slack, body))
        case unknown:
            raise NotAcknowledged(f"Slack knows no response_action {unknown!r}")


def _after_suggestion(body: Json) -> None:
    """Slack shows nothing at all where one option is not as it should be."""
    if body.keys() != {"options"}:
        raise NotAcknowledged(f"Slack expects options in this answer: {body}")
    faults = list(OFFERED(body["options"], "/options"))
    if faults:
        raise NotAcknowledged(f"Slack does not offer these options: {faults}")


def _sound(slack: Workspace, body: Json) -> Json:
    view = body.get("view")
    return refuse_bad_view(view, "modal", files=slack.known_pictures())
