"""The language to answer in, also where the message has no word of any."""

import pytest

from agent.company import first_language
from agent.settings import CompanySettings
from agent.types import Language, Utterance
from agent.understand.language import ScriptLanguages, wordless


@pytest.mark.parametrize(
    ("text", "before", "page", "language"),
    [
        ("？", (), None, "zh"),
        ("。。。", (), "en", "zh"),
        ("👍", (), "zh", "zh"),
        ("111", (), "zh", "zh"),
        ("LO-10482", (), "zh", "zh"),
        ("?", (), "en", "en"),
        ("👍", (), None, "en"),
        ("👍", ("怎么退货",), "en", "zh"),
        ("111", ("how do I send it back",), "zh", "en"),
        ("ok", (), "zh", "en"),
        ("hello", (), "zh", "en"),
        ("能退吗", (), "en", "zh"),
        ("can I send it back", (), "zh", "en"),
    ],
)
def test_the_language_is_that_of_the_talk_then_of_the_page(
    text: str, before: tuple[str, ...], page: Language | None, language: Language
) -> None:
    history = [Utterance(role="user", content=said) for said in before]
    assert ScriptLanguages().detect(text, history, page) == language


def test_a_company_with_a_chinese_name_alone_speaks_chinese_first() -> None:
    assert first_language(CompanySettings(name_zh="橡树灯")) == "zh"
    assert first_language(CompanySettings(name="Lantern Oak", name_zh="橡树灯")) == "en"
    assert first_language(CompanySettings()) == "en"
    assert ScriptLanguages("zh").detect("👍", ()) == "zh"


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("👍", True),
        ("111", True),
        ("LO-10482", True),
        ("a@b.example", True),
        ("？", False),
        ("ok", False),
        ("好", False),
    ],
)
def test_what_has_no_word(text: str, none: bool) -> None:
    assert wordless(text) == none
