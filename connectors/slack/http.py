"""HTTP mode: the one address to which Slack sends everything, open to nobody else."""

import logging

from fastapi import APIRouter, Request, Response
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

_LOG = logging.getLogger(__name__)

PATH = "/slack/events"
_MOST_BYTES = 512 * 1024


def slack_router(app: AsyncApp, signing_secret: str) -> APIRouter:
    """The route. What is not signed by Slack, or was signed more than five minutes ago, is refused and logged."""
    router = APIRouter()
    verifier = SignatureVerifier(signing_secret)
    handler = AsyncSlackRequestHandler(app)

    @router.post(PATH, include_in_schema=False)
    async def events(request: Request) -> Response:
        """Events, commands, buttons and forms."""
        body = await request.body()
        if len(body) > _MOST_BYTES:
            _LOG.warning("refused: a request to %s of %d bytes", PATH, len(body))
            return Response(status_code=413)
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (timestamp.isdigit() and signature and verifier.is_valid(body, timestamp, signature)):
            _LOG.warning("refused: a request to %s that Slack has not signed, or not just now", PATH)
            return Response(status_code=401)
        return await handler.handle(request)

    return router
