"""The sample shop, asked as customers type: what there is, units, what fits what, slips of the hand; and near misses."""

from pathlib import Path

import pytest

import agent
from agent.generate.graph.composer import compose
from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphAnswer, GraphStatus

SAMPLE = Path(agent.__file__).parent / "samples" / "shop"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    graph = KnowledgeGraph.open(tmp_path_factory.mktemp("sample"))
    graph.import_file(SAMPLE / "products.csv", SAMPLE / "products.mapping.yaml")
    return graph


def ends(answer: GraphAnswer) -> set[str]:
    """The last words of the names that answer."""
    return {name.split()[-1] for name in answer.results}


def said(graph: KnowledgeGraph, question: str) -> str:
    language = "en" if question.isascii() else "zh"
    return compose(graph.answer(question, language=language), language).text


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("do you stock docks?", {"8"}),
        ("hi, do u sell mice", {"Mouse"}),
        ("have you got any smartwatches", {"2", "Sport"}),
        ("are there any keyboards", {"Keyboard"}),
        ("any cables?", {"Cable"}),
        ("你们这儿有显示器卖吗", {"24", "27", "Curve"}),
        ("请问卖不卖鼠标", {"Mouse"}),
        ("有没有键盘", {"Keyboard"}),
    ],
)
def test_whether_there_is_a_kind_of_thing(sample: KnowledgeGraph, question: str, results: set[str]) -> None:
    assert ends(sample.answer(question)) == results
    assert said(sample, question).startswith(("Yes: ", "有，"))


@pytest.mark.parametrize(
    "question",
    [
        "do you sell tables",
        "do you have a phone number",
        "do you stock phone stands",
        "have you got gift cards",
        "do you have wireless keyboards",
        "can you charge my card",
        "is there a store in Easthaven",
        "what can you do",
        "what do you have to say for yourself",
        "你们卖手机壳吗",
        "你们有手机号吗",
        "有平板支架吗",
        "你们有什么优惠",
    ],
)
def test_what_the_graph_does_not_know_is_not_listed(sample: KnowledgeGraph, question: str) -> None:
    assert sample.answer(question).status is not GraphStatus.ANSWERED


@pytest.mark.parametrize(
    ("question", "some"),
    [
        ("what do you guys sell?", "laptop"),
        ("what sort of products do you carry", "laptop"),
        ("what else do you sell", "laptop"),
        ("你们店里卖些什么", "laptop"),
        ("有哪些种类", "laptop"),
        ("which brands do you stock", "Kestrix"),
        ("what brands are there", "Kestrix"),
        ("都有什么品牌", "Kestrix"),
        ("which brands of laptops do you have", "Kestrix"),
        ("what colours do tablets come in", "Coral"),
        ("平板有哪些颜色", "Coral"),
    ],
)
def test_kinds_and_values_are_listed(sample: KnowledgeGraph, question: str, some: str) -> None:
    assert some in sample.answer(question).results


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("tablets with over 100 gigabytes", {"12"}),
        ("laptops with 1tb or more", {"16", "15"}),
        ("which laptops are lighter than 1.1kg", {"13"}),
        ("headphones lasting at least 50 hours", {"Max"}),
        ("headphones with at least 50 hours of battery life", {"Max"}),
        ("cases lighter than 35 grams", {"P5"}),
        ("which monitors are bigger than 30 inches", {"Curve"}),
        ("27-inch monitors", {"27"}),
        ("phones with 512 gb", {"One"}),
        ("which speakers have a 2 year warranty", {"Brook", "Cascade", "Hearth", "Soundbar"}),
        ("which phones have more than 200 storage", {"Pro", "One"}),
        ("phones between 400 and 600", {"P5", "P4"}),
        ("1.1公斤以下的笔记本", {"13"}),
        ("1TB以上的笔记本有哪些", {"16", "15"}),
        ("存储超过100G的平板", {"12"}),
        ("两年保修的鼠标", {"Mouse"}),
        ("不到70美元的音箱", {"Brook"}),
    ],
)
def test_numbers_have_units(sample: KnowledgeGraph, question: str, results: set[str]) -> None:
    assert ends(sample.answer(question)) == results


@pytest.mark.parametrize(
    "question",
    [
        "which phones have 3 cameras",
        "phones with more than 12 megapixels",
        "which phones have 5g",
        "phones from 2025",
        "laptops with at least 16 of ram",
        "which laptops have more than 8",
        "哪些手机有3个摄像头",
        "1200万像素以上的手机",
    ],
)
def test_a_number_that_is_not_understood_lists_nothing(sample: KnowledgeGraph, question: str) -> None:
    assert sample.answer(question).status is not GraphStatus.ANSWERED


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("which case fits the P5 Pro", {"Pro"}),
        ("chargers for the Watch 2", {"20", "Pad"}),
        ("what can charge the Tab 10", {"65", "Bank"}),
        ("do you have a monitor for the Basic 14", {"24"}),
        ("which keyboards go with the Rogue 15", {"Keyboard"}),
        ("will the Pebble 65 charge my tablet", {"10", "12"}),
        ("轻羽14能配哪个扩展坞", {"8"}),
        ("哪些充电器能给平板12充电", {"65"}),
        ("平板12的键盘有哪些", {"Keyboard"}),
        ("Bud能用什么充电器", {"Pad"}),
    ],
)
def test_what_fits_what(sample: KnowledgeGraph, question: str, results: set[str]) -> None:
    assert ends(sample.answer(question)) == results


@pytest.mark.parametrize(
    "question",
    [
        "how long does the Pebble 65 take to charge the P5",
        "how fast does the Watch 2 charge",
        "does the P5 come with a charger",
        "will you charge me for the P5",
        "does the Acorn fit in a pocket",
        "手表2充电要多久",
        "P5送充电器吗",
    ],
)
def test_what_fits_does_not_say_how_or_whether_it_comes_along(sample: KnowledgeGraph, question: str) -> None:
    answer = sample.answer(question)
    assert answer.status is not GraphStatus.ANSWERED or answer.relation != "compatible_with" or answer.form == "boolean"


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("does the Folio 12 work with the Tab 12", "Yes, Oakling Folio 12 is compatible with Norvane Tab 12."),
        ("does the Watch Sport go with the P4", "No, on record Norvane Watch Sport is compatible with"),
        ("can I get the Drift in coral", "Yes: the colours of Sonavo Drift include Coral."),
        ("is the Fold One available in silver", "No: the colours of Norvane Fold One are Black."),
        ("is the brand of the Drift Sonavo", "Yes: the brand of Sonavo Drift is Sonavo."),
        ("is the Tab 10 cheaper than $300", "No: the price of Norvane Tab 10 is $329."),
        ("are the Bud and the Bud Run waterproof", "Yes, Sonavo Bud and Sonavo Bud Run are waterproof."),
        ("are the P4 and the Hearth in stock", "No, Norvane P4 and Sonavo Hearth are out of stock."),
        ("are your speakers waterproof", "Not all: "),
        ("is every phone waterproof", "Not all: "),
        ("do you have laptops under $100", "No, "),
        ("平板皮套12能用在平板12上吗", "可以，小橡平板皮套12适配诺凡平板12。"),
        ("运动手表能配P4吗", "不能，资料里没有列出诺凡P4"),
        ("漂流耳机有珊瑚色的吗", "有，声沃漂流的颜色包括珊瑚色。"),
        ("Fold One有银色吗", "没有，诺凡折叠一号的颜色是黑色。"),
        ("P4有现货吗", "没有，诺凡P4暂时缺货。"),
        ("P5防水吗", "是的，诺凡P5防水。"),
        ("音箱都防水吗", "不全是："),
        ("有100美元以下的笔记本吗", "没有，"),
        ("平板10比400克轻吗", "不是，"),
    ],
)
def test_a_question_for_yes_or_no_is_answered_so_first(sample: KnowledgeGraph, question: str, begins: str) -> None:
    assert said(sample, question).startswith(begins)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("how much are the Brook and the Cascade", ("$69", "$199")),
        ("battery life of the Tab 10 and Tab 12 please", ("12 hours", "14 hours")),
        ("what do the Bud, the Bud Run and the Drift weigh", ("42 g", "48 g", "198 g")),
        ("小溪音箱和瀑布音箱的价格", ("69美元", "199美元")),
        ("平板10、平板12的保修期", ("24个月",)),
    ],
)
def test_what_is_asked_of_several_is_said_of_each(
    sample: KnowledgeGraph, question: str, values: tuple[str, ...]
) -> None:
    assert all(value in said(sample, question) for value in values)


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("cheepest moniter", {"24"}),
        ("lightst laptop", {"13"}),
        ("which speekers are watreproof", {"Brook", "Cascade"}),
        ("do you have tablts", {"10", "12", "Junior"}),
        ("warrenty of the Studio 16", {"36"}),
    ],
)
def test_a_slip_of_the_hand_is_read_as_it_was_meant(sample: KnowledgeGraph, question: str, results: set[str]) -> None:
    assert ends(sample.answer(question)) == results


@pytest.mark.parametrize(
    "question",
    [
        "do you sell sneakers",
        "what causes are there",
        "was I charged",
        "cheapest hostel",
        "any prizes",
        "which cakes do you have",
    ],
)
def test_another_word_is_no_slip(sample: KnowledgeGraph, question: str) -> None:
    assert sample.answer(question).status is not GraphStatus.ANSWERED


def test_a_mapping_gives_further_words_for_a_relation(tmp_path: Path) -> None:
    (tmp_path / "lamps.csv").write_text(
        "name,kind,runs_on\nDusk,lamp,mains\nDawn,lamp,mains\nNoon,torch,sun\n", "utf-8"
    )
    mapping = "name: name\ntype: kind\nattributes: [runs_on]\nwording: {relations: {runs_on: {cues: {en: [fed by], zh: [吃什么电]}}}}\n"
    (tmp_path / "lamps.yaml").write_text(mapping, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "graph")
    graph.import_file(tmp_path / "lamps.csv", tmp_path / "lamps.yaml")

    assert graph.answer("what is the Dusk fed by?").results == ("mains",)
    assert graph.answer("Noon吃什么电").results == ("sun",)


@pytest.mark.parametrize(
    "question", ["Which phones are waterproof and under $600?", "which phones are in stock and under 400 dollars"]
)
def test_a_price_is_a_bound_whatever_is_said_before_it(sample: KnowledgeGraph, question: str) -> None:
    answer = sample.answer(question)
    assert answer.results
    assert "Fold One" not in said(sample, question)


def test_what_is_asked_of_each_is_told_of_each(sample: KnowledgeGraph) -> None:
    told = said(sample, "P5和P5 Pro分别重多少")
    assert "178克" in told
    assert "196克" in told


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("P5 vs P4", True),
        ("compare the phones P5 and P4", True),
        ("does it have a headset with it? (P5 vs P4)", False),
        ("Air 13和Air 14送键盘吗 (Air 13 vs Air 14)", False),
    ],
)
def test_things_are_set_side_by_side_where_no_other_kind_is_asked_for(
    sample: KnowledgeGraph, question: str, table: bool
) -> None:
    assert (sample.answer(question).form == "table") is table


@pytest.mark.parametrize(
    "question",
    [
        "do you sell the Norvane P5?",
        "have you got the Norvane P5",
        "do you still stock a Norvane P5",
        "你们有诺凡P5卖吗",
        "有没有诺凡P5",
    ],
)
def test_whether_a_thing_is_sold_is_answered_by_what_is_known_of_it(sample: KnowledgeGraph, question: str) -> None:
    answer = sample.answer(question)
    assert (answer.form, answer.subjects) == ("table", ("Norvane P5",))


@pytest.mark.parametrize("question", ["do you repair the Norvane P5", "do you sell the Norvane P5 in pink velvet"])
def test_whether_more_than_the_thing_is_there_is_not_so_answered(sample: KnowledgeGraph, question: str) -> None:
    assert sample.answer(question).form != "table"


@pytest.mark.parametrize("question", ["do you sell the tarn", "tell me about the tarn", "Tarn?", "你们有塔恩吗"])
def test_of_a_few_things_that_begin_alike_it_is_asked_which(tmp_path: Path, question: str) -> None:
    rows = ["name,中文名,type,price", "Tarn Lock,塔恩车锁,lock,39 EUR", "Tarn Helmet,塔恩头盔,helmet,85 EUR"]
    (tmp_path / "bikes.csv").write_text("\n".join(rows), "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "graph")
    graph.import_file(tmp_path / "bikes.csv")
    answer = graph.answer(question)
    assert (answer.status, set(answer.options)) == (GraphStatus.AMBIGUOUS, {"Tarn Lock", "Tarn Helmet"})
    assert graph.resolved(question, "the helmet").endswith(("Tarn Helmet", "Tarn Helmet?", "Tarn Helmet吗"))
