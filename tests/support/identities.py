"""Signs identities as a site does."""

import time
from typing import Any

import jwt

SECRET = "a secret of the shop, long enough for everyone"


def signed(key: Any = SECRET, *, alg: str = "HS256", kid: str = "k1", lives_s: float = 600, **claims: Any) -> str:
    """A token for customer 42, with these claims changed; None takes one out."""
    now = int(time.time())
    said = {"sub": "42", "aud": "parley", "iat": now, "exp": now + lives_s, "name": "王小明"} | claims
    kept = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(kept, key, algorithm=alg, headers={"kid": kid})
