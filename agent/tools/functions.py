"""Operations that are typed Python functions: the signature is the schema."""

import asyncio
import inspect
import logging
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from agent.errors import SettingsError, ToolFailed
from agent.tools.operation import BROKEN, CallContext
from agent.tools.wording import Wording
from agent.types import JsonValue

_LOG = logging.getLogger(__name__)


class FunctionOperation:
    """Implements `agent.tools.operation.Operation`. A parameter annotated CallContext is given, not asked for."""

    own = True
    repeatable = True
    words: Wording | None = None

    def __init__(self, name: str, function: Callable[..., Any], *, changes: bool) -> None:
        self.name = name
        self.changes = changes
        self.description = inspect.getdoc(function) or name
        self._function = function
        parameters = inspect.signature(function, eval_str=True).parameters.values()
        self._context = next((one.name for one in parameters if one.annotation is CallContext), "")
        fields: dict[str, Any] = {
            one.name: (one.annotation, ... if one.default is inspect.Parameter.empty else one.default)
            for one in parameters
            if one.name != self._context
        }
        self._model: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
        self.schema: Mapping[str, JsonValue] = self._model.model_json_schema()

    @property
    def arguments(self) -> Collection[str]:
        return self._model.model_fields.keys()

    def check(self, arguments: Mapping[str, JsonValue]) -> None:
        """Raises ToolFailed("bad_arguments") that says what is wrong."""
        self._checked(arguments)

    def _checked(self, arguments: Mapping[str, JsonValue]) -> BaseModel:
        try:
            return self._model.model_validate(dict(arguments))
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise ToolFailed("bad_arguments", told) from error

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        """What the function returns, a mapping; one that is not async runs in a thread.

        Raises ToolFailed: with the function's own reason, or `error` where it raised anything else.
        """
        checked = self._checked(arguments)
        given: dict[str, Any] = {name: getattr(checked, name) for name in self._model.model_fields}
        if self._context:
            given[self._context] = context
        try:
            if inspect.iscoroutinefunction(self._function):
                found = await self._function(**given)
            else:
                found = await asyncio.to_thread(self._function, **given)
        except ToolFailed:
            raise
        except Exception as error:  # it is the company's own code, and may raise anything
            _LOG.exception("the function of the tool %s failed", self.name)
            raise ToolFailed(BROKEN, f"{self.name} failed.") from error
        result: Mapping[str, JsonValue] = found if isinstance(found, Mapping) else {"result": found}
        return result


def function_at(path: str) -> Callable[..., Any]:
    """The function at `module:name`. Raises SettingsError."""
    module, _, name = path.partition(":")
    try:
        found = getattr(import_module(module), name)
    except Exception as error:  # a module may raise anything while it is imported
        raise SettingsError(f"no function at {path!r} ({error}); write it as package.module:function") from error
    if not callable(found):
        raise SettingsError(f"{path!r} is no function")
    function: Callable[..., Any] = found
    return function
