"""Chunking: nothing lost, lists and tables whole where they fit."""

import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunking import split
from knowledge.types import Document


def document(content: str, language: str = "en") -> Document:
    return Document(source_id="d", title="T", content=content, language=language)


def test_a_short_article_is_one_passage_with_its_headings() -> None:
    (passage,) = split(document("Intro.\n\n## Fees\nFive.\n\n## Limits\nTen."))
    assert passage.text == "Intro.\n\n## Fees\nFive.\n\n## Limits\nTen."
    assert passage.section == ()


def test_a_long_article_is_cut_at_headings_that_it_keeps() -> None:
    passages = split(document("\n".join(f"## Part {n}\n### Inner\n{'word ' * 250}" for n in range(3))))
    assert [passage.section for passage in passages] == [("Part 0", "Inner"), ("Part 1", "Inner"), ("Part 2", "Inner")]
    assert [passage.id for passage in passages] == ["d#0", "d#1", "d#2"]


def test_a_list_stays_whole_and_a_long_table_repeats_its_header() -> None:
    listing = "\n".join(f"- item {n}" for n in range(80))
    passages = split(document(f"## A\n{'x ' * 600}\n## B\n{listing}"))
    assert passages[-1].text == listing
    table = "| a | b |\n|---|---|\n" + "\n".join(f"| row {n} | {'v' * 50} |" for n in range(100))
    pieces = split(document(table))
    assert len(pieces) > 2
    assert all(piece.text.startswith("| a | b |\n|---|---|\n| row") for piece in pieces)


def test_chinese_is_cut_after_sentences() -> None:
    passages = split(document("这是一个很长的句子，用来测试分段。" * 100, "zh"))
    assert len(passages) > 2
    assert all(passage.text.endswith("。") for passage in passages)


@given(st.text(alphabet=st.sampled_from(list("ab #-|\n`.。字")), max_size=400) | st.text(max_size=3000))
def test_no_word_is_lost_and_none_is_too_long(text: str) -> None:
    passages = split(document(text))
    assert all(len(passage.text) <= 2500 for passage in passages)
    kept = "".join(" ".join(passage.section) + passage.text for passage in passages)
    assert set(re.findall(r"\w", text)) <= set(re.findall(r"\w", kept)) or not passages or "#" in text
