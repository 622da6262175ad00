"""The lexical index: many small updates answer as one build does, and as bm25s does."""

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.index.lexical import LexicalIndex
from knowledge.text.words import words
from knowledge.types import Passage

WORDS = "fee card gold silver transfer limit refund 退货 运费 保修 电池 会员 month 30 day".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
CHANGES = st.lists(
    st.tuples(st.dictionaries(st.integers(0, 15), TEXTS, max_size=6), st.frozensets(st.integers(0, 15), max_size=4)),
    min_size=1,
    max_size=6,
)


def passage(number: int, text: str) -> Passage:
    return Passage(
        id=f"p{number}", source_id=f"doc {number % 3}", title=text[:9], section=("Fees",), text=text, position=0
    )


def scores_by_id(index: LexicalIndex, question: str) -> dict[str, float]:
    found = index.scores(question)
    both = {"body": found.body, "head": found.head}
    return {f"{field} {id_}": float(scores[row]) for field, scores in both.items() for id_, row in index.rows.items()}


@given(CHANGES, TEXTS)
@settings(max_examples=60, deadline=None)
def test_updates_answer_as_one_build_does(changes: list[tuple[dict[int, str], frozenset[int]]], question: str) -> None:
    index = LexicalIndex.build([])
    held: dict[int, str] = {}
    for number, (put, removed) in enumerate(changes):
        gone = removed - put.keys()
        index = index.updated([passage(key, text) for key, text in put.items()], [f"p{key}" for key in gone], number)
        held = {key: text for key, text in (held | put).items() if key not in gone}
    whole = LexicalIndex.build([passage(key, text) for key, text in held.items()])
    assert scores_by_id(index, question) == pytest.approx(scores_by_id(whole, question), abs=2e-4)
    assert index.known_share(words(question)) == whole.known_share(words(question))


def test_scores_are_those_of_bm25s() -> None:
    texts = [" ".join(np.random.default_rng(seed).choice(WORDS, 5 + seed % 30)) for seed in range(80)]
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    peer.index([words(text) for text in texts], show_progress=False)
    index = LexicalIndex.build([])
    for start in range(0, 80, 7):
        index = index.updated([passage(n, texts[n]) for n in range(start, min(start + 7, 80))], (), start)
    found = index.scores("gold card fee 退货").body
    theirs = peer.get_scores(words("gold card fee 退货"))
    assert [found[index.rows[f"p{n}"]] for n in range(80)] == pytest.approx(theirs.tolist(), rel=1e-4)


def test_a_saved_index_is_the_same_and_damage_is_noticed(tmp_path: Path) -> None:
    index = LexicalIndex.build([passage(n, " ".join(WORDS[n:])) for n in range(10)], upto=10)
    index.save(tmp_path)
    index = index.updated([passage(3, "gold")], ["p4"], 12)
    index.save(tmp_path)
    again = LexicalIndex.load(tmp_path)
    assert again is not None
    assert again.upto == LexicalIndex.saved_upto(tmp_path) == 12
    assert scores_by_id(again, "gold fee 保修") == pytest.approx(scores_by_id(index, "gold fee 保修"))
    assert "p4" not in again.rows
    for file in tmp_path.glob("*.npz"):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert LexicalIndex.load(tmp_path) is None


def test_a_save_that_is_killed_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = LexicalIndex.build([passage(1, "gold card")], upto=1)
    index.save(tmp_path)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("knowledge.index.lexical.os.fsync", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        index.updated([passage(2, "silver card")], (), 2).save(tmp_path)
    again = LexicalIndex.load(tmp_path)
    assert again is not None
    assert again.upto == 1
    assert again.ids == ["p1"]


def test_a_term_is_held_by_the_rows_meant_and_the_living_only() -> None:
    index = LexicalIndex.build([passage(1, "gold card"), passage(2, "silver card")]).updated([passage(3, "fee")], (), 1)
    shown = np.array([id_ != "p1" for id_ in index.ids])
    assert index.holds("card", shown)
    assert index.holds("fee", shown)
    assert not index.holds("gold", shown)
    gone = index.updated([], ["p1"], 2)
    assert not gone.holds("gold", np.ones(len(gone.ids), dtype=np.bool_))
    assert gone.known_share({"gold", "silver"}) == 0.5
