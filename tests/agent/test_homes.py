"""Homes: made whole or made again."""

import shutil
from pathlib import Path

import pytest

from agent.company import how_to_name, nameless
from agent.diagnosis import Health, diagnose
from agent.home import Home
from agent.homes import home_for_knowledge, new_home, open_documents, open_graph, sample_home, set_sample_aside
from agent.settings import Settings, load_settings
from agent.training.bundle import Task
from agent.training.versions import versions_of


class Interrupted(Exception):
    pass


def interrupt(stage: str, _done: int, _total: int) -> None:
    if stage == "Learning intents":
        raise Interrupted


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KNOWLEDGE__EMBEDDER", "corpus")


def half_made_in(folder: Path) -> Path:
    root = folder / "home"
    with pytest.raises(Interrupted):
        sample_home(root, interrupt)
    return root


@pytest.fixture
def half_made(tmp_path: Path) -> Path:
    return half_made_in(tmp_path)


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A half made one that was made again, for all tests; each changes a copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_KNOWLEDGE__EMBEDDER", "corpus")
        return sample_home(half_made_in(tmp_path_factory.mktemp("again")), lambda *_: None).root


@pytest.fixture
def sample(made_again: Path, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(made_again, tmp_path / "home")))


def test_a_home_whose_making_was_interrupted_is_none_yet(half_made: Path) -> None:
    assert not (half_made / "parley.toml").exists()


def test_made_again_it_is_whole(sample: Home) -> None:
    assert load_settings(sample.root).company.name == "Lumen & Oak"
    assert versions_of(sample, Task.INTENT).speakers().version in versions_of(sample, Task.INTENT).names()
    assert sample.suggestions_file.is_file()
    assert open_graph(sample).stats().entities > 40


def test_one_s_own_knowledge_takes_the_place_of_half_a_sample(half_made: Path) -> None:
    home, settings = home_for_knowledge(half_made)
    with open_documents(home, settings) as library:
        assert set_sample_aside(home, library)
        assert library.size == 0
    assert open_graph(home).stats().entities == 0


def test_with_the_sample_its_name_and_settings_go_and_what_somebody_changed_stays(sample: Home) -> None:
    changed = sample.settings_file.read_text("utf-8").replace('"木光电器"', '"我的店"')
    sample.settings_file.write_text(changed, "utf-8")
    with open_documents(sample, load_settings(sample.root)) as library:
        set_sample_aside(sample, library)
    settings = load_settings(sample.root)
    assert settings.company.name == Settings.model_fields["company"].get_default(call_default_factory=True).name
    assert settings.company.name_zh == "我的店"
    assert settings.guard.wrong_answer_cost == 1.5
    assert "# name = " in sample.settings_file.read_text("utf-8")


def test_a_home_that_began_with_the_sample_is_told_to_name_its_company(sample: Home) -> None:
    assert nameless(sample, load_settings(sample.root)) == ""  # the sample may bear its name
    with_remark = sample.settings_file.read_text("utf-8").replace('"Lumen & Oak"', '"Lumen & Oak"  # ours')
    sample.settings_file.write_text(with_remark, "utf-8")
    with open_documents(sample, load_settings(sample.root)) as library:
        set_sample_aside(sample, library)
    assert "Lumen & Oak" in nameless(sample, load_settings(sample.root))
    sample.settings_file.write_text("", "utf-8")
    assert "our company, 本公司" in nameless(sample, load_settings(sample.root))
    sample.settings_file.write_text('[company]\nname = "Acme"\nname_zh = "顶点"\n', "utf-8")
    assert nameless(sample, load_settings(sample.root)) == ""
    assert str(sample.settings_file) in how_to_name(sample)


async def test_doctor_says_whose_company_speaks(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    unnamed = next(finding for finding in await diagnose(home.root) if finding.name == "company")
    home.settings_file.write_text('[company]\nname = "Acme"\nname_zh = "顶点"\n', "utf-8")
    named = next(finding for finding in await diagnose(home.root) if finding.name == "company")
    assert (unnamed.health, named.health, named.detail) == (Health.ABSENT, Health.GOOD, "Acme · 顶点")
    assert "name_zh" in unnamed.mend


def test_settings_that_are_there_are_kept(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text('[company]\nname = "Mine"\n', "utf-8")
    new_home(tmp_path)

    assert load_settings(tmp_path).company.name == "Mine"
    assert Home(tmp_path).policy_file.is_file()
