"""Operations of other systems, as an OpenAPI 3 document describes them; only those that are named may be called."""

import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx
import yaml

from agent.errors import SettingsError, ToolFailed
from agent.tools.arguments import checked
from agent.tools.away import Opened, ServerAway
from agent.tools.declared import OpenApiEntry
from agent.tools.failures import said_by
from agent.tools.operation import BROKEN, UNKNOWN_OUTCOME, CallContext, Operation
from agent.tools.wording import Wording
from agent.types import JsonValue

_LOG = logging.getLogger(__name__)

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_REASONS = {400: "bad_arguments", 404: "not_found", 409: "already", 410: "not_found", 422: "bad_arguments"}
_REASON = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LONGEST_TEXT = 2000  # characters
_LONGEST_DOCUMENT, _LONGEST_ANSWER = 10_000_000, 1_000_000  # bytes


@dataclass(kw_only=True)
class OpenApiOperation:
    """Implements `agent.tools.operation.Operation` over HTTP.

    places: where each argument goes: path, query, header, or body.
    """

    name: str
    description: str
    schema: Mapping[str, JsonValue]
    changes: bool
    repeatable: bool
    method: str
    url: str
    places: Mapping[str, str]
    client: httpx.AsyncClient = field(repr=False)
    own: bool = False
    words: Wording | None = None

    @property
    def arguments(self) -> Collection[str]:
        return self.places.keys()

    def check(self, arguments: Mapping[str, JsonValue]) -> None:
        """Raises ToolFailed("bad_arguments") that says what is wrong."""
        checked(self.schema, arguments)

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        """The JSON object of the answer; another value stands under `result`.

        Raises ToolFailed: `bad_arguments`, `not_found`, `already`, `refused` or the `reason` that the other system gives,
        `not_connected`; or `unreachable` or `unreadable`, after which nobody knows whether it did it.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        self.check(given)
        url = self.url
        for name in self._of("path"):
            url = url.replace(f"{{{name}}}", quote(str(given[name]), safe=""))
        headers = {name: str(given[name]) for name in self._of("header") if name in given}
        if self.changes and context.key:
            headers["Idempotency-Key"] = context.key
        query = {name: _queried(given[name]) for name in self._of("query") if name in given}
        body = {name: given[name] for name in self._of("body") if name in given}
        try:
            answer = await self.client.request(
                self.method, url, params=query, headers=headers, json=body if self._of("body") else None
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            _LOG.warning("%s can't be reached: %s", self.name, said_by(error))
            raise ToolFailed("not_connected", f"{self.name} can't be reached.") from error
        except httpx.HTTPError as error:
            _LOG.warning("%s did not answer: %s", self.name, said_by(error))
            raise ToolFailed("unreachable", f"{self.name} did not answer.") from error
        return _read(self.name, answer)

    def _of(self, place: str) -> list[str]:
        return [name for name, where in self.places.items() if where == place]


def _read(name: str, answer: httpx.Response) -> Mapping[str, JsonValue]:
    status = answer.status_code
    if status >= 300:
        _LOG.warning("%s failed with status %d", name, status)
    if status >= 500:
        raise ToolFailed("unreachable", f"{name} failed with status {status}.")
    if status >= 300:
        raise ToolFailed(_reason(answer) or _REASONS.get(status, "refused"), f"{name}: status {status}.")
    if not answer.content:
        return {}
    if len(answer.content) > _LONGEST_ANSWER:
        raise ToolFailed("unreadable", f"{name} answered more than {_LONGEST_ANSWER:,} bytes.")
    try:
        found = answer.json()
    except ValueError as error:
        if answer.headers.get("content-type", "").startswith("text/plain"):
            return {"result": answer.text[:_LONGEST_TEXT]}
        _LOG.warning("%s answered status %d with what is no JSON", name, status)
        raise ToolFailed("unreadable", f"{name} answered what is no JSON.") from error
    return found if isinstance(found, dict) else {"result": found}


def _reason(answer: httpx.Response) -> str:
    """The `reason` that the body of a refusal gives; "" where it gives none, or one that only Parley may give."""
    try:
        said = answer.json() if len(answer.content) <= _LONGEST_ANSWER else None
    except ValueError:
        return ""
    reason = said.get("reason") if isinstance(said, dict) else None
    own = {*UNKNOWN_OUTCOME, BROKEN, "not_connected", "unknown_outcome"}
    return reason if isinstance(reason, str) and _REASON.fullmatch(reason) and reason not in own else ""


def _queried(value: JsonValue) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


async def open_openapi(
    entry: OpenApiEntry, folder: Path, secret: Callable[[str], str], opened: AsyncExitStack
) -> Opened:
    """The named operations of a document. Raises SettingsError, ServerAway where the document is not to be had now."""
    document = await _document(entry.openapi, folder, entry.timeout_s)
    servers = document.get("servers") or [{}]
    base = entry.server or urljoin(entry.openapi if _is_url(entry.openapi) else "", servers[0].get("url", ""))
    parts = urlsplit(base)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise SettingsError(f"the server {base!r} is not https; name one with `server`")
    headers = {entry.auth.header: entry.auth.prefix + secret(entry.auth.env)} if entry.auth else {}
    client = await opened.enter_async_context(
        httpx.AsyncClient(headers=headers, timeout=entry.timeout_s, follow_redirects=False)
    )
    found = {name: (path, method, item) for path, method, name, item in _operations(document)}
    missing = sorted(entry.operations.keys() - found.keys())
    if missing:
        raise SettingsError(
            f"{entry.openapi} has no operation {', '.join(missing)}; there are: {', '.join(sorted(found))}"
        )
    made: dict[str, Operation | str] = {}
    for name, changes in entry.operations.items():
        path, method, item = found[name]
        schema, places = _arguments(document, item)
        made[name] = OpenApiOperation(
            name=name,
            description=str(item.get("description") or item.get("summary") or name),
            schema=schema,
            changes=changes,
            repeatable=entry.repeatable,
            method=method.upper(),
            url=base.rstrip("/") + path,
            places=places,
            client=client,
            words=entry.say.get(name),
        )
    return made


async def _document(where: str, folder: Path, timeout_s: float) -> dict[str, Any]:
    kind = ServerAway if _is_url(where) else SettingsError
    try:
        if _is_url(where):
            async with httpx.AsyncClient(timeout=timeout_s) as client:
                text = (await client.get(where)).raise_for_status().text
        else:
            text = (folder / where).read_text("utf-8")
        if len(text) > _LONGEST_DOCUMENT:
            raise kind(f"{where} is too long")
        document = yaml.safe_load(text)
    except (OSError, httpx.HTTPError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise kind(f"{where} can't be read: {said_by(error)}") from error
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise kind(f"{where} is no OpenAPI document: it has no `paths`")
    return document


def _is_url(where: str) -> bool:
    if where.startswith("http://"):
        raise SettingsError(f"{where} is not https")
    return where.startswith("https://")


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = dict(item[method])
                operation["parameters"] = [*item.get("parameters", ()), *operation.get("parameters", ())]
                yield path, method, operation.get("operationId", f"{method} {path}"), operation


def _arguments(document: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """One flat object of all parameters and of the body's properties, and where each goes."""
    properties: dict[str, Any] = {}
    places: dict[str, str] = {}
    required: list[str] = []
    for one in operation["parameters"]:
        parameter = _resolved(document, one)
        name = parameter["name"]
        properties[name] = _resolved(document, parameter.get("schema", {}))
        places[name] = parameter["in"]
        if parameter.get("required") or parameter["in"] == "path":
            required.append(name)
    body = _resolved(document, operation.get("requestBody", {}))
    schema = _resolved(document, body.get("content", {}).get("application/json", {}).get("schema", {}))
    for name, value in schema.get("properties", {}).items():
        properties[name] = _resolved(document, value)
        places[name] = "body"
    required += schema.get("required", [])
    whole = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    return whole, places


def _resolved(document: Mapping[str, Any], value: Any, depth: int = 12) -> Any:
    """With references to parts of the document replaced by them. Raises SettingsError for what is not there."""
    if depth == 0:
        return {}
    if isinstance(value, dict) and "$ref" in value:
        found: Any = document
        for part in str(value["$ref"]).removeprefix("#/").split("/"):
            if not isinstance(found, Mapping) or part not in found:
                raise SettingsError(f"the document has no {value['$ref']}")
            found = found[part]
        return _resolved(document, found, depth - 1)
    if isinstance(value, dict):
        return {key: _resolved(document, one, depth - 1) for key, one in value.items()}
    return [_resolved(document, one, depth - 1) for one in value] if isinstance(value, list) else value
