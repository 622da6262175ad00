"""Terms are counted as scikit-learn counts them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from agent.training.term_counting import Cut, TermCounter, runs, runs_in_words

TEXTS = st.lists(st.text("ab 退é\t\n", max_size=12), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("kind", "lengths", "cut"),
    [
        ("char", (1, 4), lambda text: runs(text, 1, 4)),
        ("char_wb", (2, 5), lambda text: runs_in_words(text, 2, 5)),
    ],
)
@settings(max_examples=50)
@given(TEXTS, TEXTS)
def test_runs_of_characters_are_those_of_scikit_learn(
    kind: str, lengths: tuple[int, int], cut: Cut, learnt: list[str], read: list[str]
) -> None:
    theirs = CountVectorizer(analyzer=kind, ngram_range=lengths, lowercase=False)
    try:
        counted = theirs.fit_transform(learnt)
    except ValueError:  # no terms at all
        with pytest.raises(ValueError, match="no term"):
            TermCounter.learn(cut, learnt)
        return
    ours = TermCounter.learn(cut, learnt)
    assert list(ours.terms) == theirs.get_feature_names_out().tolist()
    assert np.array_equal(ours.count(learnt).matrix().toarray(), counted.toarray())
    assert np.array_equal(ours.count(read).matrix().toarray(), theirs.transform(read).toarray())


def test_chinese_is_not_taken_for_the_latin_letters_that_have_its_bytes_in_memory() -> None:
    rows = TermCounter(list, ["换", "慢", "扫"]).count(["换扫扫"])
    assert rows.matrix().toarray().tolist() == [[1, 0, 2]]
    assert TermCounter(str.split, ["换", "慢慢"]).count(["bc baba"]).matrix().nnz == 0


def test_rare_terms_are_left_out_and_rows_have_their_length() -> None:
    counter = TermCounter.learn(str.split, ["a a b", "a c", ""], rarest=2)
    assert list(counter.terms) == ["a"]
    rows = TermCounter(str.split, ["a", "b"]).count(["b a a a a", "c", ""])
    assert rows.matrix().toarray().tolist() == [[4, 1], [0, 0], [0, 0]]
    assert rows.sums(rows.data**2).tolist() == [17, 0, 0]
    assert counter.count([]).shape == (0, 1)
