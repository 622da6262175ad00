"""What a source states for the company's own people never reaches the public, by whatever way it is asked for."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphStatus

SECRET = """name,category,brand,price_usd,cost_usd,supplier,code_name,works_with
Orbix Note,laptop,Orbix,,311,Darkwater,Blackbird,
Phantom,laptop,Orbix,1,2,Darkwater,Nightjar,Orbix Note
幽灵本,laptop,Orbix,3,4,暗水公司,夜鹰,Orbix Note
"""
MARKS = ("311", "Darkwater", "Blackbird", "Nightjar", "Phantom", "暗水", "幽灵", "夜鹰", "cost", "supplier")
MAPPING = "name: name\ntype: category\naliases: [code_name]\nattributes: [price_usd, cost_usd, supplier, brand]\nrelations: {works_with: laptop}\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    secret, mapping = tmp_path / "secret.csv", tmp_path / "mapping.yaml"
    secret.write_text(SECRET, "utf-8")
    mapping.write_text(MAPPING, "utf-8")
    return secret, mapping


@pytest.fixture
def both(shop: KnowledgeGraph, files: tuple[Path, Path]) -> KnowledgeGraph:
    shop.import_file(files[0], files[1], audience="internal")
    return shop


QUESTIONS = [
    "What does the Orbix Note cost to make?",
    "What is the cost usd of the Orbix Note?",
    "Who is the supplier of the Orbix Note?",
    "Which is the cheapest laptop?",
    "How many laptops are there?",
    "Which laptops are by Orbix?",
    "What works with the Orbix Note?",
    "What is the price of Phantom?",
    "What is the price of Nightjar?",
    "Is the Blackbird waterproof?",
    "How are the Hummer Two and Phantom connected?",
    "Compare the price of the Orbix Note and Phantom",
    "幽灵本多少钱？",
    "夜鹰的供应商是谁？",
]


def told(graph: KnowledgeGraph, question: str) -> str:
    """All that a graph says to a question and of the names in it."""
    return repr((graph.answer(question), graph.link(question), graph.outline(question), graph.resolved(question, "1")))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_public_is_told_nothing_that_is_internal(
    shop: KnowledgeGraph, files: tuple[Path, Path], question: str
) -> None:
    public = shop.shown_to("public")
    before = told(public, question)
    shop.import_file(files[0], files[1], audience="internal")
    assert told(public, question) == before


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*MARKS, "laptop", "Orbix Note", "price", "how many", "which", "?", "的"]), max_size=5))
def test_no_words_bring_it_out(both: KnowledgeGraph, words: list[str]) -> None:
    public, question = both.shown_to("public"), " ".join(words)
    assert public.link(question) == tuple(m for m in public.link(question) if not any(k in m.name for k in MARKS))
    answer = public.answer(question)
    said = repr((answer.facts, answer.results, answer.options, answer.wording))
    assert not [mark for mark in MARKS if mark in said]


def test_names_neighbours_and_counts_are_those_of_the_public(both: KnowledgeGraph) -> None:
    public = both.shown_to("public")
    assert public.find("Phantom")[0] == ()
    assert not set(public.find("Phantm")[1]) & {"Phantom"}
    assert not [mark for mark in MARKS if mark in repr(public.around("laptop/Orbix Note", 2))]
    assert public.stats().entities < both.stats().entities
    assert both.answer("What is the cost usd of the Orbix Note?").results == ("311",)
    assert both.shown_to("internal").find("Nightjar")[0]


def test_a_file_that_becomes_internal_is_forgotten_at_once_and_comes_back(
    shop: KnowledgeGraph, files: tuple[Path, Path]
) -> None:
    public, question = shop.shown_to("public"), "Who is the supplier of Phantom?"
    shop.import_file(*files)
    assert public.answer(question).results == ("Darkwater",)
    shop.import_file(*files, audience="internal")
    assert public.answer(question).status is not GraphStatus.ANSWERED
    assert shop.answer(question).results == ("Darkwater",)
    files[1].write_text(f"{MAPPING}audience: internal\n", "utf-8")
    assert not shop.import_file(*files).unchanged
    assert public.answer(question).status is not GraphStatus.ANSWERED
    files[1].write_text(MAPPING, "utf-8")
    shop.import_file(*files)
    assert public.answer(question).results == ("Darkwater",)
