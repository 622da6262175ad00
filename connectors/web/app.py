"""The HTTP server: conversations, their events, an OpenAI-compatible endpoint, the widget and its pages."""

from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from agent.conversations import Conversations
from agent.settings.web import ServerSettings, WidgetSettings
from connectors.web.access import ServerKey, opened_by_token
from connectors.web.assets import Assets
from connectors.web.callers import Addresses
from connectors.web.completions import completions_router
from connectors.web.conversations import conversations_router
from connectors.web.files import files_router
from connectors.web.identity import Identities
from connectors.web.limits import BodyLimit, SecurityHeaders
from connectors.web.operator import operator_router
from connectors.web.origins import Origins
from connectors.web.problem_texts import AcceptedLanguage
from connectors.web.problems import Problem, add_problem_handlers, problems
from connectors.web.rates import RateLimits, Rates
from connectors.web.records import records_router
from connectors.web.widget import Speaker, widget_router

_HERE = Path(__file__).parent
_METRICS: dict[int | str, dict[str, Any]] = {
    200: {"description": "In Prometheus' text format.", "content": {"text/plain": {}}}
}


def create_app(
    conversations: Conversations,
    *,
    api_key: str,
    speaker: Speaker | None = None,
    server: ServerSettings | None = None,
    widget: WidgetSettings | None = None,
    identities: Identities | None = None,
) -> FastAPI:
    """The app over a running service. api_key: opens /v1/chat/completions, /v1/operator and /metrics."""
    speaker, server, widget = speaker or Speaker(), server or ServerSettings(), widget or WidgetSettings()
    key, rates = ServerKey(api_key), Rates(server.limits)
    app = _Documented(title="Parley", version="1", docs_url=None, redoc_url=None)
    add_problem_handlers(app)

    # The last one added sees a request first.
    app.add_middleware(BodyLimit, upload_bytes=widget.uploads.max_bytes if widget.uploads.types else 0)
    app.add_middleware(RateLimits, rates=rates, addresses=Addresses(server.trusted_proxies), has_key=key.opens)
    app.add_middleware(Origins, allowed=server.allowed_origins, sites=widget.sites)
    app.add_middleware(SecurityHeaders, images=widget.images)
    app.add_middleware(AcceptedLanguage)

    opened = opened_by_token(conversations)
    app.include_router(widget_router(widget, speaker))
    app.include_router(
        conversations_router(
            conversations,
            opened,
            widget=widget,
            identities=identities or Identities.of(widget.sites),
            rates=rates,
        )
    )
    app.include_router(records_router(conversations, opened, widget=widget, rates=rates, speaker=speaker))
    app.include_router(files_router(conversations, opened, widget.uploads, rates))
    app.include_router(operator_router(conversations, key))
    app.include_router(completions_router(conversations.runner, key))

    @app.get("/healthz", response_model=dict[str, str])
    async def healthz() -> dict[str, str]:
        """Whether the process lives."""
        return {"status": "ok"}

    @app.get("/readyz", response_model=dict[str, str], responses=problems())
    async def readyz() -> dict[str, str]:
        """Whether it can answer: the store does."""
        await conversations.check()
        return {"status": "ready"}

    @app.get("/metrics", dependencies=[Depends(key)], response_class=Response, responses={**problems(401), **_METRICS})
    async def metrics() -> Response:
        """Numbers for Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    app.router.default = Assets(_HERE / "page", _HERE / "widget")
    return app


class _Documented(FastAPI):
    """Adds to the documentation what every error looks like."""

    def openapi(self) -> dict[str, Any]:
        """The document at /openapi.json."""
        if not self.openapi_schema:
            schema = super().openapi()
            schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return super().openapi()
