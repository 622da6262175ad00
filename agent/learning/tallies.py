"""Counts of what was collected, kept with each source so that an interrupted pass can go on."""

from collections import Counter

from pydantic import BaseModel

from agent.learning.records import LoggedConversation


class Tally(BaseModel):
    """Counts of one source, or of several added up.

    not_agreed: conversations of which nobody said that they may be learned from; refused: of which somebody said no;
    deleted: of customers who were deleted. days: conversations by the day of their first message.
    """

    source: str
    conversations: int = 0
    broken: int = 0
    not_agreed: int = 0
    refused: int = 0
    deleted: int = 0
    turns: dict[str, int] = {}
    corrected: int = 0
    rated_up: int = 0
    rated_down: int = 0
    days: dict[str, int] = {}
    lengths: dict[int, int] = {}

    @classmethod
    def of(cls, source: str) -> "Tally":
        """Nothing yet."""
        return cls(source=source)

    def count(self, one: LoggedConversation) -> LoggedConversation:
        """Counts a conversation in, and hands it on."""
        self.conversations += 1
        for turn in one.turns:
            self.turns[turn.role] = self.turns.get(turn.role, 0) + 1
            self.corrected += turn.correction is not None
            self.rated_up += turn.feedback == 1
            self.rated_down += turn.feedback == -1
        day = next((turn.at[:10] for turn in one.turns if turn.at), None)
        if day:
            self.days[day] = self.days.get(day, 0) + 1
        self.lengths[len(one.turns)] = self.lengths.get(len(one.turns), 0) + 1
        return one

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        mine, theirs = self.model_dump(exclude={"source"}), other.model_dump(exclude={"source"})
        return Tally(
            source="all",
            **{
                name: dict(Counter(value) + Counter(theirs[name])) if isinstance(value, dict) else value + theirs[name]
                for name, value in mine.items()
            },
        )

    def figures(self) -> dict[str, float | int | str]:
        """What the report begins with."""
        return {
            "conversations": self.conversations,
            "customers' messages": self.turns.get("user", 0),
            "replies of the bot": self.turns.get("assistant", 0),
            "replies of people": self.turns.get("agent", 0),
            "labelled or corrected by a person": self.corrected,
            "replies rated up": self.rated_up,
            "replies rated down": self.rated_down,
            "left out: nobody agreed": self.not_agreed,
            "left out: agreement refused": self.refused,
            "left out: deleted": self.deleted,
            "places that could not be read": self.broken,
        }
