"""The packaged cross-encoder says what ONNX Runtime makes of its file, read by us weight by weight."""

import numpy as np
import pytest

from knowledge.embedders.bert import Bert
from knowledge.rerankers import packaged

pytestmark = pytest.mark.skipif(not packaged.is_available(), reason="needs the extra `embeddings`")

QUESTION = "How long do I have to return something?"
TEXTS = ("You may return it within 30 days.", "Our shops are open from nine.", "Returns are free. " * 40)


@pytest.fixture(scope="module")
def said_by_the_file() -> list[float]:
    import onnxruntime as ort

    session = ort.InferenceSession(str(packaged.folder() / "model.onnx"))
    read = packaged.tokenizer(128).encode_batch([(QUESTION, text) for text in TEXTS])
    names = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
    given = [{name: np.array([getattr(one, kind)]) for name, kind in names.items()} for one in read]
    return [float(session.run(None, one)[0][0, 0]) for one in given]


def test_logits_are_those_of_the_file(said_by_the_file: list[float]) -> None:
    weights = packaged.weights()
    model = Bert(weights=weights, layers=packaged.LAYERS)
    read = packaged.tokenizer(128).encode_batch([(QUESTION, text) for text in TEXTS])
    first = np.stack([model.read([one.ids], [one.type_ids], (packaged.LAYERS,))[0][0, 0] for one in read])
    pooled = np.tanh(first @ weights("pooler.dense.weight").T + weights("pooler.dense.bias"))
    assert (pooled @ packaged.head()[0]).tolist() == pytest.approx(
        said_by_the_file, abs=0.7
    )  # a file read in bytes by coarser scales


def test_rows_of_a_table_are_read_when_they_are_asked_for() -> None:
    table = packaged.weights().looked_up("embeddings.position_embeddings.weight")
    assert table[:3].shape == (3, packaged.DIMENSIONS)
    assert np.array_equal(table[:3][1], table[np.array([1])][0])
