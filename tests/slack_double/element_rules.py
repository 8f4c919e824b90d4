"""Which buttons, menus and fields Slack draws, and how much each may hold."""

from collections.abc import Mapping

from .shapes import Check, anything, choice, flag, integer, many, one_of, plain, shape, string, text

_CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)
_OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
OFFERED = many(_OPTION, 100, least=0)
"""What an app may answer to whoever types in an external menu."""

_OVERFLOW_OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": string(3000)})
_OPTION_GROUP = shape({"label": plain(75), "options": many(_OPTION, 100)})
_FILTER = shape(
    optional={
        "include": many(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)
_ACTION_ID = {"action_id": string(255)}
_FOCUS = {"focus_on_load": flag}
_PROMPT = {"placeholder": plain(150)}
_MENU = {**_ACTION_ID, **_FOCUS, **_PROMPT, "confirm": _CONFIRM}
_WHEN = {
    "dispatch_action_config": shape({"trigger_actions_on": many(choice("on_enter_pressed", "on_character_entered"), 2)})
}
_LENGTHS = {"min_length": integer, "max_length": integer}


def _menu(kind: str, **more: Check) -> dict[str, Check]:
    """A menu of one and its sister for several."""
    static = {"options": many(_OPTION, 100), "option_groups": many(_OPTION_GROUP, 100)} if kind == "static" else {}
    either = tuple(static)
    one, several = (
        ({"initial_option": _OPTION}, {"initial_options": many(_OPTION, 100)})
        if kind in {"static", "external"}
        else (
            {f"initial_{kind.removesuffix('s')}": string(255)},
            {f"initial_{kind}": many(string(255), 100)},
        )
    )
    return {
        f"{kind}_select": shape(optional={**_MENU, **static, **one, **more}, either=either),
        f"multi_{kind}_select": shape(
            optional={**_MENU, **static, **several, **more, "max_selected_items": integer}, either=either
        ),
    }


IMAGE_ELEMENT = shape(
    {"alt_text": string(2000)},
    {
        "image_url": string(3000),
        "slack_file": shape(optional={"id": string(255), "url": string(3000)}, either=("id", "url")),
    },
    either=("image_url", "slack_file"),
)

BUTTON = shape(
    {"text": plain(75)},
    {
        **_ACTION_ID,
        "url": string(3000),
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)

_MENUS = {
    **_menu("static"),
    **_menu("external", min_query_length=integer),
    **_menu("users"),
    **_menu("conversations", default_to_current_conversation=flag, response_url_enabled=flag, filter=_FILTER),
    **_menu("channels", response_url_enabled=flag),
}

_PICKERS: Mapping[str, Check] = {
    "datepicker": shape(optional={**_MENU, "initial_date": string(10, least=10)}),
    "timepicker": shape(optional={**_MENU, "initial_time": string(5, least=5), "timezone": string(100)}),
    "checkboxes": shape(
        {"options": many(_OPTION, 10)},
        {**_ACTION_ID, **_FOCUS, "confirm": _CONFIRM, "initial_options": many(_OPTION, 10)},
    ),
    "radio_buttons": shape(
        {"options": many(_OPTION, 10)}, {**_ACTION_ID, **_FOCUS, "confirm": _CONFIRM, "initial_option": _OPTION}
    ),
}
_DATETIME = {
    "datetimepicker": shape(optional={**_ACTION_ID, **_FOCUS, "confirm": _CONFIRM, "initial_date_time": integer})
}

_FIELDS: Mapping[str, Check] = {
    "plain_text_input": shape(
        optional={
            **_ACTION_ID,
            **_FOCUS,
            **_PROMPT,
            **_WHEN,
            **_LENGTHS,
            "initial_value": string(3000, least=0),
            "multiline": flag,
        }
    ),
    "number_input": shape(
        {"is_decimal_allowed": flag},
        {
            **_ACTION_ID,
            **_FOCUS,
            **_PROMPT,
            **_WHEN,
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
        },
    ),
    "email_text_input": shape(optional={**_ACTION_ID, **_FOCUS, **_PROMPT, **_WHEN, "initial_value": string(254)}),
    "url_text_input": shape(optional={**_ACTION_ID, **_FOCUS, **_PROMPT, **_WHEN, "initial_value": string(3000)}),
    "rich_text_input": shape(optional={**_ACTION_ID, **_FOCUS, **_PROMPT, **_WHEN, "initial_value": anything}),
    "file_input": shape(optional={**_ACTION_ID, "filetypes": many(string(20), 100), "max_files": integer}),
}

_OVERFLOW = {"overflow": shape({"options": many(_OVERFLOW_OPTION, 5)}, {**_ACTION_ID, "confirm": _CONFIRM})}

CLICKABLE: Mapping[str, Check] = {"button": BUTTON, **_OVERFLOW, **_MENUS, **_PICKERS, **_DATETIME}
IN_ACTIONS = one_of(CLICKABLE)
BESIDE_A_SECTION = one_of({**CLICKABLE, "image": IMAGE_ELEMENT})
IN_AN_INPUT = one_of({**_MENUS, **_PICKERS, **_DATETIME, **_FIELDS})
IN_A_CONTEXT = one_of(
    {
        "image": IMAGE_ELEMENT,
        "plain_text": shape({"text": string(2000)}, {"emoji": flag}),
        "mrkdwn": shape({"text": string(2000)}, {"verbatim": flag}),
    }
)
