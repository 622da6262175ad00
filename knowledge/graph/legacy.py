"""The form in which earlier versions kept the graph: one JSON file for each source. Read once, and converted."""

from pathlib import Path

import orjson

from knowledge.graph.entities import EntityRecord, Source, SourceHead
from knowledge.graph.store import GraphStore
from knowledge.graph.wording import MappedWording


def convert(folder: Path, store: GraphStore) -> None:
    """Takes the sources of the old form into the store; the old files go once all are in."""
    files = sorted(folder.glob("*.json"))
    if not files:
        return
    store.write([source for path in files if not store.fingerprint((source := _source(path)).head.source_id)])
    for path in files:
        path.unlink(missing_ok=True)
        path.with_suffix(".stamp").unlink(missing_ok=True)


def _source(path: Path) -> Source:
    stated = orjson.loads(path.read_bytes())
    head = SourceHead(
        source_id=stated["source_id"],
        fingerprint=stated["fingerprint"],
        targets=stated.get("targets", {}),
        labels=stated.get("labels", {}),
        wording=MappedWording.model_validate(stated.get("wording", {})),
    )
    return Source(head=head, entities=[EntityRecord(**entity) for entity in stated["entities"]])
