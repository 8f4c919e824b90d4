"""The local Slack is Slack enough: a bot connects to it as to Slack, and people can be moved in it by a test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.demo.local_slack import LocalSlack, PortTaken, running
from bot.socket_mode import connected
from tests.e2e.conftest import A_SMALL_TEAM, APP_TOKEN, BOT_TOKEN
from tests.e2e.driver import Driver

pytestmark = pytest.mark.local_slack

A_FORM = {
    "type": "modal",
    "callback_id": "note",
    "title": {"type": "plain_text", "text": "Note"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "What happened?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
A_BUTTON = [
    {
        "type": "actions",
        "block_id": "moves",
        "elements": [
            {
                "type": "button",
                "action_id": "advance",
                "value": "7",
                "text": {"type": "plain_text", "text": "Advance"},
            }
        ],
    }
]


@pytest.fixture
def app(local_slack: LocalSlack, driver: Driver) -> Iterator[App]:
    """A bot that listens over Socket Mode, with nothing to do yet."""
    app = App(client=WebClient(BOT_TOKEN, base_url=local_slack.api_url), process_before_response=True)
    with connected(app, APP_TOKEN, api_url=local_slack.api_url):
        driver.bot_connects()
        yield app


def test_what_a_bot_posts_stands_in_the_channel(local_slack: LocalSlack) -> None:
    client = WebClient(BOT_TOKEN, base_url=local_slack.api_url)

    client.chat_postMessage(channel="C01", text="*Acme* is in Proposal")

    [message] = client.conversations_history(channel="C01")["messages"]
    assert (message["user"], message["text"]) == ("U0BOT", "*Acme* is in Proposal")


def test_a_slash_command_reaches_the_bot_and_its_answer_the_channel(app: App, driver: Driver) -> None:
    @app.command("/deal")
    def deal(ack: Callable[..., None], command: dict[str, Any]) -> None:
        ack(f"{command['user_id']} said {command['text']}")

    driver.command("U01", "/deal add Acme", channel="C01")

    assert driver.message("C01")["text"] == "U01 said add Acme"


def test_a_click_brings_the_button_s_value_and_the_bot_replaces_the_message(app: App, driver: Driver) -> None:
    @app.action("advance")
    def advance(ack: Callable[[], None], action: dict[str, Any], respond: Callable[..., Any]) -> None:
        ack()
        respond(f"deal {action['value']} advanced", replace_original=True)

    app.client.chat_postMessage(channel="C01", text="Acme", blocks=A_BUTTON)
    message = driver.message("C01")
    driver.click("U01", message, "advance")

    assert driver.update(message["ts"])["text"] == "deal 7 advanced"


def test_a_form_opens_refuses_and_closes(app: App, driver: Driver) -> None:
    @app.command("/deal")
    def deal(ack: Callable[[], None], command: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=A_FORM)

    @app.view("note")
    def note(ack: Callable[..., None], view: dict[str, Any]) -> None:
        if view["state"]["values"]["note"]["text"]["value"] is None:
            ack(response_action="errors", errors={"note": "Say what happened."})
        else:
            ack()

    driver.command("U01", "/deal note", channel="C01")
    form = driver.form()
    driver.submit("U01", {"note": {"text": {"type": "plain_text_input", "value": None}}})
    errors = driver.form_errors()
    driver.submit("U01", {"note": {"text": {"type": "plain_text_input", "value": "They called back."}}})
    driver.form_closed()

    assert form["callback_id"] == "note"
    assert errors == {"note": "Say what happened."}


def test_opening_the_home_tab_shows_what_the_bot_publishes(app: App, driver: Driver) -> None:
    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]})

    driver.open_home("U02")

    assert driver.home("U02")["blocks"] == [{"type": "divider"}]


def test_the_bot_hears_messages_and_reactions(app: App, driver: Driver) -> None:
    @app.event("message")
    def heard() -> None:
        """Bolt leaves unanswered what nobody listens to, and the local Slack waits 5 seconds for an answer."""

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], say: Callable[..., Any]) -> None:
        say(f"{event['user']} called")

    @app.event("reaction_added")
    def reacted(event: dict[str, Any], client: WebClient) -> None:
        client.chat_postMessage(channel="C01", text=f"{event['user']} gave {event['reaction']}")

    driver.say("U01", "<@U0BOT> help", channel="C01")
    answer = driver.message("C01", containing="called")
    driver.react("U02", answer, "eyes")

    assert answer["text"] == "U01 called"
    assert driver.message("C01", containing="gave")["text"] == "U02 gave eyes"


def test_a_taken_port_is_said_to_be_taken(local_slack: LocalSlack) -> None:
    with pytest.raises(PortTaken), running(A_SMALL_TEAM, local_slack.port):
        pass
