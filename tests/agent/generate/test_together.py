"""Answers to several questions in one reply."""

from agent.generate.together import together
from agent.types import Citation, Draft


def draft(text: str, source: str, support: float = 0.9) -> Draft:
    return Draft(text=text, support=support, citations=(Citation(n=1, source_id=source, title="", url=None, quote=""),))


def test_citations_are_numbered_through() -> None:
    both = together([draft("A. [1]", "a"), draft("B. [1]", "b")])
    assert both.text == "A. [1]\n\nB. [2]"
    assert [(one.n, one.source_id) for one in both.citations] == [(1, "a"), (2, "b")]


def test_what_is_said_twice_is_said_once() -> None:
    assert together([draft("A. [1]", "a"), draft("A. [1]", "a")]).text == "A. [1]"


def test_a_link_is_no_mark() -> None:
    assert together([draft("A. [1]", "a"), draft("See [1](https://b.example). [1]", "b")]).text.endswith(
        "See [1](https://b.example). [2]"
    )
