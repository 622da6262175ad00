"""The picture of a neighbourhood: valid, complete, harmless."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from knowledge.graph import KnowledgeGraph
from knowledge.graph.drawing import Drawing, html
from knowledge.types import Fact


def value(fact: Fact) -> str:
    return fact.tail


def same(text: str) -> str:
    return text


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_everything_shown_is_in_the_picture(town: KnowledgeGraph, hops: int) -> None:
    shown = town.around("park/青松公园", hops)
    drawing = Drawing(shown, same, same, value).svg()
    texts = {element.text for element in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text")}

    assert {"青松公园", "松涛旅店", "0571-1111", "→ 周边旅店"} <= texts
    assert ("白鹭公园" in texts) == (hops > 1)
    assert "prefers-color-scheme:dark" in drawing


def test_names_are_no_markup(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        'head,relation,tail,tail_type\n"<script>x</script>&\x01",near,"""b",thing\n', "utf-8"
    )
    graph = KnowledgeGraph.open(tmp_path / "g")
    graph.import_file(tmp_path / "t.csv")
    ((node,), _) = graph.find("<script>x</script>&\x01")
    shown = graph.around(node)
    drawing = Drawing(shown, same, same, value).svg()

    ElementTree.fromstring(drawing)
    page = html(shown, drawing, same, same, value, "en")
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_an_unknown_name_gets_the_nearest(town: KnowledgeGraph) -> None:
    assert town.find("青松公圆")[1][0] == "青松公园"
    assert town.find("松涛旅店")[0] == ("inn/松涛旅店",)
    assert len(town.find("云海旅店")[0]) == 2
