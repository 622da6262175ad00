"""Signed identity: what holds, and everything that does not."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import SettingsError
from agent.settings.web import SiteSettings, WidgetSettings
from connectors.web.identity import Identities
from connectors.web.problems import Refused
from tests.support.identities import SECRET, signed
from tests.support.web_client import begin
from tests.support.web_server import serving

SHOP = SiteSettings(keys={"k1": SECRET, "k2": "the next secret, which is already in use"})  # type: ignore[dict-item]
WIDGET = WidgetSettings(sites={"shop": SHOP})


def b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def pem(key: Any) -> bytes:
    return bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def private_pem(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def forged(**header: object) -> str:
    """A token that nobody signed."""
    body = {"sub": "42", "aud": "parley", "iat": int(time.time()), "exp": int(time.time()) + 60}
    return f"{b64({'typ': 'JWT', **header})}.{b64(body)}."


REFUSED = {
    "nothing": "",
    "no token": "abc",
    "three dots": "a.b.c",
    "not ASCII": "中文.中文.中文",
    "unsigned": forged(alg="none", kid="k1"),
    "unsigned, spelled otherwise": forged(alg="nOnE", kid="k1"),
    "a header that is a list": f"{b64([1])}.{b64({})}.x",
    "a key id that is none": forged(alg="HS256", kid={"a": 1}),
    "another secret": signed("another secret that is long enough, but not ours"),
    "another algorithm": signed(SECRET * 2, alg="HS512"),
    "no such key": signed(kid="k9"),
    "expired": signed(lives_s=-60),
    "too long": signed(lives_s=3700),
    "issued long ago for long": signed(iat=int(time.time()) - 7000),
    "from the future": signed(iat=int(time.time()) + 600, exp=int(time.time()) + 900),
    "not yet valid": signed(nbf=int(time.time()) + 600),
    "for somebody else": signed(aud="other"),
    "for nobody": signed(aud=None),
    "of nobody": signed(sub=None),
    "without an end": signed(exp=None),
    "without a beginning": signed(iat=None),
    "an empty customer": signed(sub=""),
    "a customer with a line": signed(sub="4\n2"),
    "a long customer": signed(sub="x" * 201),
    "a long name": signed(name="x" * 201),
    "a name that is a list": signed(name=["x"]),
    "many attributes": signed(attributes={str(n): n for n in range(21)}),
    "a deep attribute": signed(attributes={"a": {"b": 1}}),
    "a long attribute": signed(attributes={"a": "x" * 501}),
    "an end that is a word": signed(exp="soon"),
    "an end that is text": signed(exp=str(int(time.time()) + 60)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_hold_is_refused_with_a_reason(case: str) -> None:
    with pytest.raises(Refused) as refused:
        Identities.of(WIDGET.sites).check(REFUSED[case])
    assert refused.value.response.status_code == 401
    assert SECRET not in str(refused.value)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_no_text_at_all_is_an_identity(text: str) -> None:
    with pytest.raises(Refused):
        Identities.of(WIDGET.sites).check(text)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_no_changed_character_is_let_through(at: int, by: int) -> None:
    whole = signed()
    at %= len(whole)
    changed = whole[:at] + chr((ord(whole[at]) + by) % 128) + whole[at + 1 :]
    try:
        customer = Identities.of(WIDGET.sites).check(changed)
    except Refused:
        return
    # Base64 has spare bits in the last character of each part; what is said stays the same then.
    assert (customer.id, customer.name) == ("42", "王小明")


def test_several_keys_hold_at_once_and_one_name_may_be_anothers_key_too() -> None:
    other = SiteSettings(keys={"k1": "the secret of the other site, also long"})  # type: ignore[dict-item]
    identities = Identities.of({"shop": SHOP, "other": other})
    assert identities.check(signed()).id == "42"
    assert identities.check(signed("the next secret, which is already in use", kid="K2")).id == "42"
    assert identities.check(signed("the secret of the other site, also long", sub="7")).id == "7"
    with pytest.raises(Refused, match="signature"):
        identities.check(signed("the next secret, which is already in use", kid="k1"))


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (rsa.generate_private_key(65537, 2048), "RS256"),
    ],
)
def test_a_public_key_checks_and_its_text_is_no_secret(tmp_path: Path, key: Any, alg: str) -> None:
    (tmp_path / "shop.pem").write_bytes(pem(key))
    identities = Identities.of({"shop": SiteSettings(key_files={"p1": Path("shop.pem")})}, tmp_path)
    said = signed(private_pem(key), alg=alg, kid="p1", email="m@x.example", attributes={"vip": True, "orders": 3})
    customer = identities.check(said)
    assert (customer.id, customer.name, customer.email) == ("42", "王小明", "m@x.example")
    assert customer.attributes == {"vip": True, "orders": 3}
    # The confusion of algorithms: a token signed with the public key's text as if it were a secret.
    now = int(time.time())
    claims = {"sub": "42", "aud": "parley", "iat": now, "exp": now + 60}
    head, body = b64({"alg": "HS256", "typ": "JWT", "kid": "p1"}), b64(claims)
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(mac.sign(f"{head}.{body}".encode(), pem(key))).decode().rstrip("=")
    with pytest.raises(Refused, match="algorithm"):
        identities.check(f"{head}.{body}.{signature}")


@pytest.mark.parametrize("text", [b"", b"no key", pem(rsa.generate_private_key(65537, 1024)), None])
def test_a_file_without_a_key_that_can_be_used_is_named(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / "shop.pem").write_bytes(text)
    with pytest.raises(SettingsError, match=r"widget\.sites\.shop\.key_files\.p1"):
        Identities.of({"shop": SiteSettings(key_files={"p1": Path("shop.pem")})}, tmp_path)


async def test_a_customer_is_who_the_site_says_and_nobody_else(tmp_path: Path) -> None:
    async with serving(tmp_path, WIDGET) as client:
        made = await client.post("/v1/conversations", json={"identity": signed()})
        assert (made.status_code, made.json()["customer"]) == (201, {"id": "42", "name": "王小明"})
        bad = await client.post("/v1/conversations", json={"identity": signed(kid="k9")})
        assert (bad.status_code, bad.headers["www-authenticate"]) == (401, "Bearer")
        path, headers = await begin(client)
        first = await client.post(f"{path}/identify", json={"identity": signed(name=None)}, headers=headers)
        assert (first.status_code, first.json()) == (200, {"customer": {"id": "42"}})
        again = await client.post(f"{path}/identify", json={"identity": signed()}, headers=headers)
        assert again.status_code == 200
        other = await client.post(f"{path}/identify", json={"identity": signed(sub="43")}, headers=headers)
        assert other.status_code == 409
        others = {"Authorization": f"Bearer {made.json()['token']}"}
        assert (await client.post(f"{path}/identify", json={"identity": signed()}, headers=others)).status_code == 404
        assert (await client.get(path, headers=others)).status_code == 404
