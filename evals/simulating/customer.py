"""A customer without a model: says what its goal knows, in the manner of its persona, until it has what it came for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from agent.types import Language
from evals.metrics.rightness import includes_all
from evals.simulating.persona import Goal, Persona


class Customer(Protocol):
    """Whoever writes the customer's messages."""

    async def next(self, replies: Sequence[str]) -> str | None:
        """The next message, given all replies so far; None when they leave."""
        ...


@dataclass(slots=True)
class ScriptedCustomer:
    """Answers the question back whose words stand last in a reply; leaves when the goal is met or patience is at its end."""

    persona: Persona
    goal: Goal
    language: Language
    _said: int = 0
    _strayed: bool = field(default=False)

    async def next(self, replies: Sequence[str]) -> str | None:
        if self._said >= self.persona.patience or (replies and includes_all("\n".join(replies), self.goal.met)):
            return None
        language, self._said = self._speech(), self._said + 1
        if not replies:
            first = self.goal.vague if self.persona.vague else self.goal.opening
            return self._form(self.persona.opening[language], first[language])
        if self.persona.between and not self._strayed:
            self._strayed = True
            return self._form(self.persona.between[language], "")
        known = self._asked(replies[-1], language)
        return (
            self._form(self.persona.answer[language], known) if known else self._form(self.persona.unsure[language], "")
        )

    def _speech(self) -> Language:
        other: Language = "en" if self.language == "zh" else "zh"
        return other if self.persona.switches and self._said % 2 else self.language

    def _asked(self, reply: str, language: Language) -> str:
        said = reply.casefold()
        places = [(said.rfind(word.casefold()), one) for one in self.goal.knows for word in one.asked]
        place, known = max(places, key=lambda one: one[0], default=(-1, None))
        return known.say[language] if known and place >= 0 else ""

    def _form(self, forms: Sequence[str], say: str) -> str:
        return forms[self._said % len(forms)].replace("{say}", say)
