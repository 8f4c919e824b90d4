"""The double draws what Slack draws and names the same fault in what Slack would not."""

from typing import Any

import pytest

from tests.slack_double.block_rules import refuse_bad_blocks, refuse_bad_view
from tests.slack_double.refusals import Json, Refusal


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def options(count: int, label: str = "One") -> list[Json]:
    return [{"text": plain(label), "value": str(number)} for number in range(count)]


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Deal"), "blocks": [section("Hi")], **more}


def text_input(**more: Any) -> Json:
    return {
        "type": "input",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "name"},
        **more,
    }


def chart(*labels: str, values: int | None = None) -> Json:
    points = [{"label": label, "value": 0.5} for label in labels]
    series = [{"name": "s", "data": points[:values]}]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "line", "series": series, "axis_config": {"categories": [*labels]}},
    }


@pytest.mark.parametrize(
    "block",
    [
        chart(*(f"{n:020}" for n in range(20))),
        section("x" * 3000, fields=[plain("f" * 2000)] * 5 + [plain("f")] * 5, accessory=button()),
        {"type": "header", "text": plain("h" * 150)},
        {"type": "divider", "block_id": "d" * 255},
        {"type": "context", "elements": [plain("c")] * 10},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a" * 2000},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "funnel"},
        {"type": "markdown", "text": "m" * 12_000},
        actions(button(value="v" * 2000, style="danger"), *[button(action_id=f"a{n}") for n in range(24)]),
        actions({"type": "static_select", "action_id": "s", "options": options(100, "l" * 75)}),
        actions({"type": "overflow", "action_id": "o", "options": options(5)}),
        {"type": "table", "rows": [[{"type": "raw_text", "text": "cell"}] * 20] * 100},
        {
            "type": "data_table",
            "caption": "c",
            "rows": [[{"type": "raw_text", "text": "h"}], *[[{"type": "raw_number", "value": 0.5, "text": "½"}]] * 100],
        },
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
        },
    ],
)
def test_slack_draws_what_keeps_to_its_limits(block: Json) -> None:
    assert refuse_bad_blocks([block], "message", files={"F1"}) == [block]


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([{"type": "sektion"}], "unsupported type: sektion [json-pointer:/blocks/0/type]"),
        ([{"type": "alert", "text": plain("modals only")}], "unsupported type: alert [json-pointer:/blocks/0/type]"),
        ([{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("x", colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
        ([section("x", fields=[plain("f")] * 11)], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
        (
            [section("x", fields=[plain("f" * 2001)])],
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        ([section("x", block_id="b" * 256)], "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        (
            [{"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "h"}]]}],
            "no fewer than 2 items allowed [json-pointer:/blocks/0/rows]",
        ),
        (
            [{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 101}] * 10] * 10}],
            "tables have too many characters [json-pointer:/blocks]",
        ),
        (
            [{"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "h"}] * n for n in (1, 2)]}],
            "all rows must have the same number of cells [json-pointer:/blocks]",
        ),
        ([chart("a", "a")], "categories must be unique [json-pointer:/blocks]"),
        ([chart("a", "b", values=1)], "labels must match the categories [json-pointer:/blocks]"),
        (
            [chart("x" * 21)],
            "must be less than 21 characters [json-pointer:/blocks/0/chart/axis_config/categories/0]",
        ),
        ([chart("a")] * 3, "too many data_visualization blocks [json-pointer:/blocks]"),
        ([{"type": "header"}], "missing required field: text [json-pointer:/blocks/0]"),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "*h*"}}],
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            [{"type": "header", "text": plain("h" * 151)}],
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "context", "elements": [plain("c")] * 11}],
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            [actions(*[button(action_id=str(number)) for number in range(26)])],
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        ([actions()], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (
            [actions(button(text=plain("b" * 76)))],
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            [actions(button(value="v" * 2001))],
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            [actions(button(action_id="a" * 256))],
            "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
        ),
        ([actions(button(style="green"))], "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
        (
            [actions(button(), button())],
            "`action_id` go already exists for another action [json-pointer:/blocks/0/elements]",
        ),
        (
            [section("a", block_id="same"), section("b", block_id="same")],
            "`block_id` same already exists [json-pointer:/blocks]",
        ),
        (
            [actions({"type": "static_select", "action_id": "s", "options": options(101)})],
            "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            [actions({"type": "static_select", "action_id": "s", "options": options(1, "l" * 76)})],
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
        ),
        (
            [actions({"type": "overflow", "action_id": "o", "options": options(6)})],
            "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a" * 2001}],
            "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]",
        ),
        (
            [{"type": "image", "slack_file": {"id": "F9"}, "alt_text": "gone"}],
            "invalid slack file [json-pointer:/blocks/0/slack_file]",
        ),
        (["words"], "must provide an object [json-pointer:/blocks/0]"),
    ],
)
def test_slack_names_what_it_will_not_draw(blocks: list[Any], fault: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_bad_blocks(blocks, "message")

    assert refused.value.error == "invalid_blocks"
    assert fault in refused.value.body["errors"]
    assert f"[ERROR] {fault}" in refused.value.body["response_metadata"]["messages"]


def test_sound_blocks_can_still_be_too_much_together() -> None:
    with pytest.raises(Refusal, match="msg_blocks_too_long"):
        refuse_bad_blocks([section("x" * 3000)] * 5, "message")


@pytest.mark.parametrize(
    "view",
    [
        modal(submit=plain("s" * 24), close=plain("c" * 24), private_metadata="p" * 3000, blocks=[text_input()]),
        modal(blocks=[{"type": "divider"}] * 100),
    ],
)
def test_slack_opens_a_form_within_its_limits(view: Json) -> None:
    assert refuse_bad_view(view, "modal") == view


@pytest.mark.parametrize(
    ("view", "error", "fault"),
    [
        (modal(title=plain("t" * 25)), "invalid_arguments", "must be less than 25 characters"),
        (modal(submit=plain("s" * 25)), "invalid_arguments", "must be less than 25 characters"),
        (modal(close=plain("c" * 25)), "invalid_arguments", "must be less than 25 characters"),
        (modal(private_metadata="p" * 3001), "invalid_arguments", "must be less than 3001 characters"),
        (modal(blocks=[{"type": "divider"}] * 101), "invalid_arguments", "no more than 100 items allowed"),
        (modal(blocks=[text_input()]), "invalid_arguments", "must define `submit` to use an `input` block"),
        ({"type": "modal", "blocks": []}, "invalid_arguments", "missing required field: title"),
        (modal(state={}), "invalid_arguments", "invalid additional property: state"),
        ({"type": "home", "blocks": []}, "invalid_arguments", "must be a view of type modal"),
        (modal(blocks=[section("x" * 3000)] * 90), "view_too_large", ""),
    ],
)
def test_slack_names_what_is_wrong_with_a_form(view: Json, error: str, fault: str) -> None:
    with pytest.raises(Refusal) as refused:
        refuse_bad_view(view, "modal")

    assert refused.value.error == error
    assert fault in " ".join(refused.value.body.get("errors", []))
