"""Chunking: nothing lost, lists and tables whole where they fit."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.cutting.chunking import split
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
    assert all(len(passage.text) <= 4500 for passage in passages)
    kept = "".join(" ".join(passage.section) + passage.text for passage in passages)
    assert set(re.findall(r"\w", text)) <= set(re.findall(r"\w", kept)) or not passages or "#" in text


@st.composite
def procedures(draw: st.DrawFn) -> tuple[str, list[str]]:
    """An article with one numbered list among prose, and the items of the list, each with what stands under it."""
    words = st.integers(1, 60).map(lambda count: " ".join(["word"] * count) + ".")
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    items = []
    for number in range(1, draw(st.integers(2, 30)) + 1):
        under = draw(st.lists(words, max_size=3))
        item = "\n".join([f"{number}. Step{number} {draw(words)}", *(f"   - Under{number} {text}" for text in under)])
        items.append(item)
    before, after = (["\n\n".join(draw(words) for _ in range(draw(st.integers(0, 40))))] for _ in range(2))
    lead = "Do these in order:"
    content = "\n\n".join([*before, f"## How to\n{lead}{gap}" + gap.join(items), "That is all.", *after])
    return content, items


@settings(max_examples=60)
@given(procedures())
def test_the_steps_of_a_list_stay_together_and_a_long_list_is_cut_between_them(
    procedure: tuple[str, list[str]],
) -> None:
    content, items = procedure
    passages = [passage.text for passage in split(document(content))]
    holding = [text for text in passages if re.search(r"^\d+\. Step", text, re.MULTILINE)]
    assert all("Do these in order:" in text for text in holding)
    assert all(sum(item in text for text in passages) == 1 for item in items)
    if sum(len(item) for item in items) < 3500:
        assert len(holding) == 1


def test_a_long_list_in_chinese_keeps_what_introduces_it() -> None:
    steps = "\n".join(f"{number}、{'请在手机上按提示操作并核对信息' * 4}。" for number in range(1, 60))
    pieces = [passage.text for passage in split(document(f"办理步骤如下：\n{steps}", "zh"))]
    assert len(pieces) > 2
    assert all(re.match(r"办理步骤如下：\n\d+、", text) for text in pieces)
    assert all(text.endswith("。") for text in pieces)
