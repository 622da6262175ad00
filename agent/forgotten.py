"""How a customer or a conversation that was deleted is remembered: by a digest, which holds no name."""

import hashlib
from typing import Literal, TypeAlias

Forgettable: TypeAlias = Literal["customer", "conversation"]


def key_of(kind: Forgettable, id: str) -> str:
    """SHA-256 over kind and id, in hexadecimal; the same in the store, in run folders and for imports."""
    return hashlib.sha256(f"{kind}\n{id.strip()}".encode("utf-8", "replace")).hexdigest()
