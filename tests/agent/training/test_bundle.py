"""Bundles: read back as written, refused when damaged, never executed."""

from pathlib import Path

import numpy as np
import pytest

from agent.errors import BundleError, CallerError
from agent.training.bundle import Bundle, Card, Task, read_bundle, read_card, write_bundle


def _bundle(label: str = "ja") -> Bundle:
    card = Card(task=Task.INTENT, model="linear", labels=(label, "其他"), examples=3, data_sha256="0" * 64)
    return Bundle(card=card, arrays={"weights": np.eye(2)}, terms={"words": ["你好", "refund"]})


def test_a_bundle_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    write_bundle(_bundle(), tmp_path / "one")
    read = read_bundle(tmp_path / "one")
    assert read.card == _bundle().card.model_copy(update={"trained_at": read.card.trained_at})
    assert np.array_equal(read.arrays["weights"], np.eye(2))
    assert read.terms == {"words": ["你好", "refund"]}
    assert "`ja`" in (tmp_path / "one" / "card.md").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_newer_bundle_takes_the_place_of_an_older_one_and_of_nothing_else(tmp_path: Path) -> None:
    write_bundle(_bundle(), tmp_path / "one")
    write_bundle(_bundle("nein"), tmp_path / "one")
    assert read_card(tmp_path / "one").labels == ("nein", "其他")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(CallerError, match="no bundle"):
        write_bundle(_bundle(), tmp_path / "photos")
    assert (tmp_path / "photos" / "cat.jpg").read_bytes() == b"cat"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("bundle.json", b""),
        ("bundle.json", b'{"format": 2, "task": "poetry"}'),
        ("terms.json", b'{"words": [1]}'),
        ("terms.json", b"{"),
        ("numbers.npz", b""),
        ("numbers.npz", b"PK\x03\x04 broken"),
        ("numbers.npz", b"\x80\x04\x95pickle"),
    ],
)
def test_a_damaged_bundle_is_refused(tmp_path: Path, file: str, content: bytes) -> None:
    write_bundle(_bundle(), tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(BundleError, match="train it anew"):
        read_bundle(tmp_path)


def test_numbers_that_hold_objects_are_refused(tmp_path: Path) -> None:
    write_bundle(_bundle(), tmp_path)
    np.savez(tmp_path / "numbers.npz", weights=np.array([{"any": "object"}], dtype=object))
    with pytest.raises(BundleError, match="train it anew"):
        read_bundle(tmp_path)
