"""How a person fills in a form: what they typed or picked, and what they left as the app had prefilled it."""

import re
from collections.abc import Iterator, Mapping

from .block_rules import elements_of
from .refusals import ImpossibleGesture, Json

_ANSWERS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
"""For each kind of field, where its answer stands in a payload, and where the app prefills it."""

_PATTERNS = {
    "datepicker": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "timepicker": re.compile(r"\d{2}:\d{2}"),
    "email_text_input": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "url_text_input": re.compile(r"https?://\S+"),
    "number_input": re.compile(r"-?\d+(\.\d+)?"),
}
_EMPTY: tuple[object, ...] = (None, "", [])


def state(blocks: list[Json], given: Mapping[str, object]) -> Json:
    """The `state.values` of a form or message; `given` is keyed by action_id or block_id."""
    values: Json = {}
    left = dict(given)
    for block, element in _fields(blocks):
        key = next((key for key in (element["action_id"], block["block_id"]) if key in left), None)
        entry = answered(element, left.pop(key)) if key else _prefilled(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    if left:
        raise ImpossibleGesture(f"the form has no field {', '.join(left)}; it has {_names(blocks)}")
    return {"values": values}


def refuse_unfilled(blocks: list[Json], state: Json) -> None:
    """Slack itself keeps a form open until what is required is there."""
    for block, element in _fields(blocks):
        if block["type"] == "input" and not block.get("optional", False):
            entry = state["values"][block["block_id"]][element["action_id"]]
            if entry[_ANSWERS[element["type"]][0]] in _EMPTY:
                raise ImpossibleGesture(f"Slack does not submit while {element['action_id']} is empty")


def answered(element: Json, given: object) -> Json:
    """A field with this answer in it, as Slack writes it in a payload."""
    kind = element["type"]
    where, _ = _ANSWERS[kind]
    if where == "selected_option":
        given = _option(element, given) if given is not None else None
    elif where == "selected_options":
        given = [_option(element, each) for each in _listed(given)]
    elif where.endswith("s"):
        given = _listed(given)
    elif given not in _EMPTY:
        _refuse_untypable(element, given)
    return {"type": kind, where: None if given == "" else given}


def _prefilled(element: Json) -> Json:
    where, initial = _ANSWERS[element["type"]]
    return {"type": element["type"], where: element.get(initial, [] if where.endswith("s") else None)}


def _fields(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements_of(block):
            if element.get("type") in _ANSWERS and element["type"] != "overflow":
                yield block, element


def _names(blocks: list[Json]) -> str:
    return ", ".join(element["action_id"] for _, element in _fields(blocks)) or "none"


def _listed(given: object) -> list[object]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise ImpossibleGesture(f"several may be picked here, so give a list, not {given!r}")
    return given


def _option(element: Json, given: object) -> Json:
    """The option of this value; of an external menu, whose options the app sends later, the option itself."""
    if isinstance(given, dict):
        return given
    groups = element.get("option_groups", ())
    options = [*element.get("options", ()), *(option for group in groups for option in group["options"])]
    for option in options:
        if option.get("value") == given:
            return dict(option)
    raise ImpossibleGesture(f"{element['action_id']} offers no {given!r}, only {[o.get('value') for o in options]}")


def _refuse_untypable(element: Json, given: object) -> None:
    kind, name = element["type"], element["action_id"]
    if kind in {"datetimepicker", "rich_text_input"}:
        return
    if not isinstance(given, str):
        raise ImpossibleGesture(f"{name} takes a string, not {given!r}")
    if kind in _PATTERNS and not _PATTERNS[kind].fullmatch(given):
        raise ImpossibleGesture(f"Slack lets nobody enter {given!r} in {name}, a {kind}")
    if kind == "number_input":
        _refuse_number_outside(element, float(given))
    if kind == "plain_text_input" and not element.get("min_length", 0) <= len(given) <= element.get("max_length", 3000):
        raise ImpossibleGesture(f"Slack lets nobody enter {len(given)} characters in {name}")


def _refuse_number_outside(element: Json, number: float) -> None:
    lowest, highest = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
    if not lowest <= number <= highest or (number % 1 and not element["is_decimal_allowed"]):
        raise ImpossibleGesture(f"Slack lets nobody enter {number} in {element['action_id']}")
