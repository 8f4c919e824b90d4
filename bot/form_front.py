"""The edge for forms: opens them while Slack allows it, and takes them back without losing what was typed."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.actions import FORMS, FieldsRefused, Submission
from bot.actions.origin import Origin
from bot.errors import beside_field, unexpected
from bot.reply import Reply
from bot.services import AlreadyDone, Services
from bot.tokens import UNREACHABLE
from bot.views.blocks import Block
from bot.views.forms import not_saved
from models.errors import DomainError

Body = dict[str, Any]

_log = logging.getLogger("sluice")


class Speaker(Protocol):
    """Says a reply where a response URL leads."""

    def __call__(self, reply: Reply, response_url: str, channel: str, clicked: Sequence[Block] = ...) -> None: ...


class FormFront:
    """Every form, from the gesture that opens it to what comes of it."""

    def __init__(self, client: WebClient, services: Services, say: Speaker) -> None:
        self._client = client
        self._services = services
        self._say = say

    def open(self, form: Block, *, trigger_id: str, user: str, response_url: str, channel: str) -> None:
        """Slack lets a form open for three seconds after a gesture; who comes too late is asked to do it again."""
        say = self._services.voice(user)
        try:
            self._client.views_open(trigger_id=trigger_id, view=form)
            return
        except UNREACHABLE:
            sorry = Reply(say("error.click_again"))
        except SlackApiError as error:
            is_too_late = error.response.get("error") in ("expired_trigger_id", "exchanged_trigger_id")
            sorry = Reply(say("error.click_again")) if is_too_late else unexpected(say)
        self._services.afterwards(self._tell, sorry, user, response_url, channel)

    def on_submission(self, ack: Ack, body: Body) -> None:
        """Faults appear beside their fields; what nobody expected, on top of the form. Both keep what was typed."""
        view, user = body["view"], body["user"]["id"]
        form, state = FORMS[view["callback_id"]], view["state"]["values"]
        origin = Origin.model_validate_json(view["private_metadata"])
        submission = Submission(_entered(state), origin)
        say = self._services.voice(user)
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
        except (FieldsRefused, DomainError) as error:
            faults = error.faults if isinstance(error, FieldsRefused) else {form.field: error}
            ack(
                response_action="errors",
                errors={_block_of(field, state): beside_field(fault, say) for field, fault in faults.items()},
            )
            return
        except Exception:  # as in `app`: told with a reference, logged with its traceback
            ack(response_action="push", view=not_saved(unexpected(say).text, say=say))
            return
        ack()
        self._services.afterwards(self._say_sent, reply, origin, user)

    def _say_sent(self, reply: Reply, origin: Origin, user: str) -> None:
        clicked = self._blocks_of(origin) if reply.settles else ()
        self._tell(reply, user, origin.response_url, origin.channel, clicked)

    def _tell(self, reply: Reply, user: str, response_url: str, channel: str, clicked: Sequence[Block] = ()) -> None:
        """Where the form came from; what has no such place, as the Home tab, in a message to the person."""
        if response_url:
            self._say(reply, response_url, channel, clicked)
        else:
            self._client.chat_postMessage(channel=user, text=reply.text, blocks=list(reply.blocks) or None)

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


def _entered(state: Body) -> dict[str, str]:
    """What was entered, by field; each block of ours holds one field."""
    return {name: _value(element) for fields in state.values() for name, element in fields.items()}


def _value(element: Mapping[str, Any]) -> str:
    """Of several that are ticked, their values with spaces between."""
    if "selected_options" in element:
        return " ".join(each["value"] for each in element["selected_options"] or ())
    return str(element.get("value") or (element.get("selected_option") or {}).get("value") or "")


def _block_of(field: str, state: Body) -> str:
    """The id of the block that a field stands in."""
    return next((block_id for block_id, fields in state.items() if field in fields), field)
