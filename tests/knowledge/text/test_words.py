"""Terms, names and parts of questions."""

import numpy as np

from knowledge.index.names import Names
from knowledge.question.parts import take_apart
from knowledge.retrieval.hybrid import SIGNALS, FusionWeights, fuse, interleave
from knowledge.text.words import words
from knowledge.types import Passage


def passage(source_id: str, title: str) -> Passage:
    return Passage(id=f"{source_id}#0", source_id=source_id, title=title, section=(), text="x", position=0)


def names() -> Names:
    products = ["Silver Saver", "Silver Plus Saver", "Gold Card", "Navy Blue Account", "Blue Account"]
    topics = ["Fees", "Limits", "Support", "Getting started"]
    others = [passage(f"other {n}", f"Topic {n}") for n in range(60)]
    return Names.learn(
        [passage(f"{product}-{topic}", f"{product}: {topic}") for product in products for topic in topics] + others
    )


def test_words_are_stemmed_and_chinese_is_cut_into_characters_and_pairs() -> None:
    assert words("The charges for wires") == ["charg", "wire"]
    assert words("保修期 iPhone") == ["保", "修", "期", "保修", "修期", "iphon"]


def test_neighbouring_names_are_told_apart() -> None:
    learnt = names()
    assert learnt.in_question("what does the silver saver cost") == (("silver", "saver"),)
    asked = learnt.in_question("what does the blue account cost")
    assert learnt.match("Blue Account-Fees#0", asked) == 1.0
    assert learnt.match("Navy Blue Account-Fees#0", asked) == 0.0
    assert learnt.match("other 1#0", asked) == 0.5


def test_a_comparison_is_taken_apart_by_name_and_a_compound_by_clause() -> None:
    learnt = names()
    parts = take_apart("Is the wire fee lower with Silver Saver or with the Gold Card?", learnt)
    assert [part.names for part in parts[1:]] == [(("silver", "saver"),), (("gold", "card"),)]
    assert "Gold Card" not in parts[1].text
    parts = take_apart("What is the fee for a wire, and how long does an international transfer take?", learnt)
    assert [part.text for part in parts[1:]] == [
        "What is the fee for a wire",
        "how long does an international transfer take",
    ]
    assert len(take_apart("How much is it?", learnt)) == 1


def test_fusion_leaves_out_silent_arms() -> None:
    silent = np.zeros((2, len(SIGNALS)), dtype=np.float32)
    heard = silent.copy()
    heard[1, SIGNALS.index("body")] = 1
    assert fuse(silent, FusionWeights(span=1, body=1)).sum() == 0
    assert fuse(heard, FusionWeights(span=1, body=1)).argmax() == 1
    assert interleave([["w1", "w2"], ["a", "b"], ["c", "a"]], 4) == ["a", "c", "w1", "b"]


def test_what_a_reader_takes_for_one_word_is_one() -> None:
    assert words("電池保修") == words("电池保修")
    assert words("ＶＩＰ１２３") == words("VIP123")
    assert words("Gold™ card’s") == words("gold™ card's")


def test_accents_are_folded() -> None:
    assert words("The crèche in Zürich") == words("the creche in zurich")
