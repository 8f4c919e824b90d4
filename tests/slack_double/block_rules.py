"""What Slack will draw in a message, a form or a Home tab, and what it sends back with `invalid_blocks`.

Where Slack's own schema is richer than what salespeople are shown (cards, plans, charts), only the limits we know
are held, and unknown fields pass.
"""

import json
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from itertools import chain
from typing import Any

from .element_rules import BESIDE_A_SECTION, IN_A_CONTEXT, IN_ACTIONS, IN_AN_INPUT
from .refusals import Json, Refusal
from .shapes import Check, anything, choice, fault, flag, integer, many, number, one_of, plain, shape, string, text

TOTAL_TEXT = 13_200
"""Undocumented, measured by others (bolt-js#2509): all texts of a message's blocks together."""

TABLES = ("table", "data_table")
NOT_EVERYWHERE = (*TABLES, "data_visualization")
"""What some workspaces do not have yet."""

_TABLE_TEXT = 10_000
_MOST_CHARTS = 2

_BLOCK_ID = {"block_id": string(255)}
_INLINE = one_of(
    dict.fromkeys(("text", "link", "user", "channel", "emoji", "date", "usergroup", "broadcast", "color"), anything)
)
_SECTION_OF_RICH_TEXT = shape({"elements": many(_INLINE, 1000, least=0)})
_LINES = shape({"elements": many(_INLINE, 1000, least=0)}, {"border": integer, "language": string(50)})
_RICH_TEXT = shape(
    {
        "elements": many(
            one_of(
                {
                    "rich_text_section": _SECTION_OF_RICH_TEXT,
                    "rich_text_list": shape(
                        {
                            "elements": many(one_of({"rich_text_section": _SECTION_OF_RICH_TEXT}), 1000),
                            "style": choice("bullet", "ordered"),
                        },
                        {"indent": integer, "offset": integer, "border": integer},
                    ),
                    "rich_text_quote": _LINES,
                    "rich_text_preformatted": _LINES,
                }
            ),
            1000,
        )
    },
    _BLOCK_ID,
)
_CELL = one_of(
    {
        "raw_text": shape({"text": string(3000)}),
        "raw_number": shape({"value": number, "text": string(3000)}),
        "rich_text": _RICH_TEXT,
    }
)


def _loosely(**known: Check) -> Check:
    """Holds the limits we know of a block, and lets its other fields pass."""

    def check(value: object, at: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, check_field in known.items():
                if name in value:
                    yield from check_field(value[name], f"{at}/{name}")

    return check


_EVERYWHERE: Mapping[str, Check] = {
    "actions": shape({"elements": many(IN_ACTIONS, 25)}, _BLOCK_ID),
    "context": shape({"elements": many(IN_A_CONTEXT, 10)}, _BLOCK_ID),
    "divider": shape(optional=_BLOCK_ID),
    "header": shape({"text": plain(150)}, _BLOCK_ID),
    "image": shape(
        {"alt_text": string(2000)},
        {**_BLOCK_ID, "title": plain(2000), "image_url": string(3000), "slack_file": anything},
        either=("image_url", "slack_file"),
    ),
    "input": shape(
        {"label": plain(2000), "element": IN_AN_INPUT},
        {**_BLOCK_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": _RICH_TEXT,
    "section": shape(
        optional={
            **_BLOCK_ID,
            "text": text(3000),
            "fields": many(text(2000), 10),
            "accessory": BESIDE_A_SECTION,
            "expand": flag,
        },
        either=("text", "fields"),
    ),
    "video": _loosely(alt_text=string(2000), title=plain(200), author_name=string(50)),
    "card": _loosely(title=text(150), subtitle=text(150), body=text(200)),
}
_TABLES: Mapping[str, Check] = {
    "table": shape({"rows": many(many(_CELL, 20), 100)}, {**_BLOCK_ID, "column_settings": anything}),
    "data_table": shape(
        {"rows": many(many(_CELL, 20), 101, least=2), "caption": string(3000)},
        {**_BLOCK_ID, "page_size": integer, "row_header_column_index": integer},
    ),
    "carousel": _loosely(elements=many(anything, 10)),
}
_POINTS = many(shape({"label": string(20), "value": number}), 20)
_AXES = shape({"categories": many(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})
_LINES_OR_BARS = shape({"series": many(shape({"name": string(20), "data": _POINTS}), 6), "axis_config": _AXES})
_CHART = shape(
    {
        "title": string(50),
        "chart": one_of(
            {
                **dict.fromkeys(("line", "bar", "area"), _LINES_OR_BARS),
                "pie": shape({"segments": many(shape({"label": string(20), "value": number}), 6)}),
            }
        ),
    },
    _BLOCK_ID,
)
_SURFACES: Mapping[str, tuple[int, Check]] = {
    "message": (
        50,
        one_of(
            {
                **_EVERYWHERE,
                **_TABLES,
                "markdown": shape({"text": string(12_000)}, _BLOCK_ID),
                "data_visualization": _CHART,
                "container": _loosely(title=text(150), child_blocks=many(anything, 10)),
                "context_actions": _loosely(elements=many(anything, 5)),
                "plan": anything,
                "task_card": anything,
            }
        ),
    ),
    "modal": (100, one_of({**_EVERYWHERE, "alert": _loosely(text=text(200))})),
    "home": (100, one_of({**_EVERYWHERE, **_TABLES})),
}


def refuse_bad_blocks(blocks: object, surface: str, *, files: Container[str] = ()) -> list[Json]:
    """The blocks when Slack would draw them; `files` are the ids and addresses a picture may come from."""
    most, check = _SURFACES[surface]
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    faults = [
        *many(check, most, least=0)(blocks, "/blocks"),
        *_repeated_ids(blocks),
        *_wide_tables(blocks),
        *_crooked_charts(blocks),
        *_missing_pictures(blocks, files),
    ]
    if faults:
        raise Refusal("invalid_blocks" if surface == "message" else "invalid_arguments", faults=faults)
    if surface == "message" and sum(map(len, texts_in(blocks))) > TOTAL_TEXT:
        raise Refusal("msg_blocks_too_long")
    return blocks


def elements_of(block: Json) -> list[Json]:
    """Everything in a block that a person can press, pick or fill in."""
    several = block.get("elements")
    found = [*(several if isinstance(several, list) else ()), block.get("accessory"), block.get("element")]
    return [element for element in found if isinstance(element, dict) and block["type"] != "rich_text"]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts_in(inner)
    elif isinstance(value, list):
        yield from chain.from_iterable(map(texts_in, value))


def _repeated_ids(blocks: list[Any]) -> Iterator[str]:
    sound = [block for block in blocks if isinstance(block, dict) and "type" in block]
    for name, times in Counter(block.get("block_id") for block in sound).items():
        if name and times > 1:
            yield fault(f"`block_id` {name} already exists", "/blocks")
    for index, block in enumerate(blocks):
        if block not in sound:
            continue
        actions = Counter(element.get("action_id") for element in elements_of(block))
        for name, times in actions.items():
            if name and times > 1:
                yield fault(f"`action_id` {name} already exists for another action", f"/blocks/{index}/elements")


def _wide_tables(blocks: list[Any]) -> Iterator[str]:
    """Slack's limit for all cells of a message together, and each row of a table being as wide as the others."""
    tables = [each for each in blocks if isinstance(each, dict) and each.get("type") in TABLES]
    if sum(len(text) for each in tables for text in texts_in(each.get("rows"))) > _TABLE_TEXT:
        yield fault("tables have too many characters", "/blocks")
    for each in tables:
        if (
            each["type"] == "data_table"
            and len({len(row) for row in each.get("rows") or () if isinstance(row, list)}) > 1
        ):
            yield fault("all rows must have the same number of cells", "/blocks")


def _crooked_charts(blocks: list[Any]) -> Iterator[str]:
    """Each series has one value for each label of the axis, and there are two charts at the most."""
    charts = [each for each in blocks if isinstance(each, dict) and each.get("type") == "data_visualization"]
    if len(charts) > _MOST_CHARTS:
        yield fault("too many data_visualization blocks", "/blocks")
    for chart in (each.get("chart") or {} for each in charts):
        labels = (chart.get("axis_config") or {}).get("categories") or []
        if len(set(labels)) < len(labels):
            yield fault("categories must be unique", "/blocks")
        if any(
            [point.get("label") for point in each.get("data") or ()] != labels for each in chart.get("series") or ()
        ):
            yield fault("labels must match the categories", "/blocks")


def _missing_pictures(blocks: list[Any], files: Container[str]) -> Iterator[str]:
    for index, block in enumerate(blocks):
        if not isinstance(block, dict) or "type" not in block:
            continue
        for picture in (block, *elements_of(block)):
            source = picture.get("slack_file")
            if isinstance(source, dict) and source.get("id", source.get("url")) not in files:
                yield fault("invalid slack file", f"/blocks/{index}/slack_file")


_MODAL = shape(
    {"title": plain(24), "blocks": anything},
    {
        "close": plain(24),
        "submit": plain(24),
        "private_metadata": string(3000, least=0),
        "callback_id": string(255, least=0),
        "external_id": string(255, least=0),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = shape(
    {"blocks": anything},
    {
        "private_metadata": string(3000, least=0),
        "callback_id": string(255, least=0),
        "external_id": string(255, least=0),
    },
)
_VIEW_KINDS: Mapping[str, Check] = {"modal": _MODAL, "home": _HOME}
_VIEW_BYTES = 250 * 1024


def refuse_bad_view(view: Any, kind: str, *, files: Container[str] = ()) -> Json:
    """The view when Slack would open it."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise Refusal("invalid_arguments", faults=[fault("must be a view of type " + kind, "/view")])
    if len(json.dumps(view)) > _VIEW_BYTES:
        raise Refusal("view_too_large")
    faults = list(_VIEW_KINDS[kind](view, "/view"))
    if faults:
        raise Refusal("invalid_arguments", faults=faults)
    blocks = refuse_bad_blocks(view["blocks"], kind, files=files)
    if any(block["type"] == "input" for block in blocks) and kind == "modal" and not view.get("submit"):
        raise Refusal("invalid_arguments", faults=[fault("must define `submit` to use an `input` block", "/view")])
    return view
