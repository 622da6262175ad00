"""Rerankers: a server that is asked for scores, a cross-encoder in a folder, and search that goes on without."""

import json
from pathlib import Path

import httpx
import pytest

from knowledge.errors import KnowledgeError
from knowledge.library import Library, SearchTuning
from knowledge.rerankers.cross_encoder import CrossEncoderReranker
from knowledge.rerankers.endpoint import EndpointReranker
from knowledge.rerankers.reranker import RerankerChoice


def scorer(request: httpx.Request) -> httpx.Response:
    """Longer texts answer better; rows come in any order."""
    body = json.loads(request.content)
    rows = [{"index": at, "score": float(len(text))} for at, text in enumerate(body["text_2"])]
    return httpx.Response(200, json={"data": rows[::-1]})


def endpoint(answer: httpx.Response | None = None) -> EndpointReranker:
    transport = httpx.MockTransport(scorer if answer is None else lambda _: answer)
    return EndpointReranker(base_url="http://scores/v1", model="m", transport=transport)


def test_a_servers_scores_come_back_in_order() -> None:
    reranker = endpoint()
    assert reranker.scores("q", ["aaa", "b", "cc"]) == [3.0, 1.0, 2.0]
    reranker.close()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="no json"),
        httpx.Response(200, json={"data": []}),
        httpx.Response(200, json={"data": [{"index": 0}]}),
    ],
)
def test_a_server_that_answers_badly_is_named(answer: httpx.Response) -> None:
    with pytest.raises(KnowledgeError, match="http://scores/v1"):
        endpoint(answer).scores("q", ["a"])


def test_the_reranker_has_the_last_word_and_its_failure_is_recorded(library: Library) -> None:
    plain = [one.passage.id for one in library.search("return shipping", 5).passages]
    search = library.ranking
    search.use_reranker(endpoint())
    found = library.search("return shipping", 5)
    lengths = [len(one.passage.title) + len(one.passage.text) for one in found.passages]
    assert lengths == sorted(lengths, reverse=True)
    search.use_reranker(endpoint(httpx.Response(503)))
    found = library.search("return shipping", 5)
    assert [one.passage.id for one in found.passages] == plain
    assert "503" in found.failed_arms["reranker"]


def test_a_server_that_is_not_there_costs_its_timeout_at_most(tmp_path: Path, docs: Path) -> None:
    choice = RerankerChoice(base_url="http://127.0.0.1:9", model="m", timeout_s=0.2)
    library = Library.open(tmp_path / "library", "corpus", SearchTuning(reranker=choice))
    library.ingest([docs])
    found = library.search("return shipping", 2)
    assert found.passages[0].passage.source_id == "docs/returns.md"
    assert "reranker" in found.failed_arms
    library.close()


def test_a_folder_that_holds_no_model_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no folder of a cross-encoder"):
        RerankerChoice(model=str(tmp_path)).make()


def test_a_cross_encoder_made_on_the_spot_scores_pairs(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
    (tmp_path / "vocab.txt").write_text("\n".join(vocabulary), "utf-8")
    BertTokenizerFast(vocab_file=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = BertConfig(vocab_size=len(vocabulary), num_labels=1, **sizes)
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    reranker = CrossEncoderReranker(tmp_path)
    found = reranker.scores("a b", ["a b c", "x y z"])
    assert len(found) == 2
    assert found == reranker.scores("a b", ["a b c", "x y z"])
