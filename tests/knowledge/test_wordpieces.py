"""Tokenizers that share a vocabulary cut as each of their files says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.embedders import bert
from knowledge.rerankers import packaged

tokenizers = pytest.importorskip("tokenizers")

pytestmark = pytest.mark.skipif(not packaged.is_available(), reason="needs the extra `embeddings`")

TEXTS = ("How long do I have to return it?", "Café №5 [SEP] ＡＢＣ 退货\t🙂", "unaffable " * 90, "")


@pytest.mark.parametrize(("folder", "tokenizer"), [(one.folder, one.tokenizer) for one in (bert, packaged)])
def test_ids_are_those_of_the_file(folder: Callable[[], Path], tokenizer: Callable[[int], Any]) -> None:
    alone = tokenizers.Tokenizer.from_file(str(folder() / "tokenizer.json"))
    alone.no_padding()
    alone.enable_truncation(64)
    shared = tokenizer(64)
    pairs = [(one, other) for one in TEXTS for other in TEXTS]
    for read, known in zip(shared.encode_batch([*TEXTS, *pairs]), alone.encode_batch([*TEXTS, *pairs]), strict=True):
        assert (read.ids, read.type_ids) == (known.ids, known.type_ids)


def test_each_has_its_own_length() -> None:
    long, short = bert.tokenizer(256), packaged.tokenizer(16)
    assert len(short.encode(TEXTS[2]).ids) == 16
    assert len(long.encode(TEXTS[2]).ids) == 256
