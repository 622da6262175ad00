"""Set phrases: a person is promised only where somebody can take over."""

from pathlib import Path

import pytest

from agent.diagnosis import Health, diagnose
from agent.homes import new_home
from agent.phrases import load_phrases
from agent.settings import CompanySettings, load_settings
from agent.types import Language

PROMISES = (
    "asked a colleague", "passing you on", "pass you on to a", "ask for a person", "a person, please", "who will see",
    "已通知人工同事", "马上为您转接", "可以为您转接", "回复“转人工”", "对方可以看到",
)  # fmt: skip


def spoken(*, people: bool, own: Path | None = None) -> dict[str, str]:
    phrases = load_phrases(CompanySettings(), own, people=people)
    values = dict.fromkeys(("topics", "topic", "title", "label", "value", "values", "slots", "url", "opens"), "x")
    return {f"{name} {lang}": phrases.say(name, lang, **values) for name in phrases.names for lang in ("en", "zh")}  # type: ignore[arg-type]


def test_no_phrase_promises_a_person_where_there_is_none() -> None:
    assert not {name: text for name, text in spoken(people=False).items() if any(one in text for one in PROMISES)}
    promised = [name for name, text in spoken(people=True).items() if any(one in text for one in PROMISES)]
    assert {"handoff en", "handoff zh", "offer_person en", "offer_person zh", "files zh"} <= set(promised)


def test_both_say_the_same_phrases() -> None:
    assert spoken(people=True).keys() == spoken(people=False).keys()
    assert not any("_alone" in name for name in spoken(people=True))


def test_what_a_home_says_in_its_own_words_stays(tmp_path: Path) -> None:
    own = tmp_path / "phrases.yaml"
    own.write_text("handoff: {en: 'Call 555.'}\nfiles_alone: {zh: '收到。'}\n", "utf-8")
    said = spoken(people=False, own=own)
    assert (said["handoff en"], said["files zh"]) == ("Call 555.", "收到。")
    assert "leave your message" in said["flow_hand_over en"]


@pytest.mark.parametrize(
    ("settings", "people"),
    [
        ("", False),
        ('[company]\nhandoff_contact = "555-01"\n', True),
        ('[slack]\nsupport_channel = "C0123ABCD"\n', True),
    ],
)
async def test_doctor_says_whether_anybody_can_take_over(tmp_path: Path, settings: str, people: bool) -> None:
    home = new_home(tmp_path / "home")
    home.settings_file.write_text(settings, "utf-8")
    assert bool(load_settings(home.root).people) is people
    finding = next(one for one in await diagnose(home.root) if one.name == "people")
    assert (finding.health is Health.GOOD) is people
    assert people or "handoff_contact" in finding.mend


@pytest.mark.parametrize(
    ("language", "topic", "said"),
    [
        ("en", "How can I pay?", "Perhaps this helps: How can I pay?"),
        ("en", "About Acme Inc.", "Perhaps this helps: About Acme Inc."),
        ("en", "Delivery", "Perhaps this helps: Delivery."),
        ("zh", "怎么付款？", "也许在这里：怎么付款？"),
    ],
)
def test_a_title_with_an_end_of_its_own_gets_no_second_one(language: Language, topic: str, said: str) -> None:
    phrases = load_phrases(CompanySettings())
    assert phrases.say("decline_topics", language, topics=topic).endswith(said)
