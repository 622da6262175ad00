"""Tokens at rest: encrypted and signed (Fernet), each bound to the place that it is for."""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from agent.errors import SettingsError
from agent.home import Home

_KEY_FILE = "slack"
_KEY_CHARACTERS = 43  # 32 bytes in base64 without the sign that fills it up


class Vault:
    """Encrypts with the first of its keys, and opens what any of them closed: a new key is put in front of the old ones."""

    def __init__(self, keys: str) -> None:
        """keys: one or several with commas between, each of 32 bytes in URL-safe base64. Raises SettingsError."""
        try:
            self._fernet = MultiFernet([Fernet(_filled(key.strip())) for key in keys.split(",") if key.strip()])
        except ValueError as error:
            raise SettingsError(
                "slack.encryption_key: not a key. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(32))"'
            ) from error

    @classmethod
    def of(cls, home: Home, keys: str = "") -> "Vault":
        """With the keys of the settings; where they give none, with one kept in the home, readable by its owner alone."""
        return cls(keys or home.key(_KEY_FILE))

    def close(self, place: str, data: dict[str, Any]) -> str:
        """Encrypted, for this place alone."""
        return self._fernet.encrypt(json.dumps({"place": place, "data": data}).encode()).decode()

    def open(self, place: str, closed: str) -> dict[str, Any]:
        """What was closed for this place. Raises SettingsError where it was not, or with a key that is no longer there."""
        try:
            opened = json.loads(self._fernet.decrypt(closed.encode()))
        except InvalidToken as error:
            raise SettingsError(
                "slack.encryption_key: what is stored was encrypted with another key. "
                "Add the old one after the new, with a comma between, or install the app again."
            ) from error
        if opened["place"] != place:
            raise SettingsError(f"the token stored for {place} is another workspace's. Install the app there again.")
        data: dict[str, Any] = opened["data"]
        return data


def _filled(key: str) -> str:
    return f"{key}=" if len(key) == _KEY_CHARACTERS else key
