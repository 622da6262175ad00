"""Puts the bundled sample company into a home, and takes it out again when real knowledge comes."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.home import SAMPLE_MARK, Home
from agent.samples import sample_path
from agent.samples.shipped import copy_shipped, mark_sample, remove_shipped
from agent.training.bundle import Task, write_bundle
from agent.training.data import read_labelled
from agent.training.speakers import BUILT_IN
from agent.training.train import train
from agent.training.versions import versions_of
from knowledge.graph import KnowledgeGraph
from knowledge.library import Library

COLLECTION = "sample"
SAMPLE = "the sample company"
"""Why its intents speak."""
_GRAPH_SOURCE = "sample/products.csv"
_UTTERANCES_FROM = "agent/samples/shop/utterances.csv, written for Parley (Apache-2.0)"


def sample_settings() -> dict[str, dict[str, str | float]]:
    """Settings that a home with the sample company starts with."""
    return {
        "company": {"name": "Lantern & Oak", "name_zh": "木光电器", "handoff_contact": "hello@lanternoak.example"},
        "guard": {"wrong_answer_cost": 1.8},
    }


def install_sample(home: Home, documents: Library, progress: Callable[[str, int, int], None], today: date) -> None:
    """Articles, product graph, orders and intents of the sample company; what is there already is brought up to date.

    A file that somebody changed is left as it is. today: the day by which its orders are dated.
    """
    mark_sample(home, today)  # first, so that what an interrupted installation left is taken out like the whole
    source = sample_path()
    documents.ingest([source / "knowledge"], collection=COLLECTION, progress=progress)
    mapping = source / "products.mapping.yaml"
    KnowledgeGraph.open(home.graph).import_file(
        source / "products.csv", mapping if mapping.is_file() else None, progress, source_id=_GRAPH_SOURCE
    )
    progress("Learning intents", 0, 1)
    learn_sample(home)
    copy_shipped(home, today)


def learn_sample(home: Home) -> None:
    """Trains the sample's intents and lets them speak in place of an earlier sample's; what somebody else trained stays."""
    versions = versions_of(home, Task.INTENT)
    speakers = versions.speakers()
    if speakers.version != BUILT_IN and speakers.history[-1].why != SAMPLE:
        return
    with TemporaryDirectory() as folder:
        examples = read_labelled(sample_path() / "utterances.csv")
        write_bundle(train(Task.INTENT, examples, sources=(_UTTERANCES_FROM,)), Path(folder) / "intents")
        version = versions.add(Path(folder) / "intents")
    versions.promote(version, why=SAMPLE)
    versions.withdraw(SAMPLE, but=version)


def remove_sample(home: Home, documents: Library) -> tuple[str, ...]:
    """Takes out all that the sample brought, settings aside; names the files that stay, see `remove_shipped`."""
    documents.remove_collection(COLLECTION)
    KnowledgeGraph.open(home.graph).remove_source(_GRAPH_SOURCE)
    versions_of(home, Task.INTENT).withdraw(SAMPLE)
    stay = remove_shipped(home)
    (home.root / SAMPLE_MARK).unlink(missing_ok=True)
    return stay
