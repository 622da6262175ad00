"""The bundles of a home: opened, and taken over from where an earlier version of Parley kept the one that it had."""

from pathlib import Path

import pytest

from agent.bundles import intents_in_use, sentiment_in_use
from agent.home import SAMPLE_MARK, Home
from agent.homes import new_home
from agent.samples.install import SAMPLE, learn_sample
from agent.training.bundle import Bundle, Card, Task, write_bundle
from agent.training.versions import versions_of
from agent.types import Emotion
from agent.understand.sentiment import default_sentiment
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
