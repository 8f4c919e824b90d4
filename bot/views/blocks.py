"""The words of Block Kit: one small function a block, with Slack's limits kept and every text cut where it says so.

Texts called `markup` come from `say(…)`, which escapes what people wrote; texts called `plain` are shown as they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TABLE_ROWS = 100
CHART_POINTS = 20
_CHART_LABEL = 20
MESSAGE_CHARACTERS = 9_000
"""Slack documents no limit for a message's blocks together; 9,597 characters were seen to pass and 11,341 not."""


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain_text(plain: str, limit: int) -> Element:
    return {"type": "plain_text", "text": cut(plain, limit) or "–", "emoji": True}


def markup_text(markup: str, limit: int = 3_000) -> Element:
    return {"type": "mrkdwn", "text": cut(markup, limit) or "–"}


def header(plain: str) -> Block:
    return {"type": "header", "text": plain_text(plain, 150)}


def section(markup: str, *, accessory: Element | None = None, block_id: str = "") -> Block:
    block: Block = {"type": "section", "text": markup_text(markup)}
    if accessory is not None:
        block["accessory"] = accessory
    return _named(block, block_id)


def facts(markups: Sequence[str]) -> Block:
    """Short facts in two columns, ten at the most."""
    return {"type": "section", "fields": [markup_text(each, 2_000) for each in markups[:10]]}


def context(*markups: str, block_id: str = "") -> Block:
    return _named({"type": "context", "elements": [markup_text(each, 2_000) for each in markups[:10]]}, block_id)


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Element, block_id: str = "") -> Block:
    return _named({"type": "actions", "elements": list(elements[:25])}, block_id)


def button(plain: str, action_id: str, value: str, *, style: str = "", label: str = "") -> Element:
    """`style` is "primary" or "danger"; `label` is what a screen reader says instead of the text."""
    element: Element = {
        "type": "button",
        "text": plain_text(plain, 75),
        "action_id": action_id,
        "value": value[:2_000],
    }
    if style:
        element["style"] = style
    if label:
        element["accessibility_label"] = cut(label, 75)
    return element


def with_question(element: Element, *, title: str, plain: str, yes: str, no: str) -> Element:
    """A button that asks whether it is meant before it acts; all four are plain text."""
    question = {
        "title": plain_text(title, 100),
        "text": plain_text(plain, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(no, 30),
    }
    return element | {"confirm": question}


def link_button(plain: str, action_id: str, url: str, *, label: str) -> Element:
    """Opens a link of at most 3,000 characters; Slack tells of the click, too."""
    return {
        "type": "button",
        "text": plain_text(plain, 75),
        "action_id": action_id,
        "url": url,
        "accessibility_label": cut(label, 75),
    }


def preformatted(plain: str) -> Block:
    """Text as it is, to be copied: no sign in it means anything to Slack."""
    lines = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": plain or "–"}]}
    return {"type": "rich_text", "elements": [lines]}


def cell(plain: str, number: float | None = None) -> Element:
    """A cell of a table; with a number its column is sorted by that."""
    text = cut(plain, 150) or "–"
    if number is None:
        return {"type": "raw_text", "text": text}
    return {"type": "raw_number", "value": number, "text": text}


def data_table(caption: str, rows: Sequence[Sequence[Element]], *, named_by: int = 0) -> Block:
    """Cells under a first row of heads, in plain text, which Slack sorts and turns page by page. Screen readers name a
    row by its column `named_by`. Messages alone have tables, and not everywhere yet."""
    return {
        "type": "data_table",
        "caption": cut(caption, 150),
        "rows": [list(row) for row in rows[: TABLE_ROWS + 1]],
        "page_size": 20,
        "row_header_column_index": named_by,
    }


def line_chart(plain: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Block:
    """Lines through a value of each series at each label, of which there are six and twenty at the most. Messages alone
    have charts, and not everywhere yet."""
    return _chart("line", plain, labels, series)


def bar_chart(plain: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Block:
    """For each label a group of bars, one of each series; as many as lines."""
    return _chart("bar", plain, labels, series)


def _chart(kind: str, plain: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Block:
    """Labels that are alike in the twenty characters that Slack shows are numbered, as it takes none twice."""
    short = [cut(label, _CHART_LABEL) for label in labels[:CHART_POINTS]]
    apart = [
        label if short.count(label) == 1 else f"{cut(label, _CHART_LABEL - 3)} {number}"
        for number, label in enumerate(short, 1)
    ]
    drawn = [
        {
            "name": cut(name, _CHART_LABEL),
            "data": [{"label": label, "value": value} for label, value in zip(apart, values, strict=False)],
        }
        for name, values in series.items()
    ]
    chart = {"type": kind, "series": drawn, "axis_config": {"categories": apart}}
    return {"type": "data_visualization", "title": cut(plain, 50), "chart": chart}


def select(plain: str, action_id: str, options: Sequence[Element], *, chosen: Element | None = None) -> Element:
    """A menu of 100 options at the most, each of which acts when it is chosen; one of them may be already."""
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(plain, 150),
        "options": list(options[:100]),
    }
    return element | {"initial_option": chosen} if chosen is not None else element


def people_menu(plain: str, action_id: str) -> Element:
    """A menu of everybody in Slack."""
    return {"type": "users_select", "action_id": action_id, "placeholder": plain_text(plain, 150)}


def channel_menu(plain: str, action_id: str) -> Element:
    """A menu of the channels that its reader sees."""
    return {
        "type": "conversations_select",
        "action_id": action_id,
        "placeholder": plain_text(plain, 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }


def search_field(action_id: str, plain: str, *, hint: str, value: str) -> Block:
    """A field outside of any form, which acts when what was typed is entered; `value` stands in it at first.

    Slack keeps what somebody typed for as long as the block keeps its name, so that this is another one by its value.
    """
    element: Element = {
        "type": "plain_text_input",
        "action_id": action_id,
        "placeholder": plain_text(hint, 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {
        "type": "input",
        "block_id": cut(f"{action_id}:{value}", 255),
        "dispatch_action": True,
        "label": plain_text(plain, 2_000),
        "element": element | ({"initial_value": value} if value else {}),
    }


def paragraphs(markups: Sequence[str]) -> tuple[Block, ...]:
    """Lines in as few sections as hold them."""
    sections: list[str] = []
    for line in markups:
        if sections and len(sections[-1]) + len(line) < 2_900:
            sections[-1] += f"\n{line}"
        else:
            sections.append(line)
    return tuple(section(each) for each in sections)


def option(plain: str, value: str, *, told: str = "") -> Element:
    """`told` stands below it in small."""
    element: Element = {"text": plain_text(plain, 75), "value": value[:150]}
    return element | {"description": plain_text(told, 75)} if told else element


def choice(
    name: str, plain: str, options: Sequence[Element], *, first: Element | None = None, optional: bool = False
) -> Block:
    """A field of a form where one of the options is chosen, at first the first one or another; where it is optional,
    none need be."""
    element: Element = {"type": "static_select", "action_id": name, "options": list(options[:100])}
    if first is not None or not optional:
        element["initial_option"] = first or options[0]
    return _field(name, plain, element, optional=optional)


def search(name: str, plain: str, hint: str, *, first: Element | None = None, optional: bool = False) -> Block:
    """A field of a form where one thing is chosen of those that fit what is being typed, asked for by `name`."""
    element: Element = {
        "type": "external_select",
        "action_id": name,
        "min_query_length": 0,
        "placeholder": plain_text(hint, 150),
    }
    if first is not None:
        element["initial_option"] = first
    return _field(name, plain, element, optional=optional)


def checklist(name: str, plain: str, options: Sequence[Element]) -> Block:
    """A field of a form with ten boxes at the most, of which any may be ticked."""
    element = {"type": "checkboxes", "action_id": name, "options": list(options[:10])}
    return _field(name, plain, element, optional=True)


def text_input(
    name: str,
    plain: str,
    *,
    hint: str = "",
    limit: int,
    multiline: bool = False,
    value: str = "",
    optional: bool = False,
) -> Block:
    """A field of a form; `name` is its block id and its action id, `value` what stands there already."""
    element: Element = {
        "type": "plain_text_input",
        "action_id": name,
        "multiline": multiline,
        "max_length": limit,
    }
    if hint:
        element["placeholder"] = plain_text(hint, 150)
    if value:
        element["initial_value"] = cut(value, limit)
    return _field(name, plain, element, optional=optional)


def channel_field(name: str, plain: str, *, first: str = "", optional: bool = False) -> Block:
    """A field of a form where one of the channels that its reader sees is chosen; `first` is one's id."""
    element = channel_menu(plain, name)
    return _field(name, plain, element | ({"initial_conversation": first} if first else {}), optional=optional)


def with_hint(field: Block, plain: str) -> Block:
    """A field with some words in small below it, or none."""
    return field | {"hint": plain_text(plain, 2_000)} if plain else field


def _field(name: str, plain: str, element: Element, *, optional: bool) -> Block:
    label = plain_text(plain[:1].upper() + plain[1:], 2_000)
    block: Block = {"type": "input", "block_id": name, "label": label, "element": element}
    return block | {"optional": True} if optional else block


def notice(*, title: str, close: str, blocks: Sequence[Block]) -> Block:
    """A view that only tells something."""
    return {
        "type": "modal",
        "title": plain_text(title, 24),
        "close": plain_text(close, 24),
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }


def modal(*, callback_id: str, title: str, submit: str, close: str, blocks: Sequence[Block], private: str) -> Block:
    """A form; `private` comes back with it and must stay below 3,000 characters."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text(close, 24),
        "private_metadata": private,
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }


def home(blocks: Sequence[Block]) -> Block:
    return {"type": "home", "blocks": list(blocks[:VIEW_BLOCKS])}


def size(blocks: Sequence[Block]) -> int:
    """How many characters of text the blocks hold, as Slack counts them for a message."""
    return sum(_characters(block) for block in blocks)


def fit(groups: Sequence[Sequence[Block]], *, reserve: int = 4, spare: int = 1_000) -> int:
    """How many of the groups of blocks, from the first, a message can hold beside `reserve` other blocks, which have
    `spare` characters."""
    blocks, characters = reserve, spare
    for number, group in enumerate(groups):
        blocks += len(group)
        characters += size(group)
        if blocks > MESSAGE_BLOCKS or characters > MESSAGE_CHARACTERS:
            return number
    return len(groups)


def _characters(part: Any) -> int:
    if isinstance(part, dict):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else _characters(value)
            for key, value in part.items()
        )
    return sum(_characters(each) for each in part) if isinstance(part, list) else 0


def _named(block: Block, block_id: str) -> Block:
    return block | {"block_id": block_id} if block_id else block
