"""One space for both languages: articles of the question's own language first, those of the other where it has none."""

from pathlib import Path

import pytest

from knowledge.embedders.minilm import is_available
from knowledge.library import Library

pytestmark = pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")

ENGLISH = {
    "returns": "# Returns\n\nYou can send a product back within 30 days of delivery and get your money back.\n",
    "points": "# Loyalty points\n\nLoyalty points of members expire after two years.\n",
    "hours": "# Opening hours\n\nThe store in North Street opens at nine and closes at eight in the evening.\n",
    "repairs": "# Repairs\n\nA broken phone screen is repaired free of charge under warranty.\n",
}
CHINESE = {
    "退货": "# 退货\n\n收到商品后三十天内可以退货，我们会把钱退给您。\n",
    "发票": "# 发票\n\n下单时可以选择电子发票，纸质发票需要七个工作日。\n",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("two")
    docs = folder / "docs"
    docs.mkdir()
    for name, text in (ENGLISH | CHINESE).items():
        (docs / f"{name}.md").write_text(text, "utf-8")
    library = Library.open(folder / "library", "minilm")
    library.ingest([docs])
    return library


def found(library: Library, question: str, language: str) -> list[str]:
    return [Path(one.passage.source_id).stem for one in library.search(question, 3, language).passages]


@pytest.mark.parametrize(
    ("question", "language", "document"),
    [
        ("会员积分多久过期？", "zh", "points"),
        ("你们几点关门", "zh", "hours"),
        ("手機屏幕碎了，能免費修嗎", "zh", "repairs"),
        ("How do I get an invoice?", "en", "发票"),
    ],
)
def test_what_only_the_other_language_tells_is_found_there(
    library: Library, question: str, language: str, document: str
) -> None:
    assert found(library, question, language)[0] == document


@pytest.mark.parametrize(
    ("question", "language", "own"),
    [("买了多久还能退？", "zh", CHINESE), ("How many days do I have to send it back?", "en", ENGLISH)],
)
def test_of_what_both_tell_only_the_question_s_own_is_shown(
    library: Library, question: str, language: str, own: dict[str, str]
) -> None:
    assert set(found(library, question, language)) <= own.keys()
    assert found(library, question, language)[0] in {"退货", "returns"}


def test_an_index_made_without_the_dictionary_says_how_to_make_it_anew(tmp_path: Path) -> None:
    from knowledge.errors import IndexMismatch

    library = Library.open(tmp_path / "library", "minilm")
    library.ingest([tmp_path])
    library._store.set_meta("embedder", "minilm-l6-v2/spans-2")
    library.close()
    with pytest.raises(IndexMismatch, match="parley ingest --rebuild"):
        Library.open(tmp_path / "library", "minilm")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Most of it in both languages; of the lockers only the English article tells, of the lost-property office the Chinese."""
    folder = tmp_path_factory.mktemp("mixed")
    articles = {
        "hours": "# Opening hours\n\nThe hall opens at nine and closes at eleven in the evening. Entry ends at ten.\n",
        "开放时间": "# 开放时间\n\n场馆九点开放，晚上十一点闭馆，十点停止入场。\n",
        "tickets": "# Tickets\n\nA day ticket costs 18 dollars, a ticket for students 12 dollars.\n",
        "门票": "# 门票\n\n日票18美元，学生票12美元，可以在线购买。\n",
        "lockers": "# Lockers\n\nA locker takes a coin of 1 dollar, which you get back.\n",
        "失物": "# 失物招领\n\n遗失的物品保管三十天，凭证件在前台领取。\n",
    }
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    library = Library.open(folder / "library", "minilm")
    library.ingest([folder / f"{name}.md" for name in articles])
    return library


def read_of(library: Library, question: str, language: str) -> set[str]:
    return {Path(one.passage.source_id).stem for one in library.search(question, 8, language).readable}


@pytest.mark.parametrize(
    ("question", "language", "document"),
    [("有储物柜吗？", "zh", "lockers"), ("储物柜要多少钱", "zh", "lockers"), ("I lost my umbrella", "en", "失物")],
)
def test_what_only_the_other_language_tells_is_there_to_be_read(
    mixed: Library, question: str, language: str, document: str
) -> None:
    assert document in read_of(mixed, question, language)


@pytest.mark.parametrize(
    ("question", "language"), [("几点关门？", "zh"), ("学生票多少钱", "zh"), ("When do you close?", "en")]
)
def test_of_what_both_tell_only_the_question_s_own_is_read(mixed: Library, question: str, language: str) -> None:
    assert mixed.search(question, 8, language).foreign == ()
