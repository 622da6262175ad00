"""Models of mood: whatever the labels are called, in both languages; read back from their folder they say the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from agent.errors import BundleError
from agent.training.bundle import Bundle, Task, read_bundle, write_bundle
from agent.training.data import Labelled
from agent.training.mood.model import open_mood
from agent.training.mood.tokens import folded, is_chinese, words
from agent.training.mood.train import distinct, train_mood
from agent.training.mood.voices import Voice
from agent.training.train import train

_GOODS = ["手机", "苹果", "裤子", "被子", "耳机", "牛奶", "台灯", "水壶"]
_PRAISED = ["很好，喜欢", "质量不错", "送得快，满意", "太棒了", "好用，推荐"]
_BLAMED = ["太差了", "坏了，差评", "送得慢，失望", "质量差", "不好用，后悔"]
REVIEWS = Labelled(
    tuple(f"{thing}{said}" for thing in _GOODS for said in (*_PRAISED, *_BLAMED)),
    tuple(label for _ in _GOODS for label in ("1",) * len(_PRAISED) + ("0",) * len(_BLAMED)),
)
_THINGS = ["parcel", "phone", "meal", "room", "ticket", "chair"]
_FELT = {"calm": "where is the {}", "glad": "I love the {}, thank you", "cross": "the {} is awful, I hate it"}
FEELINGS = Labelled(
    tuple(form.format(thing) for thing in _THINGS for form in _FELT.values()), tuple(_FELT) * len(_THINGS)
)


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return train(Task.SENTIMENT, REVIEWS, held_out=Labelled(("台灯不错", "台灯太差"), ("1", "0")))


def test_a_bundle_says_what_it_was_measured_on(bundle: Bundle) -> None:
    assert bundle.card.labels == ("0", "1")
    assert bundle.card.metrics["held out, accuracy"] == 1.0
    assert {"accuracy, cross-validated", "macro F1, cross-validated"} < set(bundle.card.metrics)


def test_goods_that_were_not_trained_on_are_judged_by_what_is_said_of_them(bundle: Bundle) -> None:
    model = open_mood(bundle)
    assert [one.label for one in model.predict(["面条很好吃，送得快", "面条不好吃，送得慢"])] == ["1", "0"]


def test_a_bundle_read_back_says_the_same(bundle: Bundle, tmp_path: Path) -> None:
    write_bundle(bundle, tmp_path / "mood")
    texts = [*REVIEWS.texts[:9], "", "nothing known", "😡"]
    before = open_mood(bundle).probabilities(texts)
    after = open_mood(read_bundle(tmp_path / "mood")).probabilities(texts)
    assert np.allclose(before, after, atol=1e-5)


def test_many_labels_each_have_a_probability() -> None:
    model = open_mood(train_mood(Task.EMOTION, FEELINGS, sentences=False))
    (prediction,) = model.predict(["the lamp is awful, I hate it"])
    assert prediction.label == "cross"
    assert list(prediction.scores) == sorted(prediction.scores, key=lambda label: -prediction.scores[label])
    assert sum(prediction.scores.values()) == pytest.approx(1, abs=1e-3)
    assert prediction.confidence == prediction.scores["cross"]


@pytest.mark.parametrize("lost", ["idf words", "weights opinions", "shares without"])
def test_a_bundle_without_one_of_its_parts_is_damaged(bundle: Bundle, lost: str) -> None:
    arrays = {name: array for name, array in bundle.arrays.items() if name != lost}
    with pytest.raises(BundleError, match="damaged"):
        open_mood(Bundle(card=bundle.card, arrays=arrays, terms=bundle.terms))


def test_parts_that_do_not_fit_are_damage(bundle: Bundle) -> None:
    arrays = {**bundle.arrays, "weights words": bundle.arrays["weights words"][:3]}
    with pytest.raises(BundleError, match="damaged"):
        open_mood(Bundle(card=bundle.card, arrays=arrays, terms=bundle.terms))


def test_labels_that_nothing_bears_out_do_not_teach_unless_they_are_trusted() -> None:
    texts = [f"{text}，{number}号店" for number in range(26) for text in REVIEWS.texts]
    labels = [*REVIEWS.labels] * 26
    wrong = range(0, len(texts), 40)
    for place in wrong:
        labels[place] = "0" if labels[place] == "1" else "1"
    odd = Labelled(("绝绝子的颜色", "做工绝绝子", "大冤种才买", "当了大冤种"), ("1", "1", "0", "0"))
    bundle = train_mood(Task.SENTIMENT, Labelled(tuple(texts), tuple(labels)), trusted=odd)
    assert len(wrong) * 0.9 <= int(str(bundle.card.settings["labels not believed"])) <= len(wrong) * 1.2
    said = open_mood(bundle).predict([*odd.texts, *(texts[place] for place in wrong)])
    assert tuple(one.label for one in said[:4]) == odd.labels
    assert np.mean([one.label == labels[place] for one, place in zip(said[4:], wrong, strict=True)]) < 0.1


def test_weights_as_a_bundle_holds_them_give_the_same_sums() -> None:
    rows = random_array((20, 300), density=0.05, rng=np.random.default_rng(0), format="csr")
    narrow = np.random.default_rng(1).normal(size=(300, 3)).astype(np.float32)
    wide = Voice(weights=narrow.astype(np.float64), bias=np.zeros(3))
    for space in (csr_matrix(rows), csr_matrix((2, 300)), rows.toarray()):
        assert np.array_equal(Voice(weights=narrow, bias=np.zeros(3)).speak(space), wide.speak(space))


def test_a_text_counts_once_and_not_at_all_where_its_labels_differ() -> None:
    data = Labelled(("好", "好", "差", "一般", "一般"), ("1", "1", "0", "1", "0"))
    assert distinct(data) == Labelled(("好", "差"), ("1", "0"))


def test_words_of_both_languages_with_negation_marked() -> None:
    found = words("Not a NICE phone, 质量不错 @someone")
    assert {"nice_not", "质量", "phone_not"} <= set(found)
    assert "nice" not in found
    assert not any("someone" in word for word in found)


def test_the_language_of_the_data_is_that_of_most_texts() -> None:
    assert is_chinese(["很好", "不好", "fine"])
    assert not is_chinese(["good", "很好"])


@given(st.text(max_size=200))
def test_any_text_is_folded_once_for_all(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    words(text)
