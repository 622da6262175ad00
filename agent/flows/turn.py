"""What a turn is about, as far as a flow needs to know."""

from dataclasses import dataclass
from datetime import datetime

from agent.types import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """now: the local time, by which "tomorrow" is told; customer_id: None where nobody knows who asks."""

    language: Language
    now: datetime
    conversation_id: str
    customer_id: str | None
