"""Leaves out the thoughts that some models write before they answer: a customer gets the answer only."""

_OPEN = "<think>"
_CLOSE = "</think>"


class ThoughtStream:
    """Lets text through as it comes, without a `<think>…</think>` at its start and without white space before the rest.

    Servers that know the model strip its thoughts themselves; this is for those that do not. A thought that never ends
    leaves nothing. The pieces in which text arrives change nothing of the result.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thought = False
        self._answering = False

    def feed(self, piece: str) -> str:
        """What can be said now."""
        if self._answering:
            return piece
        self._held = (self._held + piece).lstrip()
        if not self._thought and self._held.startswith(_OPEN):
            _, closed, rest = self._held.partition(_CLOSE)
            if not closed:
                return ""
            self._thought, self._held = True, rest.lstrip()
        if not self._held or (not self._thought and _OPEN.startswith(self._held)):
            return ""
        self._answering = True
        return self._held

    def end(self) -> str:
        """What was still held back and is no thought."""
        return "" if self._answering or self._held.startswith(_OPEN) else self._held
