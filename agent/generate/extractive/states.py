"""What is done already and what is not yet: 已发货, 未发货. Who asks of the one is not told what holds for the other."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate
from knowledge.question.parts import QuestionPart

Array = npt.NDArray[np.float32]

_TELLS = re.compile(r"[已未没了过完好在都]")
_DONE = re.compile(r"已经?([\u4e00-\u9fff])([\u4e00-\u9fff]?)")
_NOT_YET = re.compile(r"(?:未|尚未|还没有?|没有)([\u4e00-\u9fff])([\u4e00-\u9fff]?)")
_NEAR, _FAR = np.float32(2.0), np.float32(6.0)


def of_its_state(part: QuestionPart, spans: Sequence[Candidate], logits: Array) -> Array:
    """The logits [n]; where the question says that something is done, or is not, and spans tell of both, those that
    tell of just that come before and the others go far behind.
    """
    if not _TELLS.search(part.text):
        return logits
    done, not_yet = zip(*((_said(_DONE, one.span.text), _said(_NOT_YET, one.span.text)) for one in spans), strict=True)
    both = frozenset().union(*done) & frozenset().union(*not_yet)
    for verb in both:
        asked = _state(verb, part.text)
        if asked is None:
            continue
        meant, other = (done, not_yet) if asked else (not_yet, done)
        own = np.array([verb in said for said in meant])
        apart = np.array([verb in said for said in other]) & ~own
        logits = logits + _NEAR * own - _FAR * apart
    return logits


@lru_cache(maxsize=8192)
def _said(pattern: re.Pattern[str], text: str) -> frozenset[tuple[str, str]]:
    """The verbs, two characters or what stands for them, that a text has in one state."""
    return frozenset((found[1], found[2]) for found in pattern.finditer(text))


def _state(verb: tuple[str, str], question: str) -> bool | None:
    """Whether the question says that it is done; None where it says neither, or both."""
    first, second = verb
    either = f"[{first}{second}]"
    not_yet = re.search(rf"[未没](?:有|能|被)?{either}", question)
    done = re.search(rf"已经?.?{either}|都{first}|在{first}{second}|{either}[了过完好]|{first}.?[了过]", question)
    return None if bool(not_yet) == bool(done) else bool(done)
