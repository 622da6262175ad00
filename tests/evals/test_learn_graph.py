"""What step 4 of learning finds of what was hidden from the real Chinese graph: floors on dialogues not tuned on."""

import os
import random
from pathlib import Path

import pytest

from agent.learning.graph.known import Known, plain
from agent.learning.graph.links import propose_links
from agent.learning.graph.speaking import listen
from evals.benchmarks.learn_graph import Told, hide_links, made, read_dialogues, rename
from knowledge.graph import KnowledgeGraph
from knowledge.graph.entities import EntityRecord
from knowledge.graph.name_table import fold

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[2].parent / "shared" / "data"))


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "beijing").exists(), reason="needs ../shared/data or PARLEY_DATA")
def test_hidden_edges_are_found_and_the_surest_proposals_are_right(tmp_path: Path) -> None:
    graph = KnowledgeGraph.open(tmp_path)
    graph.import_file(DATA / "beijing" / "records.jsonl")
    records = [record for _, record in graph.records()]
    graph.close()
    dialogues = read_dialogues(DATA, "measure")
    left = hide_links(records, 0.15, random.Random(7))
    true = {(k, r): held for (k, r), held in Known.of(records).links.items()}
    known = Known.of(left)
    with made(left) as hidden_graph:
        talks = list(listen(dialogues.conversations, hidden_graph))
    found = list(propose_links(known, talks))
    right = [p for p in found if plain(p.tail) in true.get(((p.head_type, p.head), p.relation), {})]
    sure = [p for p in found if p.score >= 0.9]
    hidden = {
        Told(fold(k[1]), r, v) for (k, r), held in true.items() for v in held if v not in known.links.get((k, r), {})
    } & dialogues.informed
    recalled = hidden & {Told(fold(p.head), p.relation, plain(p.tail)) for p in right}
    assert len(recalled) >= 0.6 * len(hidden)
    assert sum(p in right for p in sure) >= 0.9 * len(sure)


def test_other_forms_of_names_are_new_names() -> None:
    records = [EntityRecord(name=f"北京第{n}大饭店(前门店)", type="酒店") for n in "一二三四五六七"]
    forms = rename(records, 1.0, random.Random(3))
    assert set(forms) == {record.name for record in records}
    assert not set(forms) & set(forms.values())
