"""Holds arguments against a JSON schema that another system gave."""

from collections.abc import Mapping

import jsonschema

from agent.errors import ToolFailed
from agent.types import JsonValue


def checked(schema: Mapping[str, JsonValue], given: Mapping[str, JsonValue]) -> None:
    """Raises ToolFailed("bad_arguments") that says what is wrong, where the arguments are not of the schema."""
    try:
        jsonschema.validate(dict(given), dict(schema))
    except jsonschema.ValidationError as error:
        where = ".".join(map(str, error.path)) or "arguments"
        raise ToolFailed("bad_arguments", f"{where}: {error.message}") from error
