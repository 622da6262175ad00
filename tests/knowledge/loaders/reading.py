"""Short ways to load a file in tests."""

from knowledge.errors import UnreadableSource
from knowledge.loaders.registry import load
from knowledge.types import Document


def read(name: str, data: bytes) -> list[Document | UnreadableSource]:
    return list(load(name, "." + name.rsplit(".", 1)[-1], data))


def one(name: str, data: bytes) -> Document:
    found = read(name, data)
    assert len(found) == 1 and isinstance(found[0], Document), found
    return found[0]


def refusal(name: str, data: bytes) -> str:
    """Why a whole file is refused."""
    try:
        found = read(name, data)
    except UnreadableSource as error:
        assert error.source == name
        return error.reason
    raise AssertionError(f"{name} was read: {found}")
