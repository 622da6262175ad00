"""Articles of one language alone answer customers of the other; what they do not hold is told there, too."""

from pathlib import Path

import pytest

from agent.generate.extractive.composer import ExtractiveComposer
from knowledge.embedders.minilm import is_available
from knowledge.library import Library
from knowledge.rerankers import packaged

pytestmark = pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")

ENGLISH = {
    "cards": "# Lost cards\n\nIf your credit card is lost or stolen, call us at once and we block it. A new card arrives within 3 days.\n",
    "accounts": "# Closing an account\n\nTo close your account, move your money out and send us a letter.\n",
}
CHINESE = {
    "退货": "# 退货\n\n收到商品后三十天内可以退货，我们会把钱退给您。\n",
    "发票": "# 发票\n\n下单时可以选择电子发票，纸质发票需要七个工作日。\n",
}


def library_of(folder: Path, texts: dict[str, str]) -> Library:
    docs = folder / "docs"
    docs.mkdir()
    for name, text in texts.items():
        (docs / f"{name}.md").write_text(text, "utf-8")
    library = Library.open(folder / "library", "minilm")
    library.ingest([docs])
    return library


@pytest.mark.parametrize(
    ("texts", "language", "answered", "not_answered"),
    [
        (ENGLISH, "zh", "信用卡丢了怎么办？", "今天天气怎么样？"),
        (CHINESE, "en", "How many days do I have to return something?", "Write me a poem about the sea."),
    ],
)
def test_a_question_is_answered_from_the_other_language(
    tmp_path: Path, texts: dict[str, str], language: str, answered: str, not_answered: str
) -> None:
    library = library_of(tmp_path, texts)
    composer = ExtractiveComposer(library)
    support = {}
    for question in (answered, not_answered):
        found = library.search(question, 8, language).passages
        selections = composer.selections(library.question_parts(question)[:1], found, language)
        void = any(one.void for one in selections)
        support[question] = 0.0 if void else composer.support(selections, language)
    assert support[answered] > 0.5 > support[not_answered]


def test_without_the_verifier_answers_go_by_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = library_of(tmp_path, ENGLISH)
    monkeypatch.setattr(packaged, "_PACKAGE", "no_such_package")
    composer, question = ExtractiveComposer(library), "What do I do when my credit card is stolen?"
    composer.warm()
    found = library.search(question, 8, "en").passages
    (selection,) = composer.selections(library.question_parts(question)[:1], found, "en")
    assert any("call us at once" in one.span.text for one in selection.spans)
