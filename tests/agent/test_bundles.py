"""The bundles of a home: opened, and taken over from where an earlier version of Parley kept the one that it had."""

from pathlib import Path

import pytest

from agent.bundles import aged_bundles, intents_in_use, sentiment_in_use
from agent.diagnosis import Health, diagnose
from agent.home import SAMPLE_MARK, Home
from agent.homes import new_home
from agent.samples.install import SAMPLE, learn_sample
from agent.training.bundle import Bundle, Card, Task, write_bundle
from agent.training.intents import sentences
from agent.training.mood.defaults import MESSAGES, service_messages
from agent.training.mood.train import train_mood
from agent.training.versions import versions_of
from agent.types import Emotion, JsonValue
from agent.understand.sentiment import default_sentiment
from agent.understand.sentiment.opinions import opinions_version
from tests.support.bundles import small_bundle


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


def test_the_one_bundle_of_earlier_becomes_the_first_version(home: Home) -> None:
    former = small_bundle(home.bundles / "intents", "parcel")
    intents = intents_in_use(home)
    speaking = intents.of()
    assert speaking is not None
    assert speaking.model.predict(["where is my parcel"])[0].intents[0].name == "parcel"
    assert versions_of(home, Task.INTENT).names() == [speaking.version]
    assert not former.exists()
    assert intents_in_use(home).of() is not None


def test_one_that_can_no_longer_be_read_is_moved_all_the_same(home: Home) -> None:
    former = home.bundles / "intents"
    former.mkdir(parents=True)
    (former / "bundle.json").write_text('{"format": 1, "task": "intent"}', "utf-8")
    assert intents_in_use(home).of() is None
    assert len(versions_of(home, Task.INTENT).names()) == 1


@pytest.mark.slow
def test_the_sample_s_is_learnt_anew_and_makes_way_for_one_s_own(home: Home, tmp_path: Path) -> None:
    (home.root / SAMPLE_MARK).touch()
    (home.bundles / "intents").mkdir(parents=True)
    versions = versions_of(home, Task.INTENT)
    assert intents_in_use(home).of() is not None
    assert not (home.bundles / "intents").exists()
    (sample,) = versions.names()
    own = versions.add(small_bundle(tmp_path / "own", "parcel"))
    versions.promote(own)
    learn_sample(home)
    assert versions.speakers().version == own
    versions.withdraw(SAMPLE)
    assert (versions.names(), versions.speakers().version) == ([own], own)
    assert sample != own


def test_sentiment_is_built_in_until_a_bundle_speaks(home: Home) -> None:
    speaking = sentiment_in_use(home, default_sentiment()).of()
    assert speaking is not None
    assert speaking.version == ""
    assert speaking.model.score(["我很生气！"])[0].polarity < 0
    assert speaking.model.score(["thank you"])[0].emotion is Emotion.GRATITUDE


def test_a_bundle_of_another_task_or_family_does_not_speak(home: Home, tmp_path: Path) -> None:
    card = Card(task=Task.SENTIMENT, model="poetry", labels=("positive", "negative"), examples=3, data_sha256="0" * 64)
    write_bundle(Bundle(card=card, arrays={}, terms={}), tmp_path / "one")
    versions = versions_of(home, Task.SENTIMENT)
    versions.promote(versions.add(tmp_path / "one"))
    speaking = sentiment_in_use(home, default_sentiment()).of()
    assert speaking is not None
    assert speaking.version == ""


_MODEL = "four layers"  # a way of reading sentences, as the card of a bundle names it
_NOW = [sentences.ENCODER]


@pytest.mark.parametrize(
    ("settings", "words", "encoder", "named"),
    [
        (
            {"sentence_vectors": _MODEL},
            ["包裹", "parcel"],
            _NOW,
            "Chinese" if sentences.is_available(multilingual=True) else "",
        ),
        ({"sentence_vectors": _MODEL, "multilingual": True}, ["包裹"], _NOW, ""),
        ({"sentence_vectors": _MODEL}, ["parcel"], _NOW, ""),
        ({"sentence_vectors": _MODEL}, ["parcel"], [], "read twice" if sentences.is_available() else ""),
        ({"sentence_vectors": _MODEL}, ["parcel"], ["of old"], "another version" if sentences.is_available() else ""),
        ({"sentence_vectors": "none"}, ["包裹"], [], ""),  # by choice
    ],
)
async def test_intents_of_an_earlier_version_are_named_with_how_to_train_them_anew(
    home: Home, tmp_path: Path, settings: dict[str, JsonValue], words: list[str], encoder: list[str], named: str
) -> None:
    card = Card(task=Task.INTENT, model="x", labels=("a", "b"), settings=settings, examples=3, data_sha256="0" * 64)
    terms = {"words": words, **({"encoder": encoder} if encoder else {})}
    write_bundle(Bundle(card=card, arrays={}, terms=terms), tmp_path / "one")
    versions = versions_of(home, Task.INTENT)
    versions.promote(versions.add(tmp_path / "one"))
    said = [str(one) for one in aged_bundles(home)]
    assert len(said) == bool(named)
    if named:
        assert named in said[0]
        assert "parley train --task intent --data EXAMPLES" in said[0]
        assert "learn promote intent NEW" in said[0]


async def test_moods_of_other_words_are_built_anew_on_advice(home: Home) -> None:
    for opinions, named in ((opinions_version(), []), ("of old", ["moods"])):
        settings: dict[str, JsonValue] = {"opinions": opinions}
        card = Card(
            task=Task.EMOTION, model="x", labels=("a", "b"), settings=settings, examples=3, data_sha256="0" * 64
        )
        write_bundle(Bundle(card=card, arrays={}, terms={}), home.moods / MESSAGES)
        assert [one.name for one in aged_bundles(home)] == named
    (home.moods / MESSAGES / "bundle.json").write_text("{", "utf-8")
    assert aged_bundles(home) == []  # what is damaged is told of elsewhere


async def test_doctor_says_how_to_mend_what_is_old(home: Home) -> None:
    model = train_mood(Task.EMOTION, service_messages().take(range(0, 500, 5)), sentences=False)
    for settings, mend in (
        (model.card.settings, ""),
        ({**model.card.settings, "opinions": "of old"}, "sentiment build"),
    ):
        card = model.card.model_copy(update={"settings": settings})
        write_bundle(Bundle(card=card, arrays=model.arrays, terms=model.terms), home.moods / MESSAGES)
        (moods,) = [one for one in await diagnose(home.root) if one.name == "moods"]
        assert moods.health is Health.GOOD
        assert (mend in moods.mend) if mend else not moods.mend
