"""The real SDK talks to the double as it talks to Slack, and hears the same refusals."""

import json
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.metadata import Metadata
from slack_sdk.webhook import WebhookClient

from tests.slack_double import SlackDouble
from tests.slack_double.conftest import HandClock
from tests.slack_double.refusals import Json
from tests.slack_double.troubles import Trouble

FORM: Json = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Deal"},
    "blocks": [{"type": "divider"}],
}
HOME: Json = {"type": "home", "blocks": [{"type": "divider"}]}


def a_trigger(slack: SlackDouble) -> str:
    return str(slack.command("/deal", user="U1", channel="C1")["trigger_id"])


def test_the_bot_learns_who_it_is_and_who_a_person_is(client: WebClient, slack: SlackDouble) -> None:
    me = client.auth_test()
    ann = client.users_info(user="U1", include_locale=True)["user"]

    assert (me["team_id"], me["user_id"]) == (slack.team_id, slack.bot_user)
    assert (ann["tz"], ann["locale"], ann["is_admin"]) == ("Europe/Berlin", "de-DE", True)
    assert ann["profile"]["real_name"] == "Ann Lee"
    assert "locale" not in client.users_info(user="U1")["user"]


def test_a_post_can_be_read_changed_answered_and_removed(client: WebClient, slack: SlackDouble) -> None:
    ts = client.chat_postMessage(channel="C1", text="Acme is won")["ts"]
    client.chat_postMessage(channel="C1", text="Well done", thread_ts=ts)
    client.reactions_add(channel="C1", timestamp=ts, name="tada")
    client.chat_update(channel="C1", ts=ts, text="Acme is won!")

    (top,) = client.conversations_history(channel="C1")["messages"]
    thread = client.conversations_replies(channel="C1", ts=ts)["messages"]
    assert (top["text"], top["reactions"][0]["name"]) == ("Acme is won!", "tada")
    assert [message["text"] for message in thread] == ["Acme is won!", "Well done"]
    assert client.chat_getPermalink(channel="C1", message_ts=ts)["permalink"].endswith(ts.replace(".", ""))

    client.chat_delete(channel="C1", ts=ts)
    assert [message.text for message in slack.posts("C1")] == ["Well done"]


def test_metadata_comes_back_only_when_asked_for(client: WebClient) -> None:
    client.chat_postMessage(channel="C1", text="Digest", metadata=Metadata("digest", {"key": "7"}))

    (plainly,) = client.conversations_history(channel="C1")["messages"]
    (wholly,) = client.conversations_history(channel="C1", include_all_metadata=True)["messages"]

    assert "metadata" not in plainly
    assert wholly["metadata"] == {"event_type": "digest", "event_payload": {"key": "7"}}


def test_history_comes_in_pages_newest_first(client: WebClient) -> None:
    for number in range(3):
        client.chat_postMessage(channel="C1", text=str(number))

    first = client.conversations_history(channel="C1", limit=2)
    second = client.conversations_history(channel="C1", limit=2, cursor=first["response_metadata"]["next_cursor"])

    assert [message["text"] for message in first["messages"]] == ["2", "1"]
    assert [message["text"] for message in second["messages"]] == ["0"]
    assert not second["has_more"]


def test_direct_and_ephemeral_messages_reach_one_person(client: WebClient, slack: SlackDouble) -> None:
    direct = client.conversations_open(users="U1")["channel"]["id"]
    client.chat_postMessage(channel=direct, text="a nudge")
    client.chat_postMessage(channel="U1", text="another")
    client.chat_postEphemeral(channel="C1", user="U1", text="for your eyes")

    assert [message.text for message in slack.direct_messages("U1")] == ["a nudge", "another"]
    assert [message.text for message in slack.ephemerals("U1")] == ["for your eyes"]
    assert slack.posts("C1") == []


def test_an_uploaded_picture_is_shared_and_may_stand_in_a_block(client: WebClient, slack: SlackDouble) -> None:
    client.files_upload_v2(filename="funnel.png", content=b"PNG", channel="C1", initial_comment="The funnel")

    (picture,) = slack.files
    assert (picture.name, picture.content) == ("funnel.png", b"PNG")
    assert slack.last_post("C1").files == [picture]
    assert client.files_info(file=picture.id)["file"]["permalink"]
    block = {"type": "image", "slack_file": {"id": picture.id}, "alt_text": "funnel"}
    assert client.chat_postMessage(channel="C1", text="again", blocks=[block])["ok"]


def test_forms_are_stacked_three_high_and_changed_by_their_hash(client: WebClient, slack: SlackDouble) -> None:
    opened = client.views_open(trigger_id=a_trigger(slack), view=FORM)["view"]
    client.views_update(view_id=opened["id"], view={**FORM, "callback_id": "new"}, hash=opened["hash"])

    (form,) = slack.views("U1")
    assert form.callback_id == "new"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=opened["id"], view=FORM, hash=opened["hash"])
    for _ in range(2):
        client.views_push(trigger_id=slack.workspace.new_trigger("U1", from_form=True), view=FORM)
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        client.views_push(trigger_id=slack.workspace.new_trigger("U1", from_form=True), view=FORM)
    assert len(slack.views("U1")) == 3


def test_a_home_tab_is_published_and_changed_by_its_hash(client: WebClient, slack: SlackDouble) -> None:
    first = client.views_publish(user_id="U1", view=HOME)["view"]
    client.views_publish(user_id="U1", view=HOME, hash=first["hash"])

    home = slack.home("U1")
    assert home is not None
    assert home.id == first["id"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id="U1", view=HOME, hash=first["hash"])


def test_a_trigger_opens_one_form_within_three_seconds(client: WebClient, slack: SlackDouble, clock: HandClock) -> None:
    used, stale = a_trigger(slack), a_trigger(slack)
    client.views_open(trigger_id=used, view=FORM)

    clock.time += 3.01

    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=used, view=FORM)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=stale, view=FORM)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="made-up", view=FORM)


REFUSED: list[tuple[str, Callable[[WebClient], object]]] = [
    ("unknown_method", lambda client: client.api_call("chat.shout")),
    ("not_allowed_token_type", lambda client: client.api_call("apps.connections.open")),
    ("user_not_found", lambda client: client.users_info(user="U404")),
    ("user_disabled", lambda client: client.conversations_open(users="U2")),
    ("users_list_not_supplied", lambda client: client.conversations_open(users="")),
    ("channel_not_found", lambda client: client.chat_postMessage(channel="C404", text="hi")),
    ("channel_not_found", lambda client: client.chat_postMessage(channel="G1", text="hi")),
    ("channel_not_found", lambda client: client.conversations_info(channel="G1")),
    ("not_in_channel", lambda client: client.chat_postMessage(channel="C2", text="hi")),
    ("not_in_channel", lambda client: client.conversations_history(channel="C2")),
    ("is_archived", lambda client: client.chat_postMessage(channel="C3", text="hi")),
    ("no_text", lambda client: client.api_call("chat.postMessage", json={"channel": "C1", "text": ""})),
    ("msg_too_long", lambda client: client.chat_postMessage(channel="C1", text="x" * 40_001)),
    ("invalid_blocks", lambda client: client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "x"}])),
    ("invalid_blocks_format", lambda client: client.chat_postMessage(channel="C1", text="x", blocks="{")),
    ("thread_not_found", lambda client: client.chat_postMessage(channel="C1", text="hi", thread_ts="1.0")),
    ("invalid_metadata_format", lambda client: client.chat_postMessage(channel="C1", text="x", metadata={"a": 1})),
    ("user_not_in_channel", lambda client: client.chat_postEphemeral(channel="C1", user="U2", text="hi")),
    ("message_not_found", lambda client: client.chat_update(channel="C1", ts="1.0", text="hi")),
    ("message_not_found", lambda client: client.chat_delete(channel="C1", ts="1.0")),
    ("message_not_found", lambda client: client.reactions_add(channel="C1", timestamp="1.0", name="eyes")),
    ("not_found", lambda client: client.views_update(view_id="V404", view=FORM)),
    ("invalid_arguments", lambda client: client.views_publish(user_id="U1", view=FORM)),
    ("file_not_found", lambda client: client.files_info(file="F404")),
    ("file_not_found", lambda client: client.files_completeUploadExternal(files=[{"id": "F404"}])),
]


@pytest.mark.parametrize(("error", "call"), REFUSED)
def test_slack_refuses(client: WebClient, slack: SlackDouble, error: str, call: Callable[[WebClient], object]) -> None:
    with pytest.raises(SlackApiError) as refused:
        call(client)

    assert refused.value.response["error"] == error
    assert slack.refused[-1].error == error
    assert slack.posts("C1") == []


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
def test_nobody_changes_the_words_of_another(client: WebClient, slack: SlackDouble, method: str) -> None:
    ts = slack.message("my own words", user="U1", channel="C1")["event"]["ts"]

    with pytest.raises(SlackApiError, match=r"cant_(update|delete)_message"):
        client.api_call(method, json={"channel": "C1", "ts": ts, "text": "not mine"})


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
def test_a_token_taken_away_opens_nothing(client: WebClient, slack: SlackDouble, error: str) -> None:
    slack.revoke_token(error)

    with pytest.raises(SlackApiError, match=error):
        client.auth_test()


@pytest.mark.parametrize(("token", "error"), [("xoxb-made-up", "invalid_auth"), (None, "not_authed")])
def test_a_stranger_is_turned_away(slack: SlackDouble, token: str | None, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        WebClient(token, base_url=slack.api_url).auth_test()


def test_a_missing_scope_is_named() -> None:
    with SlackDouble(scopes={"chat:write"}) as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)

        with pytest.raises(SlackApiError) as refused:
            client.users_info(user="U1")

    assert refused.value.response["error"] == "missing_scope"
    assert (refused.value.response["needed"], refused.value.response["provided"]) == ("users:read", "chat:write")


def test_a_bot_with_the_scope_posts_in_public_channels_it_has_not_joined() -> None:
    with SlackDouble(scopes={"chat:write", "chat:write.public"}) as slack:
        slack.add_channel("C2", "random", with_bot=False)

        WebClient(slack.bot_token, base_url=slack.api_url).chat_postMessage(channel="C2", text="hi")

        assert slack.last_post("C2").text == "hi"


def test_posting_too_fast_is_refused_by_channel(client: WebClient, slack: SlackDouble, clock: HandClock) -> None:
    slack.limit("chat.postMessage", calls=1, seconds=1.0)
    slack.add_channel("C9", "other")
    client.chat_postMessage(channel="C1", text="one")
    client.chat_postMessage(channel="C9", text="elsewhere")

    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="C1", text="two")
    clock.time += 1
    client.chat_postMessage(channel="C1", text="three")

    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")
    assert [message.text for message in slack.posts("C1")] == ["one", "three"]


def test_trouble_strikes_once(client: WebClient, slack: SlackDouble) -> None:
    slack.fail_next("chat.postMessage", retry_after=3)
    slack.fail_next("chat.postMessage", error="fatal_error")
    slack.fail_next("chat.postMessage", status=500)

    for expected in ("ratelimited", "fatal_error", "upstream connect error"):
        with pytest.raises(SlackApiError, match=expected):
            client.chat_postMessage(channel="C1", text="hi")
    client.chat_postMessage(channel="C1", text="hi")

    assert len(slack.posts("C1")) == 1


def test_an_answer_may_be_lost_after_the_post_was_accepted(client: WebClient, slack: SlackDouble) -> None:
    slack.fail_next("chat.postMessage", after_accepting=True)
    client.retry_handlers.clear()

    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="C1", text="hi")

    assert len(slack.posts("C1")) == 1


def test_a_call_over_which_slack_broke_down_may_have_its_effect_later(client: WebClient, slack: SlackDouble) -> None:
    troubles = iter([Trouble(status=503, lost=True, before=0.1)])
    slack.live_through(lambda method: next(troubles, None) if method == "chat.postMessage" else None)

    with pytest.raises(SlackApiError, match="upstream connect error"):
        client.chat_postMessage(channel="C1", text="hi")
    assert slack.posts("C1") == []

    assert slack.wait_for(lambda: slack.posts("C1"))


def test_in_bad_weather_calls_break_before_their_effect_or_hang_after_it(slack: SlackDouble) -> None:
    client = WebClient(slack.bot_token, base_url=slack.api_url, timeout=1, retry_handlers=[])
    troubles = iter([Trouble(cut=True), Trouble(lost=True, after=1.5)])
    slack.live_through(lambda method: next(troubles, None) if method == "chat.postMessage" else None)

    with pytest.raises(ConnectionError):
        client.chat_postMessage(channel="C1", text="never arrives")
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel="C1", text="arrives without an answer")
    client.chat_postMessage(channel="C1", text="fine")

    assert [post.text for post in slack.posts("C1")] == ["arrives without an answer", "fine"]


def test_a_response_url_speaks_to_one_person_unless_told_otherwise(slack: SlackDouble) -> None:
    webhook = WebhookClient(slack.command("/deal", user="U1", channel="C2")["response_url"])

    webhook.send(text="only you")
    webhook.send(text="all of you", response_type="in_channel")

    assert [message.text for message in slack.ephemerals("U1")] == ["only you"]
    assert [message.text for message in slack.posts("C2")] == ["all of you"]


def test_a_response_url_is_used_up_after_five_answers(slack: SlackDouble) -> None:
    webhook = WebhookClient(slack.command("/deal", user="U1", channel="C1")["response_url"])

    answers = [webhook.send(text="again") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert json.loads(answers[-1].body)["error"] == "used_url"
    assert len(slack.ephemerals("U1")) == 5


def test_a_response_url_ends_after_half_an_hour(slack: SlackDouble, clock: HandClock) -> None:
    webhook = WebhookClient(slack.command("/deal", user="U1", channel="C1")["response_url"])

    clock.time += 30 * 60 + 1

    assert json.loads(webhook.send(text="late").body)["error"] == "expired_url"


def test_a_response_url_is_as_strict_about_blocks(slack: SlackDouble) -> None:
    webhook = WebhookClient(slack.command("/deal", user="U1", channel="C1")["response_url"])

    refused = webhook.send(text="x", blocks=[{"type": "sektion"}])

    assert (refused.status_code, json.loads(refused.body)["error"]) == (400, "invalid_blocks")
    assert slack.refused[-1].error == "invalid_blocks"


def test_an_upload_of_another_length_than_announced_is_refused(client: WebClient, slack: SlackDouble) -> None:
    ticket = client.files_getUploadURLExternal(filename="a.png", length=3)

    with pytest.raises(HTTPError) as refused:
        urlopen(Request(ticket["upload_url"], data=b"longer", method="POST"), timeout=5)  # noqa: S310

    refused.value.close()
    assert refused.value.code == 400
    assert slack.files == []
