"""What questions bring with them, learnt from questions and the passages that answered them."""

from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.index.lexical import LexicalIndex
from knowledge.retrieval.expansion import Expansion, learn_expansion, load_expansion, save_expansion
from knowledge.types import Passage

PAIRS = [
    *[({"wallet", "lost"}, {"card", "stolen", "replac", "wallet"})] * 4,
    *[({"cost", "transfer"}, {"fee", "transfer", "card"})] * 4,
    *[({"open", "hour"}, {"monday", "card"})] * 8,
]


def test_what_comes_with_answers_far_more_than_usual_is_learnt() -> None:
    learnt = learn_expansion(PAIRS)
    assert set(learnt.of({"wallet"})) == {"stolen", "replac"}
    assert set(learnt.of({"cost"})) == {"fee"}
    assert all(0 < weight < 1 for weight in learnt.of({"wallet", "cost"}).values())


def test_few_pairs_teach_nothing() -> None:
    assert learn_expansion(PAIRS[:2]).associations == {}
    assert learn_expansion([]).of({"wallet"}) == {}


def test_it_finds_a_passage_that_shares_no_word_with_the_question() -> None:
    texts = {"a": "Replace a stolen card.", "b": "Opening hours on Monday."}
    index = LexicalIndex.build(
        [Passage(id=id_, source_id=id_, title="", section=(), text=text, position=0) for id_, text in texts.items()]
    )
    assert index.scores("my wallet").body.max() == 0
    found = index.scores("my wallet", learn_expansion(PAIRS)).body
    assert found[index.rows["a"]] > found[index.rows["b"]] == 0


def test_it_is_kept_and_a_broken_file_is_named(tmp_path: Path) -> None:
    assert load_expansion(tmp_path) == Expansion()
    save_expansion(tmp_path, learn_expansion(PAIRS))
    assert load_expansion(tmp_path).of({"wallet"}) == pytest.approx(learn_expansion(PAIRS).of({"wallet"}), abs=1e-3)
    (tmp_path / "expansion.json").write_text("[1]", "utf-8")
    with pytest.raises(KnowledgeError, match=r"expansion\.json"):
        load_expansion(tmp_path)
