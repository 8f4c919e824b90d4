"""Every thing that Slack can tell the bot, and what answers it: slash commands, buttons, forms."""

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.actions import ACTIONS, ASKING, FORMS, SHORTCUTS, SHOWING, Click
from bot.actions.home import CHOICES
from bot.actions.origin import LIST_BLOCK, Origin
from bot.commands import COMMANDS, answer
from bot.errors import PICK, unexpected, worded
from bot.form_front import FormFront
from bot.grammar import as_typed, channels_mentioned, mentioned
from bot.home_front import HomeFront, is_on_view
from bot.pictures import post_picture
from bot.reacting import PICK_FOR_NOTE, Reacting, once_noted
from bot.remarks import Hearing
from bot.reply import Labour, Place, Reply
from bot.response_urls import respond, take_away
from bot.services import AlreadyDone, Services, Turn
from bot.suggestions import SUGGESTIONS
from bot.views.blocks import Block
from bot.views.buttons import read_value
from models.errors import DomainError

Body = dict[str, Any]


def build_app(client: WebClient, services: Services) -> App:
    """The Bolt app, for requests that are known to come from Slack (`slack_requests` checks those over HTTP).

    `process_before_response` lets the listener's own acknowledgement go out at once instead of after a wait.
    """
    app = App(
        client=client,
        request_verification_enabled=False,
        token_verification_enabled=False,
        process_before_response=True,
    )
    home = HomeFront(client, services)
    services = replace(services, changed=home.refresh)
    front = Front(client, services, home)
    for name in COMMANDS:
        app.command(name)(front.on_command)
    app.action(re.compile(rf"^{PICK}\."))(front.on_pick)
    hearing = Hearing(client, services)
    app.event("app_mention")(hearing.on_mention)
    app.event("message")(hearing.on_message)
    app.event("reaction_added")(Reacting(client, services).on_reaction)
    app.action(re.compile(r"^link\."))(lambda ack: ack())  # the click itself opens it
    for action_id in ACTIONS:
        app.action(action_id)(front.on_click)
    for callback_id in FORMS:
        app.view(callback_id)(front.forms.on_submission)
    for callback_id in SHORTCUTS:
        app.shortcut(callback_id)(front.forms.on_shortcut)
    for field in SUGGESTIONS:
        app.options(field)(front.forms.on_suggestion)
    app.event("app_home_opened")(home.on_opened)
    for action_id in CHOICES:
        app.action(action_id)(home.on_choice)
    return app


class Front:
    """The edge: opens a turn, lets the middle work, and speaks once the turn is committed."""

    def __init__(self, client: WebClient, services: Services, home: HomeFront) -> None:
        self._client = client
        self._services = services
        self.forms = FormFront(client, services, self._say, home.tell)
        self._home = home

    def on_command(self, ack: Ack, command: Body) -> None:
        """Answers in the acknowledgement itself, which needs no second request; what takes longer than a moment is
        acknowledged as being worked on, as Slack gives up after three seconds, and answered when it is done."""
        words = as_typed(command.get("text") or "")
        work = self._services.in_time(self._command, command["command"], words, command, once=command["trigger_id"])
        if not work.done():
            say = self._services.voice(_user(command), at_once=True)
            ack(Reply(say("command.begun")).as_message())
            work.add_done_callback(lambda done: self._services.afterwards(self._say_late, done, command))
            return
        reply = work.result()
        if reply is None or reply.form:
            ack()
            if reply and reply.form:
                self._open(reply.form, command)
            return
        ack(reply.as_message())
        self._services.afterwards(self._follow_up, reply, command["response_url"], _channel(command))

    def _say_late(self, done: Future[Reply | None], command: Body) -> None:
        reply = done.result()
        if reply and reply.form:
            self._open(reply.form, command)
        elif reply:
            self._say(reply, command["response_url"], _channel(command))

    def on_pick(self, ack: Ack, body: Body) -> None:
        ack()
        self._services.in_time(self._pick, body)

    def _pick(self, body: Body) -> None:
        """One of several deals or commands was meant: the command runs, once for a message, and the choice is gone."""
        name, _, words = body["actions"][0]["value"].partition(" ")
        choice = f"pick:{_channel(body)}:{body['container']['message_ts']}"
        if body["actions"][0]["action_id"].startswith(PICK_FOR_NOTE):
            choice = once_noted(words)
        reply = self._command(name, words, body, once=body["trigger_id"], choice=choice)
        if reply is None:
            return
        if reply.form:
            self._open(reply.form, body)
            return
        self._services.afterwards(self._say_chosen, reply, body["response_url"], _channel(body))

    def on_click(self, ack: Ack, body: Body) -> None:
        ack()
        self._services.in_time(self._click, body)

    def _click(self, body: Body) -> None:
        action = body["actions"][0]
        value = action.get("value") or (action.get("selected_option") or {}).get("value", "")
        clicked = (body.get("message") or {}).get("blocks", ())
        is_at_home = "response_url" not in body
        block_id = action.get("block_id", "")

        def act(turn: Turn) -> Reply:
            deal_id, stage_id, rest = read_value(value)
            origin = Origin(
                deal_id=deal_id,
                stage_id=stage_id,
                response_url=body.get("response_url", ""),
                block_id=block_id if block_id.startswith(LIST_BLOCK) else "",
                channel=_channel(body),
                message_ts=(body.get("container") or {}).get("message_ts", ""),
                is_home=is_at_home,
            )
            return ACTIONS[action["action_id"]](Click(rest, origin), turn)

        if action["action_id"] in ASKING or (is_at_home and action["action_id"] in SHOWING):
            with self.forms.looking_up(**_gesture(body)) as stand_in:
                reply = self._turn(act, body, once=body["trigger_id"])
            if stand_in.view_id:
                self.forms.show(reply or Reply(), stand_in, _user(body))
                if is_at_home or reply is None or reply.place is not Place.INSTEAD:
                    return
        else:
            reply = self._turn(act, body, once=body["trigger_id"])
        if reply and reply.form:
            self._open(reply.form, body)
        elif reply and is_at_home:
            self._home.answer(reply, body)
        elif reply:
            self._services.afterwards(self._say, reply, body["response_url"], _channel(body), clicked)

    def _open(self, form: Body, body: Body) -> None:
        self.forms.open(form, **_gesture(body))

    def _command(self, name: str, words: str, said: Body, *, once: str, choice: str = "") -> Reply | None:
        """Of a choice, only the first click does something; a form may be opened again."""

        def work(turn: Turn) -> Reply:
            reply = answer(name, words, turn)
            if choice and not reply.form and not turn.is_first(choice):
                raise AlreadyDone
            return reply

        return self._turn(
            work,
            said,
            once=once,
            mentions=mentioned(words),
            channels=channels_mentioned(said.get("text") or ""),
            on_fault=lambda error: worded(error, self._services.voice(_user(said)), command=name, words=words),
        )

    def _turn(
        self,
        work: Callable[[Turn], Reply],
        body: Body,
        *,
        once: str,
        mentions: Sequence[str] = (),
        channels: Mapping[str, str] | None = None,
        on_fault: Callable[[DomainError], Reply] | None = None,
    ) -> Reply | None:
        """What to answer; None when this was answered before."""
        user = _user(body)
        try:
            try:
                with self._services.turn(
                    _team(body),
                    user,
                    once=once,
                    channel=_channel(body),
                    response_url=body.get("response_url", ""),
                    mentioned=mentions,
                    channels=channels,
                ) as turn:
                    return work(turn)
            except DomainError as error:
                return on_fault(error) if on_fault else worded(error, self._services.voice(user))
        except AlreadyDone:
            return None
        except Exception:  # the one place where anything else ends: told with a reference, logged with its traceback
            return unexpected(self._services.voice(user))

    # What is said after the acknowledgement, which must not wait for it

    def _say(self, reply: Reply, response_url: str, channel: str, clicked: Sequence[Block] = ()) -> bool:
        """Whether Slack took it."""
        if not response_url:  # a Home tab, which is drawn anew
            return False
        is_whole = respond(response_url, reply, clicked, shows_tables=self._services.shows_tables)
        if is_whole is None:
            return False
        self._follow_up(reply, response_url, channel, is_whole=is_whole)
        return True

    def _follow_up(self, reply: Reply, response_url: str, channel: str, *, is_whole: bool = True) -> None:
        if reply.then:
            self._say(reply.then, response_url, channel)
        if reply.picture and not (is_whole and reply.picture.is_instead):
            post_picture(self._client, channel, reply.picture, response_url)
        if reply.labour:
            hand_over = self._services.afterwards if reply.labour.is_short else self._services.at_length
            hand_over(self._say_done, reply.labour, response_url, channel)

    def _say_done(self, labour: Labour, response_url: str, channel: str) -> None:
        """Whoever waits for it hears also that it failed; the log has why."""
        try:
            done = labour.do(self._services.database)
        except Exception:
            respond(response_url, Reply(labour.sorry))
            raise
        self._say(done, response_url, channel)

    def _say_chosen(self, reply: Reply, response_url: str, channel: str) -> None:
        """Instead of the choice; what the channel shall hear cannot stand there, so the choice is taken away."""
        if reply.place is Place.PRIVATE:
            reply = replace(reply, place=Place.INSTEAD)
        else:
            take_away(response_url)
        self._say(reply, response_url, channel)


def _gesture(body: Body) -> dict[str, Any]:
    """By what a form may be opened, and where to tell that it was not."""
    return {
        "trigger_id": body["trigger_id"],
        "user": _user(body),
        "response_url": body.get("response_url", ""),
        "channel": _channel(body),
        "is_on_view": is_on_view(body),
    }


def _team(body: Body) -> str:
    return str(body.get("team_id") or body["team"]["id"])


def _user(body: Body) -> str:
    return str(body.get("user_id") or body["user"]["id"])


def _channel(body: Body) -> str:
    return str(body.get("channel_id") or (body.get("channel") or {}).get("id", ""))
