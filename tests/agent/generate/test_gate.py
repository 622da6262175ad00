"""A sentence is said with the first letter that follows it, and nothing that is said is taken back."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.checking.grounding import Grounds
from agent.generate.gate import SpeechGate
from agent.types import Language

EVIDENCE = "Open until 9 p.m. on Sunday. Free for lamps, desks etc. The U.S. store ships No. 5 boxes. 周日营业到21点。退货免费。"
SENTENCES = (
    "Open until 9 p.m. [1]",
    "Free for lamps, desks etc. [1]",
    "Free for lamps [1].",
    "Open on Sunday. [1]",
    "The store ships No. 5 boxes [1].",
    "The U.S. store ships boxes [1].",
    "Open until 9 p.m.",
    "周日营业到21点[1]。",
    "退货免费。[1]",
)


def gate(language: Language = "en") -> SpeechGate:
    return SpeechGate(Grounds(evidence={1: EVIDENCE}, language=language))


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("Free for lamps [1]. ", False),
        ("Free for lamps [1]. O", True),
        ("Free for lamps [1]. 3", True),
        ("Free for lamps. [1] O", True),
        ("Free for lamps [1]. [", False),
        ("The store [1] ships No. 5", False),
        ("Open [1] until 9 p.m. O", False),
        ("Open [1] until 9 p.m. Open ", False),
        ("Open [1] until 9 p.m. The", False),
        ("Open [1] until 9 p.m. The store", True),
        ("退货免费[1]。", False),
        ("退货免费[1]。1", True),
        ("退货免费[1]。周", True),
    ],
)
def test_the_first_letter_of_the_next_tells_that_a_sentence_is_whole(text: str, *, shows: bool) -> None:
    speech = gate("zh" if "货" in text else "en")
    for letter in text:
        speech.hear(letter)
    assert bool(speech.release()) is shows


@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5), st.integers(1, 9), st.sampled_from(get_args(Language))
)
def test_what_was_said_stands_at_the_end(sentences: list[str], size: int, language: Language) -> None:
    text, speech, said = " ".join(sentences), gate(language), ""
    for start in range(0, len(text), size):
        speech.hear(text[start : start + size])
        said += speech.release()
    speech.hear_end()
    assert said + speech.release() == speech.text
