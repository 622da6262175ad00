"""Citation marks: cleaned while they stream, and followed back to the words they rest on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.generate.citing import MarkStream, citations_in, cited_facts
from agent.generate.thoughts import ThoughtStream
from knowledge.types import Fact
from tests.support.evidence import DELIVERY, RETURNS, passage

FACT = Fact(head="Quietly", relation="battery_hours", tail="30", source_id="shop.csv")
# Text that is dense in what may be, or nearly is, a mark.
MARKED = st.lists(
    st.one_of(
        st.sampled_from(
            ["[", "]", "【", "】", "［", "］", "[1]", "【2】", "[1, 2]", "[9]", ",", "，", "、", ";", " ", "\n"]
        ),
        st.integers(0, 5000).map(str),
        st.text(max_size=4),
        st.just("[" + ", ".join("12" for _ in range(15)) + "]"),
    ),
    max_size=30,
).map("".join)


def streamed(stream: MarkStream | ThoughtStream, pieces: list[str]) -> str:
    return "".join(stream.feed(piece) for piece in pieces) + stream.end()


def cut(text: str, sizes: list[int]) -> list[str]:
    """The text in pieces of these sizes, the rest whole."""
    pieces = []
    for size in sizes:
        pieces.append(text[:size])
        text = text[size:]
    return [*pieces, text]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Free [1].", "Free [1]."),
        ("Free [1, 2].", "Free [1][2]."),
        ("免费【1】。", "免费[1]。"),
        ("免费［1、2］。", "免费[1][2]。"),
        ("Free [1][1].", "Free [1][1]."),
        ("Free [1; 1].", "Free [1]."),
        ("Free [3].", "Free ."),
        ("Free [0, 2, 99].", "Free [2]."),
        ("Free [1-3].", "Free [1-3]."),
        ("[a] and [2024] stay, so does [", "[a] and [2024] stay, so does ["),
        ("An open end [1", "An open end [1"),
    ],
)
def test_marks_are_written_one_way_and_those_of_nothing_go(written: str, said: str) -> None:
    assert streamed(MarkStream(2), [written]) == said
    assert streamed(MarkStream(2), list(written)) == said


@given(MARKED, st.lists(st.integers(0, 20), max_size=40))
def test_the_pieces_in_which_text_arrives_change_no_mark(text: str, sizes: list[int]) -> None:
    whole = streamed(MarkStream(2), [text])
    assert streamed(MarkStream(2), cut(text, sizes)) == whole
    assert streamed(MarkStream(2), list(text)) == whole


@given(MARKED)
def test_what_is_held_back_is_never_long(text: str) -> None:
    stream, said = MarkStream(2), ""
    for n, character in enumerate(text, start=1):
        said += stream.feed(character)
        held = stream.end()
        assert len(held) < 95, (n, held)
        stream.feed(held)


@given(MARKED)
def test_every_mark_left_is_of_evidence(text: str) -> None:
    said = streamed(MarkStream(2), [text])
    for citation in citations_in(said, (passage(RETURNS), passage(DELIVERY, 2))):
        assert citation.n in {1, 2}
        assert citation.quote in (RETURNS, DELIVERY)[citation.n - 1]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<think>Let me see [1].</think>\n\nFree [1].", "Free [1]."),
        ("\n<think></think>Free.", "Free."),
        ("Free.", "Free."),
        ("  Free <think>.", "Free <think>."),
        ("<think>never ends", ""),
        ("<thi", "<thi"),
        ("<b>Free</b>", "<b>Free</b>"),
        ("", ""),
    ],
)
def test_thoughts_are_not_said(written: str, said: str) -> None:
    assert streamed(ThoughtStream(), [written]) == said
    assert streamed(ThoughtStream(), list(written)) == said


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", " ", "\n", "Yes", "think>"]), max_size=8), st.data())
def test_the_pieces_in_which_text_arrives_change_no_thought(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    sizes = data.draw(st.lists(st.integers(0, 9), max_size=12))
    assert streamed(ThoughtStream(), cut(text, sizes)) == streamed(ThoughtStream(), [text])


def test_a_citation_quotes_the_sentence_that_the_claim_rests_on() -> None:
    evidence = (passage(RETURNS, title="Returns", url="https://shop.example/returns"), passage(DELIVERY, 2))
    text = "Laptops that were opened go back within 14 days [1]. Delivery takes 3 days. [2] Shipping back is free. [1]"
    returns, delivery = citations_in(text, evidence)
    assert (returns.n, returns.source_id, returns.title, returns.url) == (
        1,
        "article-1",
        "Returns",
        "https://shop.example/returns",
    )
    assert returns.quote in RETURNS
    assert delivery.quote == DELIVERY
    (one,) = citations_in("Shipping is free for a return [1].", evidence)
    assert one.quote == "Return shipping is free."


def test_a_cited_fact_is_quoted_in_its_own_words() -> None:
    evidence = (passage(RETURNS), FACT)
    citations = citations_in("It plays for 30 hours [2].", evidence)
    assert (citations[0].quote, citations[0].title) == ("Quietly · battery_hours · 30", "Quietly")
    assert cited_facts(citations, evidence) == (FACT,)
    assert cited_facts(citations_in("Free [1].", evidence), evidence) == ()
