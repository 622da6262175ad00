"""Files of JSON objects, one a line, which people write and read."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from agent.errors import CallerError, reason_of

Line = TypeVar("Line", bound=BaseModel)


def read_lines(path: Path, kind: type[Line], hint: str = "") -> Iterator[Line]:
    """Every line that is not empty. Raises CallerError that names the first broken one. hint: what to say of it, too."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")  # not at U+2028, which JSON may hold as it is
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"{path}: {reason_of(error)}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise CallerError(f"{path}:{number}: {where or 'line'}: {first['msg']}{hint}") from error


def write_lines(path: Path, rows: Iterable[BaseModel]) -> None:
    """An object a line, what is as it is by default left out; the folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(row.model_dump_json(exclude_defaults=True) + "\n" for row in rows), "utf-8")
