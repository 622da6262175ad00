"""How long work tells how far it is."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with what is being done ("reading", "embedding"), how many are done, and how many there are."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress for nobody."""
