"""What people do in forms, menus and the Home tab reaches the app as Slack would tell it."""

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from tests.slack_double import ImpossibleGesture, NotAcknowledged, SlackDouble
from tests.slack_double.refusals import Json


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def a_field(name: str, **element: Any) -> Json:
    return {"type": "input", "block_id": name, "label": words(name), "element": {"action_id": name, **element}}


def a_form(*blocks: Json, title: str = "Deal") -> Json:
    return {"type": "modal", "callback_id": "deal", "title": words(title), "submit": words("Save"), "blocks": [*blocks]}


STAGES = [{"text": words(stage), "value": stage} for stage in ("lead", "won")]
MENU: Json = {
    "type": "actions",
    "block_id": "menu",
    "elements": [{"type": "static_select", "action_id": "stage", "options": STAGES}],
}


@pytest.fixture
def app(client: WebClient, slack: SlackDouble) -> App:
    """An app that has heard nothing yet; each test tells it what to listen to."""
    app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    slack.reach_app(app)
    return app


def opened(slack: SlackDouble, client: WebClient, form: Json) -> Any:
    trigger = slack.command("/deal", user="U1", channel="C1")["trigger_id"]
    client.views_open(trigger_id=trigger, view=form)
    return slack.views("U1")[-1]


def test_every_kind_of_field_is_filled_in_as_slack_writes_it(slack: SlackDouble, client: WebClient) -> None:
    form = opened(
        slack,
        client,
        a_form(
            a_field("amount", type="number_input", is_decimal_allowed=False, min_value="0"),
            a_field("close", type="datepicker", initial_date="2027-01-31"),
            a_field("owner", type="users_select", initial_user="U1"),
            a_field("stage", type="static_select", options=STAGES),
            a_field("tags", type="checkboxes", options=STAGES, initial_options=STAGES[:1]),
            {**a_field("note", type="plain_text_input", multiline=True), "optional": True},
        ),
    )

    sent = slack.submit(form, user="U1", values={"amount": "12", "owner": "U2", "stage": "won", "tags": ["won"]})

    assert sent["view"]["state"]["values"] == {
        "amount": {"amount": {"type": "number_input", "value": "12"}},
        "close": {"close": {"type": "datepicker", "selected_date": "2027-01-31"}},
        "owner": {"owner": {"type": "users_select", "selected_user": "U2"}},
        "stage": {"stage": {"type": "static_select", "selected_option": STAGES[1]}},
        "tags": {"tags": {"type": "checkboxes", "selected_options": STAGES[1:]}},
        "note": {"note": {"type": "plain_text_input", "value": None}},
    }


@pytest.mark.parametrize(("name", "given"), [("amount", "-1"), ("amount", "1.5"), ("amount", "ten"), ("close", "soon")])
def test_nobody_enters_what_a_field_does_not_take(slack: SlackDouble, client: WebClient, name: str, given: str) -> None:
    form = opened(
        slack,
        client,
        a_form(
            a_field("amount", type="number_input", is_decimal_allowed=False, min_value="0", initial_value="1"),
            a_field("close", type="datepicker", initial_date="2027-01-31"),
        ),
    )

    with pytest.raises(ImpossibleGesture):
        slack.submit(form, user="U1", values={name: given})


def test_the_answer_to_a_form_may_change_it_stack_another_or_end_all(
    slack: SlackDouble, client: WebClient, app: App
) -> None:
    answers: list[Json] = [
        {"response_action": "update", "view": a_form(MENU, title="Changed")},
        {"response_action": "push", "view": a_form(MENU, title="On top")},
        {"response_action": "clear"},
    ]
    app.view("deal")(lambda ack: ack(**answers.pop(0)))
    form = opened(slack, client, a_form(MENU))
    titles = []

    while answers:
        slack.deliver(slack.submit(slack.views("U1")[-1], user="U1"))
        titles.append([view.body["title"]["text"] for view in slack.views("U1")])

    assert titles == [["Changed"], ["Changed", "On top"], []]
    with pytest.raises(ImpossibleGesture):
        slack.submit(form, user="U1")


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "no"}},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "vanish"},
    ],
)
def test_slack_does_not_take_every_answer_to_a_form(
    slack: SlackDouble, client: WebClient, app: App, answer: Json
) -> None:
    app.view("deal")(lambda ack: ack(**answer))
    form = opened(slack, client, a_form(MENU))

    with pytest.raises(NotAcknowledged):
        slack.deliver(slack.submit(form, user="U1"))


def test_a_menu_in_a_form_tells_what_was_picked_and_may_push_another(
    slack: SlackDouble, client: WebClient, app: App
) -> None:
    def picked(ack: Any, action: Any, body: Any, client: WebClient) -> None:
        ack()
        title = action["selected_option"]["value"]
        client.views_push(trigger_id=body["trigger_id"], view=a_form(MENU, title=title))

    app.action("stage")(picked)
    form = opened(slack, client, a_form(MENU))

    slack.deliver(slack.click(form, "stage", user="U1", value="won"))

    assert [view.body["title"]["text"] for view in slack.views("U1")] == ["Deal", "won"]


def test_the_home_tab_is_opened_published_and_pressed(slack: SlackDouble, app: App) -> None:
    button = {"type": "button", "action_id": "add", "text": words("Add"), "value": "1"}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}

    def shown(event: Any, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=home)

    def pressed(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=a_form(MENU))

    app.event("app_home_opened")(shown)
    app.action("add")(pressed)

    slack.deliver(slack.open_home("U1"))
    published = slack.wait_for(lambda: slack.home("U1"))
    assert published is not None
    slack.deliver(slack.click(published, "add", user="U1"))

    assert [view.callback_id for view in slack.views("U1")] == ["deal"]


def test_what_people_say_is_kept_and_told_where_the_bot_is(slack: SlackDouble, app: App) -> None:
    heard: list[str] = []
    app.event("message")(lambda event: heard.append(f"{event['channel_type']}: {event['text']}"))

    slack.deliver(slack.message("hello", user="U1", channel=slack.direct_channel("U1")))

    slack.wait_for(lambda: heard)
    assert heard == ["im: hello"]
    assert [message.text for message in slack.direct_messages("U1")] == ["hello"]
    with pytest.raises(ImpossibleGesture):
        slack.message("hello", user="U1", channel="C2")


def test_other_events_are_told_as_they_are(slack: SlackDouble, app: App) -> None:
    heard: list[Json] = []

    def archived(event: Json) -> None:
        heard.append(event)

    app.event("channel_archive")(archived)

    slack.deliver(slack.event("channel_archive", channel="C1", user="U1"))

    slack.wait_for(lambda: heard)
    assert heard[0]["channel"] == "C1"


def test_a_menu_of_the_app_s_own_is_asked_and_offers_only_sound_options(
    slack: SlackDouble, client: WebClient, app: App
) -> None:
    offers = [STAGES, [{"text": words("x" * 76), "value": "1"}]]
    app.options("deal")(lambda ack: ack(options=offers.pop(0)))
    form = opened(slack, client, a_form(a_field("deal", type="external_select", min_query_length=2)))

    assert slack.suggest(form, "deal", "ac", user="U1") == STAGES
    with pytest.raises(ImpossibleGesture):
        slack.suggest(form, "deal", "a", user="U1")
    with pytest.raises(NotAcknowledged):
        slack.suggest(form, "deal", "ac", user="U1")


def test_shortcuts_are_told_with_the_message_they_were_chosen_on(slack: SlackDouble, app: App) -> None:
    heard: list[Json] = []

    def chosen(ack: Any, body: Json) -> None:
        ack()
        heard.append(body)

    app.shortcut("add")(chosen)
    slack.message("hello", user="U1", channel="C1")

    slack.deliver(slack.shortcut("add", user="U1"))
    slack.deliver(slack.message_shortcut("add", slack.last_post("C1"), user="U1"))

    assert [each["type"] for each in heard] == ["shortcut", "message_action"]
    assert "response_url" not in heard[0]
    assert heard[1]["message"]["text"] == "hello"
