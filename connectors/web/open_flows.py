"""Where flows stand for clients that send bare transcripts: known by the whole of what was said, as OpenAI's form has no place."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.types import JsonValue, Utterance

_KEPT = 10_000


class OpenFlows:
    """Keeps the open flow of each transcript that ends in a reply of this process; the oldest go first.

    The state never leaves the server, so that nobody can send a forged one; whoever sends the same transcript, word for
    word, is where it stands, and its tools run once. After a restart a flow begins anew.
    """

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._open: OrderedDict[str, Mapping[str, JsonValue]] = OrderedDict()

    def keep(self, said: Sequence[Utterance], flow: Mapping[str, JsonValue] | None) -> None:
        """Notes where the flow stands after what was said, which ends in a reply."""
        if flow is None:
            return
        key = _key(said)
        self._open[key] = flow
        self._open.move_to_end(key)
        if len(self._open) > self._most:
            self._open.popitem(last=False)

    def resumed(self, history: Sequence[Utterance]) -> list[Utterance]:
        """The history with the flow that its last reply left open."""
        last = next((n for n in reversed(range(len(history))) if history[n].role == "assistant"), -1)
        found = self._open.get(_key(history[: last + 1])) if last >= 0 else None
        return [replace(one, flow=found) if n == last else one for n, one in enumerate(history)]


def _key(said: Sequence[Utterance]) -> str:
    told = json.dumps([(one.role, " ".join(one.content.split())) for one in said])
    return hashlib.sha256(told.encode()).hexdigest()
