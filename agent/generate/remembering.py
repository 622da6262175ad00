"""What a model is told of a conversation: the latest messages that fit, and in a few words what went before.

The window is cut seldom and then by half, at a place that depends on the messages alone: from turn to turn the
beginning stays the same, and with it what the server has in its cache.
"""

import re
from collections.abc import Sequence
from math import ceil

from agent.types import Language, Utterance
from knowledge.cutting.spans import split_sentences

_HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_PER_HAN, _LETTERS_A_TOKEN = 0.8, 3.6  # on the safe side of today's tokenizers
_PER_MESSAGE = 5  # what a chat template puts round it
_ASKED, _ASKED_CHARS = 6, 120
_MARKER = re.compile(r"\s?\[\d{1,3}\]")


def estimated_tokens(text: str) -> int:
    """How many tokens a text is, at most, give or take; no tokenizer is at hand for a model behind a URL."""
    han = 0 if text.isascii() else len(_HAN.findall(text))
    return ceil(han * _PER_HAN + (len(text) - han) / _LETTERS_A_TOKEN)


def latest(history: Sequence[Utterance], budget: int) -> int:
    """From which message on a conversation is shown, so that it takes no more than `budget` tokens."""
    sizes = [estimated_tokens(one.content) + _PER_MESSAGE for one in history]
    start, total = 0, 0
    for at, size in enumerate(sizes):
        total += size
        if total > budget:
            while start <= at and total > budget // 2:
                total -= sizes[start]
                start += 1
    return start


def summary(earlier: Sequence[Utterance], language: Language) -> str:
    """What the customer brought up in messages that are no longer shown, in their own words; "" where nothing."""
    asked = [_gist(one.content) for one in earlier if one.role == "user"]
    told = [text for text in dict.fromkeys(asked) if text][-_ASKED:]
    if not told:
        return ""
    lead = "客户先前提到：" if language == "zh" else "Earlier the customer said:"
    return "\n".join((lead, *(f"- {text}" for text in told)))


def bare(content: str) -> str:
    """A message without its citation marks, which would be read as new ones."""
    return _MARKER.sub("", content).strip()


def _gist(content: str) -> str:
    """The sentence that asks, else the last one; a greeting before it says nothing."""
    sentences = split_sentences(" ".join(content.split()))
    asking = [sentence for sentence in sentences if sentence.rstrip().endswith(("?", "？"))]
    return (asking or sentences or [""])[-1][:_ASKED_CHARS]
