"""Answers what Slack posts to the bot over HTTP, and turns away what was not signed by Slack within five minutes."""

from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

_LARGEST = 2_000_000
"""Bytes; the largest that Slack sends is a form, a quarter of a megabyte."""


class SlackRequests:
    """The signature is checked before anything else looks into a request: Bolt parses, and logs, before it checks."""

    def __init__(self, app: App, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def answer(self, request: Request) -> Response:
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > _LARGEST:
                    return PlainTextResponse("too large", status_code=413)
            body.decode()
        except ClientDisconnect:
            return Response(status_code=400)
        except UnicodeDecodeError:
            return PlainTextResponse("not UTF-8", status_code=400)
        if not self._is_from_slack(request, bytes(body)):
            return PlainTextResponse("not signed by Slack just now", status_code=401)
        bolt_request = to_bolt_request(request, bytes(body))
        return to_starlette_response(await run_in_threadpool(self._app.dispatch, bolt_request))

    def _is_from_slack(self, request: Request, body: bytes) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError):  # a timestamp that is no number, a signature that is no ASCII
            return False
