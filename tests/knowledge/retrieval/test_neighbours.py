"""The graph's say in the search: by weight, of what is near, and never of what may not be known."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.graph import KnowledgeGraph
from knowledge.library import Library
from knowledge.retrieval.fusion import SHIPPED, Situation
from knowledge.retrieval.hybrid import SIGNALS, FusionWeights
from knowledge.retrieval.neighbours import ITSELF, JOINED

ARTICLES = {
    "card": "# Blue Card\n\nThe Blue Card has a yearly fee of five crowns.",
    "lounge": "# Waiting at the airport\n\nSkyRoom admits two guests for free.",
    "parking": "# Parking\n\nParking costs two crowns an hour.",
    "候机": "# 机场休息\n\n云顶休息室可免费携带两位客人。",
}
FACTS = "head,relation,tail\nBlue Card,admits to,SkyRoom\nSkyRoom,seats,40\n云顶休息室,partner of,Blue Card\n"
QUESTION = "How many guests come along with a Blue Card?"
WITH_GRAPH = {
    kind: FusionWeights(**{n: getattr(w, n) for n in SIGNALS} | {"graph": 40.0}) for kind, w in SHIPPED.items()
}


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "facts.csv").write_text(FACTS, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "graph")
    graph.import_file(tmp_path / "facts.csv")
    return graph


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    library = Library.open(tmp_path / "library", "corpus")
    library.ingest([folder])
    return library


def column(library: Library, question: str) -> dict[str, float]:
    found = library.candidates(question, "en")
    values = found.signals[:, SIGNALS.index("graph")]
    titles = {p.id: Path(p.source_id).stem for p in library.passages(found.ids)}
    return {titles[id_]: float(value) for id_, value in zip(found.ids, values, strict=True)}


def test_names_near_a_question(graph: KnowledgeGraph) -> None:
    assert graph.near(QUESTION, "public") == {"Blue Card": ITSELF, "SkyRoom": JOINED, "云顶休息室": JOINED}
    assert graph.near("How many guests?", "public") == {}


def test_a_passage_about_a_neighbour_is_found_and_weighed_only_where_a_weight_says_so(
    graph: KnowledgeGraph, library: Library
) -> None:
    assert not any(column(library, QUESTION).values())
    library.ranking.use_neighbours(graph)
    assert column(library, QUESTION) == {"card": ITSELF, "lounge": JOINED, "候机": JOINED} | dict.fromkeys(
        column(library, QUESTION).keys() - {"card", "lounge", "候机"}, 0.0
    )
    assert all(weights.graph == 0 for weights in SHIPPED.values())
    before = [one.passage.id for one in library.search(QUESTION, language="en").passages]
    library.ranking.use_weights(WITH_GRAPH)
    after = [one.passage.id for one in library.search(QUESTION, language="en").passages]
    assert before != after
    assert {Path(library.passages([id_])[0].source_id).stem for id_ in after[:3]} == {"card", "lounge", "候机"}


def test_neighbours_that_only_the_staff_may_know_shape_no_search_of_the_public(
    graph: KnowledgeGraph, library: Library, tmp_path: Path
) -> None:
    (tmp_path / "inside.csv").write_text(
        "head,relation,tail\nBlue Card,replaced by,Parking\nParking,spaces,12\n", "utf-8"
    )
    library.ranking.use_neighbours(graph)
    library.ranking.use_weights(WITH_GRAPH)
    public = column(library, QUESTION)
    graph.import_file(tmp_path / "inside.csv", audience="internal")
    assert column(library, QUESTION) == public
    found = library.shelf("internal").candidates(QUESTION, "en")
    assert np.count_nonzero(found.signals[:, SIGNALS.index("graph")]) == 4
    assert found.situation in set(Situation)
