"""What was tried in a search over settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One setting, in words, and the share of left-out examples that it tells right, 0…1."""

    setting: str
    accuracy: float


OnTried: TypeAlias = Callable[[Tried], None]


def untold(_tried: Tried) -> None:
    """For nobody."""
