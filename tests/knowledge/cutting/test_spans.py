"""Spans: nothing invented, nothing cut in two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.cutting.spans import SpanKind, plain, split_sentences, split_spans

MARKDOWNISH = st.text(alphabet=st.sampled_from(list("aB 1.,:;!?。！？（）\"'|-#*\n\t天元$%")), max_size=200) | st.text(
    max_size=200
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs $1,000.00 a year. The rate is 1.5% p.a. or less.", 2),
        ("We close at 5 p.m. Monday to Friday.", 1),
        ("We close at 5 p.m. You can call again tomorrow.", 2),
        ("See e.g. Dr. Smith of Acme Inc. for help.", 1),
        ("退款需要3天。请等待！价格是1.5%吗？", 3),
        ("他说“好的。”然后挂断了。", 2),
        ("Version 2.0 is out! Really? Yes", 3),
    ],
)
def test_a_sentence_is_never_cut(text: str, expected: int) -> None:
    assert len(split_sentences(text)) == expected


def test_items_and_rows_know_what_introduces_them() -> None:
    text = "## Limits\nPer day:\n- **ATM**: $500\n  - abroad: $300\n\n| Plan | Fee |\n|---|---|\n| Gold | $5 |\n"
    spans = split_spans(text)
    assert [(span.kind, plain(span.text), span.lead) for span in spans] == [
        (SpanKind.SENTENCE, "Per day:", ""),
        (SpanKind.ITEM, "ATM: $500", "Per day:"),
        (SpanKind.ITEM, "abroad: $300", "ATM: $500"),
        (SpanKind.ROW, "| Gold | $5 |", "| Plan | Fee |"),
    ]
    assert {span.heading for span in spans} == {"Limits"}


@given(MARKDOWNISH)
def test_offsets_reproduce_the_text_in_order(text: str) -> None:
    end = 0
    for span in split_spans(text):
        assert text[span.start : span.end] == span.text == span.text.strip()
        assert span.start >= end
        end = span.end
