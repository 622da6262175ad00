"""What counts as private, and how a place where it stands is told."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of private data; its placeholder is `[kind]`. Where two claim one place, the earlier in this list has it."""

    SECRET = "secret"  # noqa: S105 - a name, not one
    URL = "url"
    EMAIL = "email"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    CARD = "card"
    BIRTHDATE = "birthdate"
    ORDER = "order"
    ACCOUNT = "account"
    IP = "ip"
    PHONE = "phone"
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"

    @property
    def placeholder(self) -> str:
        """What stands in a masked text instead."""
        return f"[{self.value}]"


@dataclass(frozen=True, slots=True)
class Found:
    """Private data at text[start:end]."""

    kind: Kind
    start: int
    end: int


PLACEHOLDER = re.compile(r"\[(?:" + "|".join(kind.value for kind in Kind) + r")\]")


def after(context: str, value: str) -> re.Pattern[str]:
    """Matches a value, as group `value`, only where its context stands before it; neither minds case."""
    return re.compile(rf"(?:{context})(?P<value>{value})", re.IGNORECASE)
