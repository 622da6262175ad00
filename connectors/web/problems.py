"""Errors as `application/problem+json` (RFC 9457): what is wrong and what to do, never a trace."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from agent.errors import CallerError, ConversationClosed, InvalidMessage, NotAllowed, UnknownConversation

_LOG = logging.getLogger(__name__)
_STATUS: dict[type[CallerError], int] = {
    InvalidMessage: 422,
    UnknownConversation: 404,
    NotAllowed: 404,
    ConversationClosed: 409,
    CallerError: 400,
}


def problem(status: int, title: str, detail: str) -> JSONResponse:
    """One error as a response."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def add_problem_handlers(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    async def caller(_: Request, error: Exception) -> JSONResponse:
        return problem(_STATUS.get(type(error), 400), type(error).__name__, str(error))  # type: ignore[arg-type]

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return problem(error.status_code, "Request refused", str(error.detail))

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem(422, "Invalid request", _first_mistake(error))

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _LOG.error("request failed: %s %s", request.method, request.url.path, exc_info=error)
        return problem(500, "Internal error", "Something went wrong on our side. Please try again.")

    app.add_exception_handler(CallerError, caller)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Exception, unexpected)


def _first_mistake(error: RequestValidationError) -> str:
    """Where the first mistake is and what is wrong with it, without what was sent."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return "The body is no JSON."
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return f"{where[:100] or 'body'}: {first['msg'][:150]}"
