"""Files become facts: whole, again, changed, removed, broken."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import InvalidMapping, UnreadableSource
from knowledge.graph import KnowledgeGraph


def test_the_mapping_is_read_off_the_data(tmp_path: Path, town_file: Path) -> None:
    report = KnowledgeGraph.open(tmp_path / "g").import_file(town_file)

    assert report.entities == 9
    assert "name: name" in report.inferred_mapping
    assert "type: kind" in report.inferred_mapping
    assert "周边旅店: inn" in report.inferred_mapping


def test_the_same_file_again_changes_nothing(town: KnowledgeGraph, town_file: Path) -> None:
    before = town.stats()
    assert town.import_file(town_file).unchanged
    assert town.stats() == before


def test_a_changed_file_replaces_its_facts(town: KnowledgeGraph, town_file: Path) -> None:
    town_file.write_text(town_file.read_text("utf-8").replace("0571-1111", "0571-9999"), "utf-8")
    town.import_file(town_file)

    assert town.answer("青松公园的电话").results == ("0571-9999",)


def test_it_is_still_there_after_reopening(town: KnowledgeGraph, tmp_path: Path) -> None:
    assert KnowledgeGraph.open(tmp_path / "town").stats() == town.stats()


def test_a_draft_left_by_a_crash_is_not_read(town: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "town" / "0123.json.new").write_bytes(b'{"format": 1, "entit')
    assert KnowledgeGraph.open(tmp_path / "town").stats() == town.stats()


def test_a_removed_source_is_forgotten(town: KnowledgeGraph) -> None:
    assert town.remove_source("town.jsonl")
    assert town.stats().entities == 0
    assert not town.remove_source("town.jsonl")


def test_broken_lines_are_named_and_the_rest_is_read(tmp_path: Path, town_file: Path) -> None:
    town_file.write_text(town_file.read_text("utf-8") + '{"name": \n[1]\n{"kind": "inn"}\n', "utf-8")
    report = KnowledgeGraph.open(tmp_path / "g").import_file(town_file)

    assert report.entities == 9
    assert len(report.broken) == 3
    assert report.broken[0][0].endswith(":10")


def test_triples(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("head,relation,tail\nAda,phone,0123\nAda,near,Bob\nBob,phone,0456\n", "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "g")
    graph.import_file(path)

    assert graph.answer("What is the phone number of Bob?").results == ("0456",)


def test_a_wrong_mapping_says_what_is_wrong(tmp_path: Path, town_file: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text("nome: x", "utf-8")
    with pytest.raises(InvalidMapping, match="name"):
        KnowledgeGraph.open(tmp_path / "g").import_file(town_file, mapping)


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.text(max_size=4))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(st.text(max_size=6), CELLS, max_size=4), max_size=6))
def test_any_records_are_read_or_refused(tmp_path: Path, records: list[dict[str, object]]) -> None:
    _read(tmp_path / "x.jsonl", "\n".join(json.dumps(record) for record in records).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.binary(max_size=120), st.sampled_from([".csv", ".tsv", ".json", ".jsonl", ".bin"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    _read(tmp_path / f"x{suffix}", content)


def _read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    graph = KnowledgeGraph.open(path.parent / "fuzz")
    try:
        graph.import_file(path)
    except (UnreadableSource, InvalidMapping):
        return
    graph.stats()
