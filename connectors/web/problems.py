"""Errors as `application/problem+json` (RFC 9457): what is wrong and what to do, never a trace."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from agent.errors import (
    CallerError,
    ConversationClosed,
    InvalidMessage,
    NotAllowed,
    TooMuch,
    UnknownConversation,
    UnknownFile,
    WrongState,
)
from connectors.web.problem_texts import said

_LOG = logging.getLogger(__name__)
_STATUS: dict[type[CallerError], int] = {
    InvalidMessage: 422,
    UnknownConversation: 404,
    NotAllowed: 404,
    UnknownFile: 404,
    ConversationClosed: 409,
    WrongState: 409,
    TooMuch: 413,
    CallerError: 400,
}


_TITLES = {
    400: "The request cannot be read",
    401: "Not allowed: a key or an identity is missing or does not hold",
    403: "Refused: the origin is not allowed, or consent is missing",
    404: "No such thing, or the token does not open it",
    409: "The state of the conversation does not allow it",
    413: "Too large",
    415: "This type of file is not taken",
    422: "Something in the request is wrong; the detail names it",
    429: "Too many requests; Retry-After says in how many seconds to try again",
    500: "Something went wrong on the server's side",
}
KIND = "application/problem+json"


class Problem(BaseModel):
    """What every error looks like (RFC 9457)."""

    type: str
    status: int
    title: str
    detail: str


class Refused(Exception):
    """Ends a request with a problem of this status."""

    def __init__(self, status: int, title: str, detail: str, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.response = problem(status, title, detail, retry_after_s)


def problem(status: int, title: str, detail: str, retry_after_s: int | None = None) -> JSONResponse:
    """One error as a response."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": said(detail)}
    headers = {"Vary": "Accept-Language"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    return JSONResponse(body, status, headers, media_type=KIND)


def fresh(body: Mapping[str, object], status: int = 200) -> JSONResponse:
    """An answer that no cache may keep: it is one customer's own."""
    return JSONResponse(body, status, {"Cache-Control": "no-store"})


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its documentation; those that any request may meet are added."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": _TITLES[status], "content": {KIND: {"schema": schema}}}
        for status in sorted({*statuses, 400, 403, 413, 429, 500})
    }


def add_problem_handlers(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    async def caller(_: Request, error: Exception) -> JSONResponse:
        return problem(_STATUS.get(type(error), 400), type(error).__name__, str(error))  # type: ignore[arg-type]

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refused)
        return error.response

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        answer = problem(error.status_code, "Request refused", str(error.detail))
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(_methods(request))
        return answer

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem(422, "Invalid request", _first_mistake(error))

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("request failed: %s %s", request.method, request.url.path, exc_info=error)
        return problem(500, "Internal error", "Something went wrong on our side. Please try again.")

    app.add_exception_handler(CallerError, caller)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)


def _methods(request: Request) -> list[str]:
    """All methods of the path; the framework names those of one route alone."""
    routes = (route for route in request.app.routes if isinstance(route, Route))
    found = (route.methods or () for route in routes if route.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for methods in found for method in methods})


def _first_mistake(error: RequestValidationError) -> str:
    """Where the first mistake is and what is wrong with it, without what was sent."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The body is no JSON."
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return f"{where[:100] or 'body'}: {first['msg'][:150]}"
