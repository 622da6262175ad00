"""A chain of clinics and one of study rooms with columns of their own: what they lack, what is nearest, when they opened."""

from pathlib import Path

import pytest

from agent.generate.graph.composer import compose
from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphAnswer, GraphStatus

CLINICS = """name,alias,type,city,neighbourhood,metro station,distance to metro (m),rating,opened,consultation fee,services
Larkfield Dental,Larkfield,clinic,Dunmore,Old Town,Harbour Street,450,4.4,2012,60,x-ray;whitening;implants;parking
Birchwood Dental,Birchwood,clinic,Dunmore,Riverside,Quay Road,150,4.1,2018-05-01,75,x-ray;whitening
Saltmarsh Dental,Saltmarsh,clinic,Ashby,Northgate,Northgate Central,900,4.9,2009,95,x-ray;implants;sedation;whitening;parking
Copperhill Dental,Copperhill,clinic,Ashby,Castle Hill,,,4.6,2021,50,whitening;parking
Fernvale Dental,Fernvale,clinic,Wexcombe,Riverside,Mill Lane,300,4.7,2015,80,x-ray;sedation;braces;implants
Plainfield Dental,Plainfield,clinic,,Riverside,,,3.9,2016,40,
"""
ROOMS = """名称,别名,类型,城市,区,地铁站,离地铁(米),月费(元),评分,开业年份,设施
拾光自习室,拾光,自习室,南京,鼓楼区,珠江路站,180,399,4.6,2019,饮水机;打印机;储物柜;单人静音舱
灯塔自习室,灯塔,自习室,南京,玄武区,鸡鸣寺站,520,359,4.2,2021,饮水机;储物柜
墨池自习室,墨池,自习室,苏州,姑苏区,临顿路站,300,329,4.8,2016,饮水机;打印机;双人静音舱;午休躺椅
松间自习室,松间,自习室,苏州,吴中区,,,299,4.4,2023,饮水机;停车位
"""
PLANS = """name,type,monthly price,regions,integrations,features
Starter,plan,9,Frankfurt,Slack,api access
Team,plan,29,Frankfurt;Virginia,Slack;Jira,api access;audit log
Business,plan,79,Frankfurt;Virginia;Singapore,Slack;Jira;Salesforce;Okta,api access;audit log;single sign-on;webhooks
Solo,plan,0,Virginia,,webhooks
"""
MAPPING = """name: name
type: type
attributes: [monthly price, features]
relations: {regions: region, integrations: app}
"""


def imported(folder: Path, text: str, mapping: str = "") -> KnowledgeGraph:
    (folder / "table.csv").write_text(text, "utf-8")
    (folder / "table.yaml").write_text(mapping, "utf-8")
    graph = KnowledgeGraph.open(folder / "graph")
    graph.import_file(folder / "table.csv", folder / "table.yaml" if mapping else None)
    return graph


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return imported(tmp_path_factory.mktemp("clinics"), CLINICS)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return imported(tmp_path_factory.mktemp("rooms"), ROOMS)


@pytest.fixture(scope="module", params=["", MAPPING], ids=["values", "links"])
def plans(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> KnowledgeGraph:
    return imported(tmp_path_factory.mktemp("plans"), PLANS, request.param)


def named(answer: GraphAnswer) -> set[str]:
    """The first words of the names that answer."""
    found = answer.options if answer.form == "count" else answer.results
    return {name.removesuffix(" Dental").removesuffix("自习室") for name in found}


def said(graph: KnowledgeGraph, question: str) -> str:
    language = "en" if question.isascii() else "zh"
    return compose(graph.answer(question, language=language), language).text


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("clinics without x-ray", {"Copperhill", "Plainfield"}),
        ("which clinics don't offer implants", {"Birchwood", "Copperhill", "Plainfield"}),
        ("clinics with neither braces nor sedation", {"Larkfield", "Birchwood", "Copperhill", "Plainfield"}),
        ("are there any clinics that don't have whitening?", {"Fernvale", "Plainfield"}),
        ("clinics in Ashby without sedation", {"Copperhill"}),
        ("clinics not in Dunmore", {"Saltmarsh", "Copperhill", "Fernvale"}),
        ("clinics outside Ashby", {"Larkfield", "Birchwood", "Fernvale"}),
        ("which clinics have braces", {"Fernvale"}),
        ("which of the clinics offer sedation", {"Saltmarsh", "Fernvale"}),
        ("is there a clinic in Castle Hill?", {"Copperhill"}),
        ("is there a clinic near Mill Lane", {"Fernvale"}),
        ("which clinic is closest to the metro", {"Birchwood"}),
        ("highest rated clinic near a metro station", {"Saltmarsh"}),
        ("clinics within 400 m of the metro", {"Birchwood", "Fernvale"}),
        ("which clinic opened first", {"Saltmarsh"}),
        ("what is your newest clinic?", {"Copperhill"}),
        ("clinics opened after 2015", {"Birchwood", "Copperhill", "Plainfield"}),
        ("clinics opened in 2018", {"Birchwood"}),
    ],
)
def test_clinics(clinics: KnowledgeGraph, question: str, names: set[str]) -> None:
    assert named(clinics.answer(question)) == names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("哪些自习室没有打印机", {"灯塔", "松间"}),
        ("没有静音舱的自习室是哪几家", {"灯塔", "松间"}),
        ("没有打印机和停车位的自习室", {"灯塔"}),
        ("有没有带停车位的自习室", {"松间"}),
        ("你们没有带停车位的自习室吗", {"松间"}),
        ("不在南京的自习室有几家", {"墨池", "松间"}),
        ("除了苏州的，还有哪些自习室", {"拾光", "灯塔"}),
        ("哪些自习室有午休躺椅", {"墨池"}),
        ("自习室里哪些有午休躺椅", {"墨池"}),
        ("附近有地铁又评分最高的自习室", {"墨池"}),
        ("离地铁最近的自习室是哪家", {"拾光"}),
        ("距地铁最远的自习室", {"灯塔"}),
        ("靠近地铁的自习室有哪些", {"拾光", "灯塔", "墨池"}),
        ("离地铁300米以内的自习室", {"拾光", "墨池"}),
        ("珠江路站附近有自习室吗", {"拾光"}),
        ("吴中区的自习室", {"松间"}),
        ("2019年以后开业的自习室", {"拾光", "灯塔", "松间"}),
        ("哪家自习室最早开业", {"墨池"}),
        ("最新开的自习室是哪家", {"松间"}),
    ],
)
def test_study_rooms(rooms: KnowledgeGraph, question: str, names: set[str]) -> None:
    assert named(rooms.answer(question)) == names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("which plans are available in Singapore", {"Business"}),
        ("which plans are not available in Frankfurt?", {"Solo"}),
        ("which plans don't integrate with Jira", {"Starter", "Solo"}),
        ("plans that lack an audit log", {"Starter", "Solo"}),
        ("cheapest plan that integrates with Okta", {"Business"}),
    ],
)
def test_plans(plans: KnowledgeGraph, question: str, names: set[str]) -> None:
    assert named(plans.answer(question)) == names


@pytest.mark.parametrize(
    "question",
    [
        "which is the closest clinic",
        "clinics not in London",
        "is there a clinic near Foo Street",
        "what's the latest time I can check in",
        "latest appointment on Friday",
        "why don't you support crowns",
    ],
)
def test_what_is_not_recorded_is_not_answered(clinics: KnowledgeGraph, question: str) -> None:
    assert clinics.answer(question).status is not GraphStatus.ANSWERED


@pytest.mark.parametrize("question", ["最近的自习室", "最近有什么优惠", "附近没有地铁的自习室", "自习室最晚几点关"])
def test_what_is_not_recorded_is_not_answered_in_chinese(rooms: KnowledgeGraph, question: str) -> None:
    assert rooms.answer(question).status is not GraphStatus.ANSWERED


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("拾光和灯塔哪家离地铁更近", "拾光自习室更近（地铁距离180米）"),
        ("拾光和灯塔哪个评分低", "灯塔自习室的评分更低"),
        ("墨池和松间哪个开业早", "墨池自习室更早"),
        ("灯塔和松间哪个更便宜", "松间自习室更便宜"),
        ("灯塔有打印机吗", "没有，"),
        ("灯塔能打印机吗", "不能，"),
        ("拾光有打印机吗", "有，"),
        ("拾光离地铁多远", "拾光自习室的地铁距离是180米"),
    ],
)
def test_it_is_said_as_it_was_asked(rooms: KnowledgeGraph, question: str, begins: str) -> None:
    assert said(rooms, question).startswith(begins)


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("which is closer to the metro, Larkfield or Birchwood?", "Birchwood Dental is closer"),
        ("which opened earlier, Fernvale or Copperhill?", "Fernvale Dental came earlier"),
        ("which has the lower rating, Saltmarsh or Birchwood?", "Birchwood Dental has the lower rating"),
        ("which is cheaper, Larkfield or Saltmarsh?", "Larkfield Dental is cheaper"),
        ("does Birchwood have implants or parking", "No, "),
        ("does Larkfield have implants and sedation", "No, sedation is not listed"),
        ("does Saltmarsh have implants and sedation", "Yes, Saltmarsh Dental has implants and sedation."),
    ],
)
def test_it_is_said_in_the_words_of_the_question(clinics: KnowledgeGraph, question: str, begins: str) -> None:
    assert said(clinics, question).startswith(begins)


@pytest.mark.parametrize("question", ["拾光和灯塔有什么区别", "拾光和灯塔的区别是什么", "拾光跟灯塔有什么不同"])
def test_a_label_of_one_character_is_no_part_of_a_word(rooms: KnowledgeGraph, question: str) -> None:
    assert rooms.answer(question).form == "table"


def test_a_label_of_one_character_is_asked_for(rooms: KnowledgeGraph) -> None:
    assert rooms.answer("拾光在哪个区").results == ("鼓楼区",)
