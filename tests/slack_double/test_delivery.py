"""A small real Bolt app hears commands, clicks, forms and events, whichever way they come."""

import threading
from collections.abc import Callable, Iterator
from socket import create_server
from typing import Any

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.slack_double import ImpossibleGesture, NotAcknowledged, SignedHttp, SlackDouble
from tests.slack_double.refusals import Json

CARD: list[Json] = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "advance",
                "text": {"type": "plain_text", "text": "Advance"},
                "value": str(number),
            }
        ],
    }
    for number in (7, 8)
]
FORM: Json = {
    "type": "modal",
    "callback_id": "deal",
    "title": {"type": "plain_text", "text": "Deal"},
    "submit": {"type": "plain_text", "text": "Save"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name_typed", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "stage",
            "label": {"type": "plain_text", "text": "Stage"},
            "element": {
                "type": "static_select",
                "action_id": "stage_picked",
                "options": [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("lead", "won")],
                "initial_option": {"text": {"type": "plain_text", "text": "lead"}, "value": "lead"},
            },
        },
    ],
}


def a_small_app(client: WebClient, slack: SlackDouble) -> App:
    app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    seen: set[str] = set()

    @app.command("/deal")
    def deal(ack: Any, command: Any, client: WebClient, say: Any) -> None:
        match command["text"]:
            case "form":
                client.views_open(trigger_id=command["trigger_id"], view=FORM)
                ack()
            case "bad":
                ack(text="x", blocks=[{"type": "sektion"}])
            case "card":
                say(text="Acme", blocks=CARD)
                ack()
            case words:
                ack(f"heard {words}")

    @app.action("advance")
    def advance(ack: Any, action: Any, respond: Any) -> None:
        ack()
        respond(text=f"advanced {action['value']}", replace_original=True)

    @app.view("deal")
    def save(ack: Any, view: Any, client: WebClient) -> None:
        values = view["state"]["values"]
        name = values["name"]["name_typed"]["value"]
        if name == "bad":
            ack(response_action="errors", errors={"name": "No such name"})
            return
        ack()
        stage = values["stage"]["stage_picked"]["selected_option"]["value"]
        client.chat_postMessage(channel="C1", text=f"{name} in {stage}")

    @app.view_closed("deal")
    def closed(ack: Any, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel="C1", text="never mind")

    @app.event("app_mention")
    def mentioned(event: Any, body: Any, request: Any, say: Any) -> None:
        if body["event_id"] not in seen:
            seen.add(body["event_id"])
            say(f"first: {event['text']}")
        else:
            say(f"retry {request.headers['x-slack-retry-num'][0]}")

    return app


@pytest.fixture
def app(client: WebClient, slack: SlackDouble) -> App:
    return a_small_app(client, slack)


Served = Callable[[App], str]


@pytest.fixture
def served() -> Iterator[Served]:
    """Serves an app over HTTP and says under which address."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def serve(app: App) -> str:
        handler = SlackRequestHandler(app)

        async def events(request: Request) -> Response:
            return await handler.handle(request)

        web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
        socket = create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(web, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{socket.getsockname()[1]}/slack/events"

    yield serve
    for server, thread in servers:
        server.should_exit = True
        thread.join()


@pytest.fixture(params=["straight", "signed HTTP", "Socket Mode"])
def reached(request: pytest.FixtureRequest, slack: SlackDouble, app: App, served: Served) -> Iterator[SlackDouble]:
    """The app, listening in each of the three ways."""
    match request.param:
        case "straight":
            slack.reach_app(app)
            yield slack
        case "signed HTTP":
            slack.reach_url(served(app))
            yield slack
        case _:
            with slack.dialled_in(app):
                yield slack


def test_the_words_of_an_acknowledgement_are_for_one_person(reached: SlackDouble) -> None:
    reached.deliver(reached.command("/deal", "acme", user="U1", channel="C1"))

    assert [message.text for message in reached.ephemerals("U1")] == ["heard acme"]
    assert reached.posts("C1") == []


def test_an_acknowledgement_is_held_to_the_same_block_rules(reached: SlackDouble) -> None:
    with pytest.raises(NotAcknowledged, match="unsupported type: sektion"):
        reached.deliver(reached.command("/deal", "bad", user="U1", channel="C1"))


def test_a_button_is_found_by_its_value_and_can_replace_its_message(reached: SlackDouble) -> None:
    reached.deliver(reached.command("/deal", "card", user="U1", channel="C1"))
    card = reached.last_post("C1")

    reached.deliver(reached.click(card, "advance", user="U1", value="8"))

    assert reached.wait_for(lambda: reached.last_post("C1").is_edited)
    assert (reached.last_post("C1").text, reached.last_post("C1").blocks) == ("advanced 8", [])


def test_a_form_stays_open_beside_its_error_and_closes_when_right(reached: SlackDouble) -> None:
    reached.deliver(reached.command("/deal", "form", user="U1", channel="C1"))
    (form,) = reached.views("U1")

    refused = reached.deliver(reached.submit(form, user="U1", values={"name_typed": "bad"}))
    still_open = reached.views("U1")
    reached.deliver(reached.submit(form, user="U1", values={"name": "Acme", "stage": "won"}))

    assert refused.body["errors"] == {"name": "No such name"}
    assert still_open == [form]
    assert reached.views("U1") == []
    reached.wait_for(lambda: reached.posts("C1"))
    assert reached.last_post("C1").text == "Acme in won"


def test_a_prefilled_field_is_sent_as_it_stands(reached: SlackDouble) -> None:
    reached.deliver(reached.command("/deal", "form", user="U1", channel="C1"))

    reached.deliver(reached.submit(reached.views("U1")[0], user="U1", values={"name": "Acme"}))

    reached.wait_for(lambda: reached.posts("C1"))
    assert reached.last_post("C1").text == "Acme in lead"


def test_closing_a_form_is_told_where_it_was_asked_for(reached: SlackDouble) -> None:
    reached.deliver(reached.command("/deal", "form", user="U1", channel="C1"))

    told = reached.close(reached.views("U1")[0])

    assert told is not None
    assert reached.views("U1") == []
    reached.deliver(told)
    reached.wait_for(lambda: reached.posts("C1"))
    assert reached.last_post("C1").text == "never mind"


def test_an_event_sent_again_keeps_its_id_and_says_so(reached: SlackDouble) -> None:
    reached.deliver(reached.mention("funnel", user="U1", channel="C1"), twice=True)

    reached.wait_for(lambda: len(reached.posts("C1")) == 3)
    answers = {message.text for message in reached.posts("C1") if message.user == reached.bot_user}
    assert answers == {"first: <@U0BOT> funnel", "retry 1"}


def test_what_the_app_does_not_know_is_not_acknowledged(slack: SlackDouble, app: App) -> None:
    slack.reach_app(app)

    with pytest.raises(NotAcknowledged, match="status=404"):
        slack.deliver(slack.command("/unheard", user="U1", channel="C1"))


def test_silence_on_the_line_is_no_acknowledgement(slack: SlackDouble, app: App) -> None:
    slack.ack_within = 0.2

    with slack.dialled_in(app), pytest.raises(NotAcknowledged, match="status=None"):
        slack.deliver(slack.command("/unheard", user="U1", channel="C1"))


@pytest.mark.parametrize(("secret", "age"), [("not the secret", 0), (None, 301)])
def test_a_forged_or_old_signature_is_turned_away(
    slack: SlackDouble, app: App, served: Served, secret: str | None, age: int
) -> None:
    forged = SignedHttp(served(app), secret or slack.signing_secret, age=age)

    assert forged.send(slack.command("/deal", "acme", user="U1", channel="C1")).status == 401


def test_each_payload_goes_down_one_of_two_sockets(slack: SlackDouble, client: WebClient) -> None:
    first, second = a_small_app(client, slack), a_small_app(client, slack)

    with slack.dialled_in(first), slack.dialled_in(second):
        for number in range(4):
            slack.deliver(slack.command("/deal", str(number), user="U1", channel="C1"))

    assert [message.text for message in slack.ephemerals("U1")] == [f"heard {number}" for number in range(4)]


def test_an_app_dials_again_when_slack_hangs_up(slack: SlackDouble, app: App) -> None:
    with slack.dialled_in(app):
        slack.hang_up()
        slack.wait_for(lambda: slack.connections == 1)
        slack.deliver(slack.command("/deal", "again", user="U1", channel="C1"))

    assert slack.ephemerals("U1")[-1].text == "heard again"


def test_nobody_presses_a_button_that_is_not_there_or_not_theirs(slack: SlackDouble, app: App) -> None:
    slack.reach_app(app)
    slack.deliver(slack.command("/deal", "card", user="U1", channel="C1"))
    card = slack.last_post("C1")

    with pytest.raises(ImpossibleGesture):
        slack.click(card, "lost", user="U1")
    with pytest.raises(ImpossibleGesture):
        slack.click(card, "advance", user="U1")
    with pytest.raises(ImpossibleGesture):
        slack.click(card, "advance", user="U2", value="7")


@pytest.mark.parametrize(
    "values", [{}, {"name": ""}, {"name": "x" * 21}, {"name": "Acme", "stage": "sold"}, {"name": "A", "colour": "red"}]
)
def test_slack_keeps_a_form_open_until_it_can_be_sent(slack: SlackDouble, app: App, values: dict[str, object]) -> None:
    slack.reach_app(app)
    slack.deliver(slack.command("/deal", "form", user="U1", channel="C1"))

    with pytest.raises(ImpossibleGesture):
        slack.submit(slack.views("U1")[0], user="U1", values=values)
