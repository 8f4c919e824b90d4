"""The edge for forms: opens them while Slack allows it, and takes them back without losing what was typed."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock, Timer
from typing import Any, Protocol

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.actions import FORMS, SHORTCUTS, AskAgain, FieldsRefused, Submission
from bot.actions.origin import Origin
from bot.errors import beside_field, unexpected, worded
from bot.grammar import as_typed
from bot.reply import Place, Reply
from bot.services import A_MOMENT, AlreadyDone, Services
from bot.suggestions import SUGGESTIONS
from bot.tokens import UNREACHABLE
from bot.views.blocks import Block, cut
from bot.views.notices import failed, loading, not_saved, told
from models.errors import DomainError
from models.texts import NOTE_LIMIT
from models.workspace import Workspace

Body = dict[str, Any]

_log = logging.getLogger("sluice")


class StandIn:
    """A view that opens after a moment, unless what it stands for has come by then."""

    def __init__(self, show: Callable[[], str]) -> None:
        self.view_id = ""
        self._show = show
        self._is_over = False
        self._lock = Lock()
        self._timer = Timer(A_MOMENT, self._appear)
        self._timer.start()

    def end(self) -> None:
        """From now on it does not open any more; where it has, `view_id` is its."""
        self._timer.cancel()
        with self._lock:
            self._is_over = True

    def _appear(self) -> None:
        with self._lock:
            if not self._is_over:
                self.view_id = self._show()


class Speaker(Protocol):
    """Says a reply where a response URL leads; False where Slack does not take it, as after half an hour."""

    def __call__(self, reply: Reply, response_url: str, channel: str, clicked: Sequence[Block] = ...) -> bool: ...


class FormFront:
    """Every form, from the gesture that opens it to what comes of it."""

    def __init__(
        self, client: WebClient, services: Services, say: Speaker, tell_at_home: Callable[[str, str, str], None]
    ) -> None:
        self._client = client
        self._services = services
        self._say = say
        self._tell_at_home = tell_at_home

    def open(
        self, form: Block, *, trigger_id: str, user: str, response_url: str, channel: str, is_on_view: bool = False
    ) -> str:
        """The id of the view; empty where it did not open. Slack lets it open for three seconds after a gesture, on top
        of another view where the gesture was made there; who comes too late is asked to do it again."""
        show = self._client.views_push if is_on_view else self._client.views_open
        try:
            return str(show(trigger_id=trigger_id, view=form)["view"]["id"])
        except UNREACHABLE:
            is_too_late = True
        except SlackApiError as error:
            is_too_late = error.response.get("error") in ("expired_trigger_id", "exchanged_trigger_id")
        say = self._services.voice(user)
        sorry = Reply(say("error.try_again")) if is_too_late else unexpected(say)
        self._services.afterwards(self._tell, sorry, user, response_url, channel)
        return ""

    @contextmanager
    def looking_up(self, *, user: str, **gesture: Any) -> Iterator["StandIn"]:
        """While a form is looked up; where that takes longer than a moment, a view stands for it."""
        stand_in = StandIn(
            lambda: self.open(loading(self._services.voice(user, at_once=True)), user=user, **gesture),
        )
        try:
            yield stand_in
        finally:
            stand_in.end()

    def show(self, reply: Reply, stand_in: "StandIn", user: str) -> None:
        """What came of looking up, in the view that stands there: the form, what was to be shown, or why there is
        none."""
        say = self._services.voice(user)
        found = told(reply.blocks, reply.text, say) if reply.blocks else failed(reply.text, say)
        self._client.views_update(view_id=stand_in.view_id, view=reply.form or found)

    def on_shortcut(self, ack: Ack, body: Body) -> None:
        """A view stands there at once, as looking up what the form needs may take longer than Slack waits."""
        ack()
        user = body["user"]["id"]
        view_id = self.open(
            loading(self._services.voice(user)),
            trigger_id=body["trigger_id"],
            user=user,
            response_url=body.get("response_url", ""),
            channel=_channel(body),
        )
        if view_id:
            self._services.afterwards(self._fill, body, view_id)

    def on_suggestion(self, ack: Ack, body: Body) -> None:
        """What fits what somebody has typed so far; it changes nothing, and nobody waits for it."""
        suggest = SUGGESTIONS[body["action_id"]]
        with self._services.database.reading() as session:
            workspace = session.get(Workspace, str(body["team"]["id"]))
            options = suggest(body.get("value") or "", session, workspace) if workspace else []
        ack(options=options)

    def _fill(self, body: Body, view_id: str) -> None:
        """The form instead of the view that stands for it, or why there is none."""
        user, said = body["user"]["id"], self._said(body)
        try:
            with self._services.turn(
                str(body["team"]["id"]),
                user,
                once=body["trigger_id"],
                channel=_channel(body),
                response_url=body.get("response_url", ""),
            ) as turn:
                form = SHORTCUTS[body["callback_id"]](said, turn).form
        except DomainError as error:
            say = self._services.voice(user)
            form = failed(worded(error, say).text, say)
        except Exception:  # as in `app`: told with a reference, logged with its traceback
            say = self._services.voice(user)
            form = failed(unexpected(say).text, say)
        self._client.views_update(view_id=view_id, view=form or failed("", self._services.voice(user)))

    def _said(self, body: Body) -> str:
        """What the message says, if there is one, and behind it where it stands; that is kept however long it is."""
        message = body.get("message")
        if message is None:
            return ""
        address = ""
        try:
            found = self._client.chat_getPermalink(channel=_channel(body), message_ts=message["ts"])
            address = f"\n{found['permalink']}"
        except (SlackApiError, *UNREACHABLE) as error:
            _log.warning("a message in %s has no address for the bot: %s", _channel(body), error)
        return cut(as_typed(message.get("text") or ""), NOTE_LIMIT - len(address)) + address

    def on_submission(self, ack: Ack, body: Body) -> None:
        """Faults appear beside their fields; what nobody expected, on top of the form. Both keep what was typed."""
        view, user = body["view"], body["user"]["id"]
        form, state = FORMS[view["callback_id"]], view["state"]["values"]
        origin = Origin.model_validate_json(view["private_metadata"])
        submission = Submission(_entered(state), origin)
        reply: Reply | None = None
        try:
            with self._services.turn(
                str(body["team"]["id"]),
                user,
                once=view["id"],
                channel=origin.channel,
                response_url=origin.response_url,
            ) as turn:
                reply = form.run(submission, turn)
        except AlreadyDone:
            ack()
            return
        except AskAgain as once_more:
            ack(response_action="update", view=once_more.form)
            return
        except (FieldsRefused, DomainError) as error:
            faults = error.faults if isinstance(error, FieldsRefused) else {form.field: error}
            say = self._services.voice(user)  # in the language that the turn has found they chose
            ack(
                response_action="errors",
                errors={_block_of(field, state): beside_field(fault, say) for field, fault in faults.items()},
            )
            return
        except Exception:  # as in `app`: told with a reference, logged with its traceback
            say = self._services.voice(user)
            ack(response_action="push", view=not_saved(unexpected(say).text, say=say))
            return
        ack(response_action="clear" if view.get("previous_view_id") else None)
        if origin.is_home:
            self._services.afterwards(self._tell_at_home, str(body["team"]["id"]), user, reply.text)
        else:
            self._services.afterwards(self._say_sent, reply, origin, user)

    def _say_sent(self, reply: Reply, origin: Origin, user: str) -> None:
        clicked = self._blocks_of(origin) if reply.settles else ()
        self._tell(reply, user, origin.response_url, origin.channel, clicked)

    def _tell(self, reply: Reply, user: str, response_url: str, channel: str, clicked: Sequence[Block] = ()) -> None:
        """Where the form came from; what has no such place, as a shortcut or a message of an hour ago, in a message
        to the person, and what all shall hear in the channel, if the bot is there."""
        if self._say(reply, response_url, channel, clicked):
            return
        told: Reply | None = reply
        while told:
            where = channel if told.place is Place.CHANNEL and channel else user
            message: Body = {"text": told.text, "blocks": None if told.settles else list(told.blocks) or None}
            try:
                self._client.chat_postMessage(channel=where, **message)
            except SlackApiError as error:
                if where == user:
                    raise
                _log.warning("the bot cannot post in %s: %s", channel, error)
                self._client.chat_postMessage(channel=user, **message)
            told = told.then

    def _blocks_of(self, origin: Origin) -> Sequence[Block]:
        """The blocks of the message that a form was opened from, as they are now; Slack does not tell them with it.

        Nothing where it will not tell them: what was done stands, and the person hears of it alone.
        """
        try:
            history = self._client.conversations_history(
                channel=origin.channel, latest=origin.message_ts, inclusive=True, limit=1
            )
        except SlackApiError as error:
            _log.warning("a message in %s could not be read: %s", origin.channel, error.response.get("error"))
            return ()
        found: Sequence[Block] = next(
            (each.get("blocks", ()) for each in history["messages"] if each["ts"] == origin.message_ts), ()
        )
        return found


def _channel(body: Body) -> str:
    return str((body.get("channel") or {}).get("id", ""))


def _entered(state: Body) -> dict[str, str]:
    """What was entered, by field; each block of ours holds one field."""
    return {name: _value(element) for fields in state.values() for name, element in fields.items()}


def _value(element: Mapping[str, Any]) -> str:
    """Of several that are ticked, their values with spaces between; a channel as Slack mentions it."""
    if "selected_options" in element:
        return " ".join(each["value"] for each in element["selected_options"] or ())
    if channel := element.get("selected_conversation"):
        return f"<#{channel}>"
    return str(element.get("value") or (element.get("selected_option") or {}).get("value") or "")


def _block_of(field: str, state: Body) -> str:
    """The id of the block that a field stands in."""
    return next((block_id for block_id, fields in state.items() if field in fields), field)
