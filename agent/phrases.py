"""Set phrases by name and language, as the loop says them."""

from typing import Protocol

from agent.types import Language


class Phrases(Protocol):
    """Says a set phrase (`greeting`, `handoff`, …) in the customer's language."""

    def say(self, name: str, language: Language) -> str: ...
