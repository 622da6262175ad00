"""A model of intents: trained, packed, read back the same; strangers told apart; damage refused."""

from pathlib import Path

import numpy as np
import pytest

from agent.errors import BundleError
from agent.samples import sample_path
from agent.training.bundle import Bundle, Task, read_bundle, write_bundle
from agent.training.classifier import open_classifier
from agent.training.data import Labelled, read_labelled
from agent.training.intents import sentences
from agent.training.intents.mixing import telling_names
from agent.training.intents.model import IntentModel, open_intents
from agent.training.intents.train import train_intents
from agent.training.train import train
from knowledge.embedders import use

needs_minilm = pytest.mark.skipif(not sentences.is_available(), reason="the extra `embeddings` is not installed")
needs_encoder = pytest.mark.skipif(
    not sentences.is_available(multilingual=True), reason="the extra `embeddings` is not installed"
)


@pytest.fixture(scope="module")
def examples() -> Labelled:
    return read_labelled(sample_path() / "utterances.csv")


@pytest.fixture(scope="module")
def by_words(examples: Labelled) -> Bundle:
    return train_intents(examples, with_sentences=False)


@pytest.fixture(scope="module")
def model(by_words: Bundle) -> IntentModel:
    return open_intents(by_words)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("where is my order?", "order_status"),
        ("我想退货", "return_request"),
        ("我想退貨", "return_request"),
        ("let me talk to a human please", "talk_to_person"),
        ("你们几点开门", "store_hours"),
    ],
)
def test_both_languages_are_understood(model: IntentModel, text: str, intent: str) -> None:
    (found,) = model.predict([text])
    assert found.label == intent
    assert found.out_of_scope < model.threshold
    assert sum(found.scores.values()) == pytest.approx(1, abs=1e-3)
    assert list(found.scores.values()) == sorted(found.scores.values(), reverse=True)


@pytest.mark.parametrize("text", ["recite a poem about tectonic plates", "珠穆朗玛峰海拔多少米"])
def test_a_stranger_stands_out(model: IntentModel, text: str) -> None:
    known, stranger = model.predict(["where is my order?", text])
    assert stranger.out_of_scope > 2 * known.out_of_scope


def test_names_of_intents_teach_where_examples_are_few() -> None:
    said = {
        "parking_place": ["where can I leave my car", "is there a garage", "room for a van at night"],
        "breakfast_time": ["when can I eat in the morning", "is there coffee at seven", "how late are eggs served"],
        "refund_request": ["I want my money back", "please return what I paid", "give me back the deposit"],
    }
    pairs = [(text, label) for label, texts in said.items() for text in texts]
    model = open_intents(train_intents(Labelled(*zip(*pairs, strict=True)), with_sentences=False))
    found = model.predict(["parking place", "breakfast time", "refund request"])
    assert [one.label for one in found] == list(said)
    assert telling_names(("parking_place", "w2"), 4) == telling_names(("parking_place",), 400) == []


def test_oos_is_no_label(by_words: Bundle) -> None:
    assert "oos" not in by_words.card.labels
    assert by_words.card.metrics["out-of-scope AUROC, near-domain"] > 0.55
    assert by_words.card.metrics["out-of-scope AUROC, other fields"] > 0.6
    assert "out-of-scope recall, examples given" in by_words.card.metrics


def test_a_bundle_reads_back_the_same(tmp_path: Path, by_words: Bundle, model: IntentModel) -> None:
    write_bundle(by_words, tmp_path / "intents")
    again = open_classifier(tmp_path / "intents")
    texts = ["where is my order?", "退款", "", "🙂"]
    assert [one.label for one in again.predict(texts)] == [one.label for one in model.predict(texts)]
    assert "accuracy" in (tmp_path / "intents" / "card.md").read_text("utf-8")


@pytest.mark.parametrize(
    "broken",
    ["lines weights", "idf words", "blends without", "strangers without", "latent columns", "latent kernel anchors"],
)
def test_a_missing_part_is_named(by_words: Bundle, broken: str) -> None:
    arrays = {name: array for name, array in by_words.arrays.items() if name != broken}
    with pytest.raises(BundleError, match=broken):
        open_intents(Bundle(card=by_words.card, arrays=arrays, terms=by_words.terms))


@pytest.mark.parametrize("part", ["lines weights", "latent directions"])
def test_parts_that_do_not_fit_are_refused(by_words: Bundle, part: str) -> None:
    arrays = {**by_words.arrays, part: by_words.arrays[part][:-3]}
    with pytest.raises(BundleError, match="damaged"):
        open_intents(Bundle(card=by_words.card, arrays=arrays, terms=by_words.terms))


def test_each_script_has_strangers_of_its_own_by_one_threshold(by_words: Bundle) -> None:
    latin, han = by_words.arrays["strangers without"]
    assert latin[-1] == han[-1]
    assert (latin[:-1] != han[:-1]).any()


def test_an_intent_of_one_example_is_learned(examples: Labelled) -> None:
    few = examples.take(
        [n for n, label in enumerate(examples.labels) if label in {"warranty", "repair", "store_hours"}]
    )
    data = Labelled((*few.texts, "do you sell / rent kayaks"), (*few.labels, "皮划艇 / 租赁"))
    (found,) = open_intents(train_intents(data, with_sentences=False)).predict(["can I rent kayaks"])
    assert found.label == "皮划艇 / 租赁"


def test_a_bundle_of_lines_alone_goes_on_speaking(by_words: Bundle) -> None:
    arrays = {name: array for name, array in by_words.arrays.items() if not name.startswith("latent")}
    arrays["blends without"] = arrays["blends without"][:, :1]
    arrays["strangers without"] = arrays["strangers without"][0]  # one for both scripts, as they had
    del arrays["sureness without"]
    (found,) = open_intents(Bundle(card=by_words.card, arrays=arrays, terms=by_words.terms)).predict(["我想退货"])
    assert found.label == "return_request"


def test_two_labels_of_two_examples_are_enough(tmp_path: Path) -> None:
    data = Labelled(("refund me", "money back", "你好", "hello"), ("refund", "refund", "greeting", "greeting"))
    write_bundle(train(Task.INTENT, data, held_out=data, with_sentences=False), tmp_path / "out")
    assert read_bundle(tmp_path / "out").card.metrics["held out, accuracy"] == 1.0
    (found,) = open_classifier(tmp_path / "out").predict(["refund"])
    assert found.label == "refund"


@needs_minilm
def test_sentence_vectors_tell_more(examples: Labelled) -> None:
    english = Labelled(
        *zip(
            *((t, n) for t, n in zip(examples.texts, examples.labels, strict=True) if t.isascii()),
            strict=True,
        )
    )
    bundle = train_intents(english)
    metrics = bundle.card.metrics
    assert metrics["accuracy"] > metrics["accuracy without sentence vectors"]
    model = open_intents(bundle)
    (found,) = model.predict(["my package still hasn't shown up, where did it go"])
    assert found.label == "order_status"
    known, stranger = model.predict(["where is my order", "recite a poem about tectonic plates"])
    assert stranger.out_of_scope > 5 * known.out_of_scope
    probabilities, strange = model.read(["hi", "你好"])
    assert np.isfinite(probabilities).all()
    assert ((strange >= 0) & (strange <= 1)).all()


@pytest.fixture(scope="module")
def in_both() -> Labelled:
    few = {"store_hours", "warranty", "return_request", "order_status", "invoice", "talk_to_person"}
    data = read_labelled(sample_path() / "utterances.csv")
    return data.take([row for row, label in enumerate(data.labels) if label in few])


@needs_encoder
def test_chinese_is_read_as_it_stands(in_both: Labelled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = train_intents(in_both)
    assert bundle.card.settings["multilingual"]
    assert bundle.card.metrics["accuracy"] > bundle.card.metrics["accuracy without sentence vectors"] + 0.1
    write_bundle(bundle, tmp_path / "intents")
    model = open_classifier(tmp_path / "intents")
    asked = {"东西不想要了，能退吗": "return_request", "開一張發票給我": "invoice", "get me a human": "talk_to_person"}
    assert [one.label for one in model.predict(list(asked))] == list(asked.values())
    monkeypatch.setattr(use, "is_available", lambda: False)
    by_words = open_classifier(tmp_path / "intents")
    assert by_words.predict(["我要退货"])[0].label == "return_request"


@needs_encoder
def test_the_encoder_is_not_loaded_for_english_alone(in_both: Labelled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use, "shared", lambda: pytest.fail("it was asked to read"))
    english = in_both.take([row for row, text in enumerate(in_both.texts) if text.isascii()])
    bundle = train_intents(english)
    assert not bundle.card.settings["multilingual"]
    assert open_intents(bundle).predict(["where is my parcel"])[0].label == "order_status"
