"""Messages of a chat as an OpenAI-compatible server reads them; langchain's take 6 MB before the first is written."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """What one side says."""

    role: Role
    text: str

    def as_json(self) -> dict[str, str]:
        """As the server reads it."""
        return {"role": self.role, "content": self.text}
