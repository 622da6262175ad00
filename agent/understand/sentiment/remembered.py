"""A scorer that scores no message twice: a turn asks for the mood of all messages before it."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock

from agent.ports import SentimentScorer
from agent.types import Sentiment

_KEPT = 20_000


class RememberedSentiment:
    """Implements `agent.ports.SentimentScorer`; keeps the latest scores by a hash, never the messages themselves."""

    def __init__(self, scorer: SentimentScorer, *, kept: int = _KEPT) -> None:
        self._scorer = scorer
        self._kept = kept
        self._known: OrderedDict[bytes, Sentiment] = OrderedDict()
        self._lock = Lock()

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """A Sentiment for each text."""
        keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if new:
            found |= zip(new, self._scorer.score(list(new.values())), strict=True)
        with self._lock:
            for key in keys:
                self._known[key] = found[key]
                self._known.move_to_end(key)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)
        return [found[key] for key in keys]
