"""What a loader yields and what it may assume."""

from collections.abc import Iterator
from typing import Protocol

from knowledge.errors import UnreadableSource
from knowledge.types import Document

Loaded = Iterator[Document | UnreadableSource]


class Loader(Protocol):
    """Reads one format. Raises UnreadableSource for the whole source, yields one for a single broken record."""

    def __call__(self, source_id: str, data: bytes) -> Loaded: ...
