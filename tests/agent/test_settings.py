"""Settings: the file, the environment over it, and what a wrong value says."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from agent.errors import HomeError, SettingsError
from agent.settings import Settings, load_settings
from agent.settings_file import commented_settings


def write_home(folder: Path, text: str) -> Path:
    (folder / "parley.toml").write_text(text, "utf-8")
    return folder


def test_the_file_of_a_new_home_is_valid_and_names_every_setting(tmp_path: Path) -> None:
    text = commented_settings({"company": {"name": "Lumen", "name_zh": "木光"}})
    assert tomllib.loads(text)["company"] == {"name": "Lumen", "name_zh": "木光"}
    for field in Settings.model_fields.values():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            for name, inner in section.model_fields.items():
                assert f"{name} = " in text
                assert inner.description, f"{name} has no description"
    uncommented = re.sub(r"(?m)^# (\w+ = )", r"\1", text)
    assert load_settings(write_home(tmp_path, uncommented))


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = write_home(tmp_path, '[model]\nbase_url = "http://file/v1"\nname = "file"\n')
    monkeypatch.setenv("PARLEY_MODEL__BASE_URL", "http://environment/v1")
    settings = load_settings(home)
    assert (settings.model.base_url, settings.model.name) == ("http://environment/v1", "file")


@pytest.mark.parametrize("text", ["[server]\nport = 99999999\n", "[server]\nprot = 1\n", "[server\n", 'x = "y"\n'])
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"parley\.toml"):
        load_settings(write_home(tmp_path, text))


@pytest.mark.parametrize(
    "url", ["nonsense", "127.0.0.1:8000/v1", "ftp://host/v1", "http://", "http://[", "http://h:99999/v1"]
)
def test_an_address_that_is_none_is_named(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"model\.base_url"):
        load_settings(write_home(tmp_path, f'[model]\nbase_url = "{url}"\n'))


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:8000/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:1/v1", True),
        ("https://api.example/v1", False),
    ],
)
def test_a_server_on_this_machine_is_told_from_one_elsewhere(tmp_path: Path, url: str, here: bool) -> None:
    settings = load_settings(write_home(tmp_path, f'[model]\nbase_url = "{url}"\n'))
    assert settings.model.on_this_machine is here


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="parley init"):
        load_settings(tmp_path)
