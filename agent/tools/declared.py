"""The operations that `tools.yaml` declares: Python functions, operations of an OpenAPI document, tools of MCP servers."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, MutableMapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.errors import SettingsError, reason_of
from agent.settings.parts import is_here
from agent.tools.away import away, opened_or_away
from agent.tools.functions import FunctionOperation, function_at
from agent.tools.operation import Operation
from agent.tools.record_lookup import declares_operation
from agent.tools.wording import Wording


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FunctionEntry(_Entry):
    """function: `package.module:name`; changes: whether it changes something, so that the customer is asked first.

    say: what customers read of it where a model wants to run it.
    """

    function: str
    changes: bool
    say: Wording | None = None


class Auth(_Entry):
    """header: where the secret goes; env: the environment variable that holds it; prefix: before it, such as `Bearer `."""

    header: str = "Authorization"
    env: str
    prefix: str = ""


class OpenApiEntry(_Entry):
    """openapi: a file in the home or an https URL; operations: by operationId, whether each changes something.

    server: base URL in place of the document's; repeatable: its server honours the header Idempotency-Key.
    say: what customers read of an operation where a model wants to run it, by operationId.
    """

    openapi: str
    operations: dict[str, bool] = Field(min_length=1)
    server: str = ""
    auth: Auth | None = None
    repeatable: bool = False
    timeout_s: float = Field(15.0, gt=0)
    say: dict[str, Wording] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_of_its_own(self) -> "OpenApiEntry":
        _of_its_own(self.say, self.operations)
        return self


class McpEntry(_Entry):
    """mcp: a command with its arguments, or a URL; tools: by name, whether each changes something.

    env: variables of the environment that a command gets beside PATH, HOME and the like; it gets no others.
    on_behalf: reads with the account of whoever asks, which they have connected; in conversations that nobody else reads.
    say: what customers read of a tool where a model wants to run it, by name.
    """

    mcp: str | Annotated[list[str], Field(min_length=1)]
    tools: dict[str, bool] = Field(min_length=1)
    env: list[str] = Field(default_factory=list)
    timeout_s: float = Field(15.0, gt=0)
    on_behalf: bool = False
    say: dict[str, Wording] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_of_its_own(self) -> "McpEntry":
        _of_its_own(self.say, self.tools)
        if self.env and isinstance(self.mcp, str):
            raise ValueError("env is for a command; a URL gets no environment")
        return self

    @model_validator(mode="after")
    def _reads_safely(self) -> "McpEntry":
        """Somebody's token goes to an https address alone, or stays on this machine, and changes nothing."""
        if not self.on_behalf:
            return self
        address = self.mcp if isinstance(self.mcp, str) else ""
        if urlsplit(address).scheme != "https" and not is_here(address):
            raise ValueError("on_behalf needs an https URL")
        if changing := sorted(name for name, changes in self.tools.items() if changes):
            raise ValueError(
                f"on_behalf is for tools that only read: set {', '.join(changing)} to false, or leave it out"
            )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An entry of tools.yaml that was tried. operations: what it is to offer; wrong: what keeps it from that, "" for nothing."""

    name: str
    operations: Sequence[str]
    wrong: str = ""


def _of_its_own(said: Collection[str], named: Collection[str]) -> None:
    if unknown := sorted(set(said) - set(named)):
        raise ValueError(f"`say` is for {', '.join(named)}; there is no {', '.join(unknown)}")


@asynccontextmanager
async def open_operations(path: Path, secret: Callable[[str], str]) -> AsyncIterator[dict[str, Operation]]:
    """The operations by name; none where the file is absent. What a server offers that is away fails, and is put in its place later.

    secret: the value of an environment variable. Raises SettingsError that names the entry.
    """
    declared = _declared(path)
    async with AsyncExitStack() as opened:
        operations: dict[str, Operation] = {}
        for name, entry in declared.items():
            if entry.get("on_behalf"):
                continue
            with _naming(path, name):
                await _open(name, entry, path.parent, secret, operations, opened)
        yield operations


async def looked_over(path: Path, secret: Callable[[str], str]) -> list[Looked]:
    """Each entry by itself, so that one that is wrong hides no other. Raises SettingsError where the file is no YAML."""
    looked = []
    for name, entry in _declared(path).items():
        operations: dict[str, Operation] = {}
        named = next((one for key in ("operations", "tools") if isinstance(one := entry.get(key), dict)), (name,))
        try:
            async with AsyncExitStack() as opened:
                with _naming(path, name):
                    if entry.get("on_behalf"):
                        McpEntry.model_validate(entry)  # it is opened with the account of whoever asks
                    else:
                        await _open(name, entry, path.parent, secret, operations, opened)
                wrong = "; ".join(dict.fromkeys(away(operations).values()))
        except SettingsError as error:
            wrong = str(error).removeprefix(f"{path}: {name}").lstrip(":. ")
        looked.append(Looked(name=name, operations=tuple(map(str, named)), wrong=wrong))
    return looked


def on_behalf_in(path: Path) -> list[McpEntry]:
    """The servers that are read with the account of whoever asks. Raises SettingsError that names the entry."""
    found = []
    for name, entry in _declared(path).items():
        if entry.get("on_behalf"):
            with _naming(path, name):
                found.append(McpEntry.model_validate(entry))
    return found


@contextmanager
def _naming(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, (name, *first["loc"])))
        raise SettingsError(f"{path}: {where}: {first['msg']}") from error
    except SettingsError as error:
        raise SettingsError(f"{path}: {name}: {error}") from error


def _declared(path: Path) -> dict[str, dict[str, object]]:
    if not path.is_file():
        return {}
    try:
        entries = yaml.safe_load(path.read_text("utf-8")) or {}
        return {name: entry for name, entry in entries.items() if declares_operation(entry)}
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise SettingsError(f"{path}: {reason_of(error)}") from error


async def _open(
    name: str,
    entry: dict[str, object],
    folder: Path,
    secret: Callable[[str], str],
    operations: MutableMapping[str, Operation],
    opened: AsyncExitStack,
) -> None:
    """Adds what an entry offers to the operations."""
    if "function" in entry:
        own = FunctionEntry.model_validate(entry)
        made = FunctionOperation(name, function_at(own.function), changes=own.changes)
        made.words = own.say
        operations[name] = made
        return
    # Imported here: a home that calls no other system need not load what does.
    if "openapi" in entry:
        from agent.tools.openapi import open_openapi

        api = OpenApiEntry.model_validate(entry)
        await opened.enter_async_context(
            opened_or_away(name, api.operations, partial(open_openapi, api, folder, secret), operations)
        )
        return
    from agent.tools.mcp import open_mcp

    server = McpEntry.model_validate(entry)
    environment = {one: secret(one) for one in server.env}
    await opened.enter_async_context(
        opened_or_away(name, server.tools, partial(open_mcp, name, server, environment), operations)
    )
