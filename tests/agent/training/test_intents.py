"""Intent bundles: trained on the sample's utterances, loaded back the same, refused when damaged."""

from pathlib import Path

import pytest

from agent.errors import BundleError, CallerError
from agent.samples import sample_path
from agent.training.intents import load_intents, train_intents


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    assert train_intents(sample_path() / "utterances.csv", folder) > 0.35  # 32 labels, two languages
    return folder


@pytest.mark.parametrize(
    ("text", "intent"),
    [("where is my parcel", "order_status"), ("我的订单到哪了", "order_status"), ("hello", "greeting")],
)
def test_a_trained_bundle_knows_intents_in_both_languages(bundle: Path, text: str, intent: str) -> None:
    (prediction,) = load_intents(bundle).predict([text])
    assert prediction.intents[0].name == intent
    assert 0 <= prediction.out_of_scope <= 1
    assert all(0 <= score.confidence <= 1 for score in prediction.intents)


def test_a_stranger_is_more_out_of_scope_than_a_known_question(bundle: Path) -> None:
    known, stranger = load_intents(bundle).predict(["where is my order", "recite a poem about tectonic plates"])
    assert stranger.out_of_scope > known.out_of_scope


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"format": 1, "task": "sentiment"}', b"\x80\x04pickle"])
def test_a_damaged_bundle_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "bundle.json").write_bytes(damage)
    with pytest.raises(BundleError, match="train it anew"):
        load_intents(tmp_path)


def test_a_file_without_the_columns_is_named(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(CallerError, match="text,label"):
        train_intents(tmp_path / "data.csv", tmp_path / "out")
