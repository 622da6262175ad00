"""The HTTP server: conversations, their events, an OpenAI-compatible endpoint, and a page to talk to it."""

import hmac
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from agent.conversations import Conversations
from agent.types import Language
from connectors.web.completions import completions_router
from connectors.web.conversations import conversations_router
from connectors.web.limits import Limits
from connectors.web.problems import add_problem_handlers, problem

_PAGE = Path(__file__).parent / "page"


def create_app(
    conversations: Conversations,
    *,
    api_key: str,
    company: Callable[[Language], str] = lambda _: "Parley",
    suggestions: Callable[[Language], tuple[str, ...]] = lambda _: (),
    allowed_origins: tuple[str, ...] = (),
) -> FastAPI:
    """The app over a running service. api_key: opens /v1/chat/completions and /metrics.

    company, suggestions: the name that the page shows, and questions to begin with, by language.
    """
    app = FastAPI(title="Parley", version="1", docs_url=None, redoc_url=None)
    add_problem_handlers(app)

    app.add_middleware(Limits)
    if allowed_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(allowed_origins), allow_methods=["*"], allow_headers=["*"]
        )

    def has_key(request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), api_key.encode())

    app.include_router(conversations_router(conversations))
    app.include_router(completions_router(conversations.runner, has_key))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        await conversations.check()
        return {"status": "ready"}

    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        if not has_key(request):
            return problem(401, "Not allowed", "Give the server's key as a bearer token.")
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/v1/about")
    async def about(lang: Language = "en") -> dict[str, str]:
        return {"company": company(lang)}

    @app.get("/v1/suggestions")
    async def suggest(lang: Language = "en") -> JSONResponse:
        return JSONResponse(list(suggestions(lang)))

    app.mount("/", StaticFiles(directory=_PAGE, html=True))
    return app
