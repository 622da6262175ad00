"""Puts the bundled sample company into a home, and takes it out again when real knowledge comes."""

import shutil
from collections.abc import Callable

from agent.home import SAMPLE_MARK, Home
from agent.samples import sample_path
from agent.training.intents import train_intents
from knowledge.graph import KnowledgeGraph
from knowledge.library import Library

COLLECTION = "sample"
_GRAPH_SOURCE = "sample/products.csv"
_FILES = ("tools.yaml", "orders.csv", "suggestions.yaml")


def sample_settings() -> dict[str, dict[str, str | float]]:
    """Settings that a home with the sample company starts with."""
    return {
        "company": {"name": "Lumen & Oak", "name_zh": "木光电器", "handoff_contact": "help@example.com"},
        "guard": {"wrong_answer_cost": 2.0},
    }


def install_sample(home: Home, documents: Library, progress: Callable[[str, int, int], None]) -> None:
    """Articles, product graph, orders and intents of the sample company; what is there already is brought up to date."""
    # First, so that what an interrupted installation left is taken out like the whole.
    (home.root / SAMPLE_MARK).touch()
    source = sample_path()
    documents.ingest([source / "knowledge"], collection=COLLECTION, progress=progress)
    mapping = source / "products.mapping.yaml"
    KnowledgeGraph.open(home.graph).import_file(
        source / "products.csv", mapping if mapping.is_file() else None, progress, source_id=_GRAPH_SOURCE
    )
    progress("Learning intents", 0, 1)
    train_intents(source / "utterances.csv", home.intents)
    for name in _FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, home.root / name)
    if (source / "policy.yaml").is_file():
        shutil.copyfile(source / "policy.yaml", home.policy_file)


def remove_sample(home: Home, documents: Library) -> None:
    """Takes out all that the sample brought; settings stay."""
    documents.remove_collection(COLLECTION)
    KnowledgeGraph.open(home.graph).remove_source(_GRAPH_SOURCE)
    shutil.rmtree(home.intents, ignore_errors=True)
    for name in _FILES:
        (home.root / name).unlink(missing_ok=True)
    (home.root / SAMPLE_MARK).unlink(missing_ok=True)
