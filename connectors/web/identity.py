"""Signed identity: a site vouches for its customer with a JSON Web Token that it signs on its own server.

Each key is bound to one algorithm when it is loaded, so that a token can choose among keys and never among algorithms.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import BaseModel, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError

from agent.conversations import Customer
from agent.errors import SettingsError
from agent.settings.web import SiteSettings
from connectors.web.bodies import PLAIN
from connectors.web.problems import Refused

_AUDIENCE = "parley"
_LONGEST_S = 3600  # a token lives this long at most
_LEEWAY_S = 30  # clocks differ
_LEAST_RSA = 2048

Value = Annotated[StrictStr, Field(max_length=500)] | StrictBool | StrictInt | StrictFloat


class _Claims(BaseModel):
    """What a token may say of a customer; other claims are ignored."""

    sub: StrictStr = Field(min_length=1, max_length=200, pattern=PLAIN)
    exp: StrictInt | StrictFloat
    iat: StrictInt | StrictFloat
    name: StrictStr = Field("", max_length=200)
    email: StrictStr = Field("", max_length=320)
    attributes: dict[Annotated[str, Field(max_length=64)], Value] = Field(default_factory=dict, max_length=20)


@dataclass(frozen=True, slots=True)
class _Key:
    algorithm: str
    key: Any  # of PyJWT: a secret's bytes, or a public key of `cryptography`


class Identities:
    """Checks identities against the keys of all sites."""

    def __init__(self, keys: Mapping[str, tuple[_Key, ...]]) -> None:
        self._keys = keys

    @classmethod
    def of(cls, sites: Mapping[str, SiteSettings], home: Path = Path()) -> "Identities":
        """Loads the keys of the sites. Raises SettingsError for a file that holds no key that can be used."""
        keys: dict[str, tuple[_Key, ...]] = {}
        for name, site in sites.items():
            for kid, secret in site.keys.items():
                keys[kid.lower()] = (*keys.get(kid.lower(), ()), _Key("HS256", secret.get_secret_value().encode()))
            for kid, path in site.key_files.items():
                found = _public_key(home / path, f"widget.sites.{name}.key_files.{kid}")
                keys[kid.lower()] = (*keys.get(kid.lower(), ()), found)
        return cls(keys)

    def check(self, token: str) -> Customer:
        """The customer whom a token names. Raises Refused (401) with what is wrong, without a word of the token."""
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", "")).lower()
        except _BROKEN:
            raise _refused("It is not a JSON Web Token.") from None
        candidates = self._keys.get(kid, ())
        if not candidates:
            raise _refused("Its header names no key (kid) that this server knows.")
        mismatch: Exception | None = None
        for key in candidates:  # sites may use the same name for their keys
            try:
                return _customer(token, key)
            except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError) as error:
                mismatch = error
            except _BROKEN as error:
                raise _refused(_reason(error)) from None
        raise _refused(_reason(mismatch))


def _customer(token: str, key: _Key) -> Customer:
    said = jwt.decode(
        token,
        key.key,
        algorithms=[key.algorithm],
        audience=_AUDIENCE,
        leeway=_LEEWAY_S,
        options={"require": ["sub", "exp", "iat", "aud"]},
    )
    try:
        claims = _Claims.model_validate(said)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise _refused(f"Its claim {where[:80]} is too long or of the wrong kind.") from None
    if max(claims.exp - time.time() - _LEEWAY_S, claims.exp - claims.iat) > _LONGEST_S:
        raise _refused("It is valid for too long: exp may be at most an hour after iat, and an hour from now.")
    return Customer(id=claims.sub, name=claims.name, email=claims.email, attributes=claims.attributes)


_BROKEN = (jwt.PyJWTError, ValueError, TypeError, OverflowError)
"""What a damaged token raises, or a number in it that is none."""

_REASONS: Mapping[type[Exception], str] = {
    jwt.ExpiredSignatureError: "It has expired: sign a new one.",
    jwt.ImmatureSignatureError: "It is not valid yet: compare the clocks (iat, nbf).",
    jwt.InvalidAudienceError: f'Its audience (aud) must be "{_AUDIENCE}".',
    jwt.InvalidAlgorithmError: "Its algorithm (alg) is not that of the key.",
    jwt.InvalidSignatureError: "Its signature does not match the key.",
}


def _reason(error: Exception | None) -> str:
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"Its claim {error.claim} is missing."
    return _REASONS.get(type(error) if error else Exception, "It is damaged, or a claim in it is of the wrong kind.")


def _refused(detail: str) -> Refused:
    return Refused(401, "Identity refused", f"The identity does not hold. {detail}")


def _public_key(path: Path, setting: str) -> _Key:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise SettingsError(f"{setting}: {path} is no PEM file with a public key") from error
    if isinstance(key, Ed25519PublicKey):
        return _Key("EdDSA", key)
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return _Key("ES256", key)
    if isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_RSA:
        return _Key("RS256", key)
    raise SettingsError(f"{setting}: {path} must hold an Ed25519, a P-256 or an RSA key of {_LEAST_RSA} bits or more")
