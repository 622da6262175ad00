"""Names are found where they stand, and nothing is taken for a merely similar name."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.embedders import bert
from knowledge.graph import KnowledgeGraph
from knowledge.graph.linker import GraphLinker
from knowledge.graph.name_table import NamedEntity, NameTable


def linker(entities: list[NamedEntity]) -> GraphLinker:
    return GraphLinker(NameTable(entities))


LINKER = linker(
    [
        NamedEntity("a", "故宫", "sight", ()),
        NamedEntity("b", "故宫餐厅", "food", ()),
        NamedEntity("c", "北京华尔道夫酒店", "hotel", ()),
        NamedEntity("d", "外婆家(北京APM店)", "food", ()),
        NamedEntity("e", "Norvane P5", "phone", ("P5",)),
        NamedEntity("f", "Norvane P5 Pro", "phone", ("P5 Pro",)),
        NamedEntity("g", "声沃儿童耳机", "headphones", ()),
        NamedEntity("h", "麗枫酒店", "hotel", ()),
        NamedEntity("i", "苏城溪畔店", "shop", ()),
        NamedEntity("j", "苏城湖心店", "shop", ()),
    ]
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("故宫餐厅的电话", ["b"]),
        ("故宫的电话", ["a"]),
        ("外婆家（北京ａｐｍ店）在哪", ["d"]),
        ("外婆家的电话", ["d"]),
        ("price of the norvane p5 pro", ["f"]),
        ("how much is the P5?", ["e"]),
        ("how much is the Norvane P9", []),
        ("the P50 is big", []),
        ("是声沃儿童耳机（价格39美元）。", ["g"]),
        ("是聲沃兒童耳機(39美元)", ["g"]),
        ("麗楓酒店的电话", ["h"]),
        ("丽枫酒店的电话", ["h"]),
        ("外婆家(西单店)在哪", []),
        ("上海外滩华尔道夫酒店的电话", []),
        ("溪畔店和湖心店哪个近", ["i", "j"]),
        ("溪畔店有停车场吗", ["i"]),
        ("新溪畔店有吗", []),
    ],
)
def test_links(text: str, ids: list[str]) -> None:
    assert [mention.id for mention in LINKER.link(text)] == ids


@given(st.text(max_size=40), st.sampled_from(["故宫", "外婆家", "P5", "Norvane P5 Pro", ""]), st.text(max_size=40))
def test_spans_lie_within_the_text_in_order(before: str, name: str, after: str) -> None:
    text = before + name + after
    spans = [mention.span for mention in LINKER.link(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(max_size=60))
def test_no_question_breaks_the_graph(town: KnowledgeGraph, question: str) -> None:
    town.answer(question)
    town.answer("青松公园" + question)


PRODUCTS = linker(
    [
        NamedEntity("short", "Norvane P5", "phone", ("P5", "诺凡P5")),
        NamedEntity("long", "Norvane P5 Pro", "phone", ()),
        NamedEntity("lite", "Norvane P4 Lite", "phone", ()),
        NamedEntity("older", "Norvane P4", "phone", ()),
    ]
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("how much is the Norvnae P5 Pro?", ["long"]),
        ("how much is the Norvane P5 Por?", ["long"]),
        ("Norvnae P5 Pro多少钱", ["long"]),
        ("is the Norvane P5 waterproof?", ["short"]),
        ("how much is the Norvane P5 Lite?", []),
        ("how much is the Norvane P7 Pro?", []),
        ("诺凡P5多少钱", ["short"]),
    ],
)
def test_a_slip_of_the_hand_never_leads_to_another_product(text: str, ids: list[str]) -> None:
    assert [mention.id for mention in PRODUCTS.link(text)] == ids


PLACES = linker(
    [
        NamedEntity("a", "北京云栖山谷度假村", "hotel", ()),
        NamedEntity("b", "北京王府半岛花园酒店", "hotel", ()),
        NamedEntity("c", "上海王府半岛花园公寓", "flat", ()),
    ]
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("云栖山谷的电话是多少", ["a"]),
        ("请问云栖山谷度假村在哪", ["a"]),
        ("王府半岛花园的电话", []),
        ("半岛花园公寓的电话", ["c"]),
        ("广州云栖山谷的电话", []),
    ],
)
def test_a_part_that_only_one_long_name_has_stands_for_it(text: str, ids: list[str]) -> None:
    assert [mention.id for mention in PLACES.link(text)] == ids


SHORT = GraphLinker(
    NameTable(
        [
            NamedEntity("cal", "Calder City Bike", "bike", ("卡尔德城市车",)),
            NamedEntity("mar", "Marlow Gravel Bike", "bike", ("马洛砾石车",)),
            NamedEntity("hel", "Marlow Helmet", "helmet", ("马洛头盔",)),
            NamedEntity("box", "Delivery Box", "box", ("快递收纳箱",)),
            NamedEntity("hai", "海棠破壁机", "破壁机", ()),
            NamedEntity("qin", "青禾养生壶", "养生壶", ()),
        ]
    )
)
SHORT.is_unheard = lambda word: word not in {"in", "stock", "price", "have", "cost", "or", "delivery", "is"}


@pytest.mark.skipif(not bert.is_available(), reason="the extra embeddings is not installed")
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("is the calder in stock", ["cal"]),
        ("Calder price", ["cal"]),
        ("the calder's price", ["cal"]),
        ("what does the marlow cost", ["mar", "hel"]),
        ("what does the marlow gravel cost", ["mar"]),
        ("which is lighter, the calder or the marlow gravel", ["cal", "mar"]),
        ("how much is the calder valley tour", []),
        ("is there a shop in calder", []),
        ("my name is calder", []),
        ("how much is the delivery", []),
        ("how much is the box", []),
    ],
)
def test_the_beginning_of_a_name_stands_for_it(text: str, ids: list[str]) -> None:
    assert [mention.id for mention in SHORT.link(text)] == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("卡尔德多少钱", ["cal"]),
        ("马洛有货吗", ["mar", "hel"]),
        ("海棠的功率", ["hai"]),
        ("卡尔多少钱", []),
        ("新海棠多少钱", []),
        ("海棠(西单店)多少钱", []),
    ],
)
def test_a_chinese_name_is_said_without_its_kind(text: str, ids: list[str]) -> None:
    assert [mention.id for mention in SHORT.link(text)] == ids


def test_a_beginning_that_is_a_word_of_its_own_is_a_guess() -> None:
    assert [mention.is_guess for mention in SHORT.link("快递多少钱")] == [True]
    assert [mention.is_guess for mention in SHORT.link("青禾多少钱")] == [False]


def test_a_name_taken_out_is_no_longer_said_by_its_beginning() -> None:
    names = NameTable([NamedEntity("a", "Tarn Lock", "lock", ()), NamedEntity("b", "Tarn Lock Plus", "lock", ())])
    names.remove("a")
    assert list(names.beginning_with("tarn")) == ["b"]
