"""One JSON document that holds many conversations: a list of them, or each under its id."""

from collections.abc import Iterator, Mapping

from agent.errors import CallerError
from agent.learning.imports.fields import TEXT, TURNS
from agent.learning.imports.lines import read_records
from agent.learning.imports.own import EVENTS
from agent.learning.imports.shapes import Reading, Speakers
from agent.learning.imports.sources import Source

_LISTS = ("conversations", "dialogues", "dialogs", "data", "items", "sessions", "chats", "对话列表", "会话列表")


def read_document(source: Source, speakers: Speakers) -> Reading:
    """Its conversations. Raises CallerError where it is no JSON, or holds none."""
    document = source.document()
    found = _found(document)
    if found is None:
        held = ", ".join(list(map(str, document))[:5]) if isinstance(document, Mapping) else type(document).__name__
        raise CallerError(f"{source.name} holds no conversations that are understood (it holds: {held})")
    return read_records(found, speakers)


def _found(document: object) -> Iterator[tuple[str, object]] | None:
    if isinstance(document, list):
        return ((f"item {number}", item) for number, item in enumerate(document, 1))
    if not isinstance(document, Mapping):
        return None
    names = {str(name).lower() for name in document}
    for name in _LISTS:
        if isinstance(document.get(name), list | Mapping):
            return _found(document[name])
    if any(isinstance(document.get(name), list) for name in (*TURNS, EVENTS)) or names & set(TEXT):
        return iter([("item 1", document)])
    values = list(document.values())
    if values and all(isinstance(value, list | Mapping) for value in values):
        return ((str(name), _with_id(name, value)) for name, value in document.items())
    return None


def _with_id(id: object, value: object) -> object:
    """A conversation that stands under its id."""
    if isinstance(value, list):
        return {"id": id, "turns": value}
    return {"id": id, **value} if isinstance(value, Mapping) else value
