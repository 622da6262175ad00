"""How a customer or a conversation that was deleted is remembered: by a digest, which holds no name.

The digest is salted with a secret of the home: whoever has the store or a run folder, but not the secret, cannot try
names out on it.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from agent.home import Home

Forgettable: TypeAlias = Literal["customer", "conversation"]

_SALTED = "2:"  # before a digest; what has no such mark is of a version that did not salt


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of one home."""

    secret: bytes = field(repr=False)

    def of(self, kind: Forgettable, id: str) -> str:
        """The digest of kind and id; the same in the store, in run folders and for imports."""
        return self.salted(hashlib.sha256(f"{kind}\n{id.strip()}".encode("utf-8", "replace")).hexdigest())

    def salted(self, digest: str) -> str:
        """A digest of an earlier version as this one makes it; one that is salted stays as it is."""
        if digest.startswith(_SALTED):
            return digest
        return _SALTED + hmac.new(self.secret, digest.encode(), hashlib.sha256).hexdigest()


def digests_of(home: Home) -> Digests:
    """Those of a home, whose secret is made at first use. Without its file tombstones can no longer be told."""
    return Digests(home.forgetting_secret().encode())
