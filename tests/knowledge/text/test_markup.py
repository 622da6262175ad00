"""Marks of Markdown stay whole wherever a text is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.cutting.spans import split_spans
from knowledge.text.markup import cut, marks

MARKED = st.text(alphabet=st.sampled_from(list("a元。. **__``~[](/)|\n\\")), max_size=80)


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("**One. Two.** Three", "**One.", "One."),
        ("**一。二。**三", "二。**", "二。"),
        ("Pay **$5** now", "Pay **$5** now", "Pay **$5** now"),
        ("[Read this. Or that](https://a.example) first", "Or that](https://a.example) first", "Or that first"),
        ("[Read this. Or that](https://a.example) first", "[Read this.", "Read this."),
        ("See [this](https://a.example).", "See [this](https://a.example).", "See [this](https://a.example)."),
        ("Type `a. b` here", "Type `a.", "Type a."),
        ("Type `a ** b. c`", "Type `a ** b.", "Type a  b."),
        ("***Both* bold. And** not", "***Both* bold.", "*Both* bold."),
        ("*Note. This* holds", "*Note.", "Note."),
        ("A rate of 4.5%* p.a.", "A rate of 4.5%* p.a.", "A rate of 4.5%* p.a."),
        ("Left **open", "Left **open", "Left open"),
        ("Set user_id and my_name", "Set user_id and my_name", "Set user_id and my_name"),
        (r"Not \*\*bold\*\*", r"Not \*\*bold\*\*", r"Not \*\*bold\*\*"),
        ("- **One\n- two** three", "two** three", "two three"),
    ],
)
def test_a_cut_leaves_no_half_of_a_pair(text: str, part: str, expected: str) -> None:
    start = text.index(part)
    assert cut(text, start, start + len(part)) == expected


@given(MARKED, st.integers(0, 80), st.integers(0, 80))
def test_whatever_is_cut_has_no_stray_marks(text: str, start: int, length: int) -> None:
    assert not marks(cut(text, start, min(len(text), start + length))).strays


@pytest.mark.parametrize("text", ["得**1分**，14天后到账。**100分抵2美元**。满**500分**可用！**好**", "**好。**再见。"])
def test_a_mark_that_opens_after_a_stop_belongs_to_the_next_sentence(text: str) -> None:
    assert [span.text for span in split_spans(text) if span.text.count("**") % 2] == []
