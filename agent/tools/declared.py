"""The operations that `tools.yaml` declares: Python functions, operations of an OpenAPI document, tools of MCP servers."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.errors import SettingsError
from agent.settings.parts import is_here
from agent.tools.functions import FunctionOperation, function_at
from agent.tools.operation import Operation
from agent.tools.record_lookup import declares_operation


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FunctionEntry(_Entry):
    """function: `package.module:name`; changes: whether it changes something, so that the customer is asked first."""

    function: str
    changes: bool


class Auth(_Entry):
    """header: where the secret goes; env: the environment variable that holds it; prefix: before it, such as `Bearer `."""

    header: str = "Authorization"
    env: str
    prefix: str = ""


class OpenApiEntry(_Entry):
    """openapi: a file in the home or an https URL; operations: by operationId, whether each changes something.

    server: base URL in place of the document's; repeatable: its server honours the header Idempotency-Key.
    """

    openapi: str
    operations: dict[str, bool] = Field(min_length=1)
    server: str = ""
    auth: Auth | None = None
    repeatable: bool = False
    timeout_s: float = Field(15.0, gt=0)


class McpEntry(_Entry):
    """mcp: a command with its arguments, or a URL; tools: by name, whether each changes something.

    on_behalf: reads with the account of whoever asks, which they have connected; in conversations that nobody else reads.
    """

    mcp: str | list[str]
    tools: dict[str, bool] = Field(min_length=1)
    timeout_s: float = Field(15.0, gt=0)
    on_behalf: bool = False

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


@asynccontextmanager
async def open_operations(path: Path, secret: Callable[[str], str]) -> AsyncIterator[dict[str, Operation]]:
    """The operations by name; none where the file is absent.

    secret: the value of an environment variable. Raises SettingsError that names the entry.
    """
    declared = _declared(path)
    async with AsyncExitStack() as opened:
        operations: dict[str, Operation] = {}
        for name, entry in declared.items():
            if entry.get("on_behalf"):
                continue
            with _naming(path, name):
                operations |= {one.name: one for one in await _open(name, entry, path.parent, secret, opened)}
        yield operations


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
        raise SettingsError(f"{path}: {error}") from error


async def _open(
    name: str, entry: dict[str, object], folder: Path, secret: Callable[[str], str], opened: AsyncExitStack
) -> Sequence[Operation]:
    if "function" in entry:
        function = FunctionEntry.model_validate(entry)
        return [FunctionOperation(name, function_at(function.function), changes=function.changes)]
    # Imported here: a home that calls no other system need not load what does.
    if "openapi" in entry:
        from agent.tools.openapi import open_openapi

        api = OpenApiEntry.model_validate(entry)
        return await open_openapi(api, folder, secret, opened)
    from agent.tools.mcp import open_mcp

    return await open_mcp(McpEntry.model_validate(entry), opened)
