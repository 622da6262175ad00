"""The real Chinese graph: how long it takes, and that it answers the development questions."""

import json
import os
import time
from pathlib import Path

import pytest

from agent.generate.graph.composer import compose
from agent.types import DecisionKind
from knowledge.graph import KnowledgeGraph

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[3].parent / "shared" / "data"))

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not (DATA / "beijing").exists(), reason="needs ../shared/data or PARLEY_DATA"),
]


@pytest.fixture(scope="module")
def beijing(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    graph = KnowledgeGraph.open(tmp_path_factory.mktemp("beijing"))
    graph.import_file(DATA / "beijing" / "records.jsonl")
    return graph


def test_importing_is_quick_and_twice_is_quicker(tmp_path: Path) -> None:
    graph = KnowledgeGraph.open(tmp_path)
    start = time.process_time()
    assert graph.import_file(DATA / "beijing" / "records.jsonl").entities == 2549
    assert time.process_time() - start < 60
    start = time.process_time()
    assert graph.import_file(DATA / "beijing" / "records.jsonl").unchanged
    assert time.process_time() - start < 3


@pytest.mark.parametrize(("kind", "floor"), [("kg_1hop", 0.97), ("kg_2hop", 0.9), ("unanswerable", 0.93)])
def test_the_development_questions(beijing: KnowledgeGraph, kind: str, floor: float) -> None:
    lines = (DATA / "questions" / "beijing_dev.jsonl").read_text("utf-8").splitlines()
    cases = [case for line in lines if (case := json.loads(line))["kind"] == kind]
    assert sum(_right(beijing, case) for case in cases) >= floor * len(cases)


def _right(graph: KnowledgeGraph, case: dict) -> bool:
    draft = compose(graph.answer(case["question"]), "zh")
    answers = draft.decision is DecisionKind.ANSWER and bool(draft.text)
    if not case["answerable"]:
        return not answers
    said = _plain(draft.text)
    held = all(any(_plain(text) in said for text in group) for group in case["must_include"])
    return answers and held and not any(_plain(text) in said for text in case.get("must_exclude", []))


def _plain(text: str) -> str:
    return "".join(text.replace("**", "").lower().split())
