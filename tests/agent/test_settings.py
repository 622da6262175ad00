"""Settings: the file, the environment over it, and what a wrong value says."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from agent.errors import HomeError, SettingsError
from agent.settings import Settings, load_settings
from agent.settings.file import commented_settings


def write_home(folder: Path, text: str) -> Path:
    (folder / "parley.toml").write_text(text, "utf-8")
    return folder


def check_named(section: type[BaseModel], text: str, *, sections: bool = False) -> None:
    for name, field in section.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            assert re.search(rf"(?m)^\[(\w+\.)*{name}\]$", text)
            check_named(inner, text)
        elif not sections:
            assert f"{name} = " in text or f"{name}.shop]" in text
            assert field.description, f"{name} has no description"


def test_the_file_of_a_new_home_is_valid_and_names_every_setting(tmp_path: Path) -> None:
    text = commented_settings({"company": {"name": "Lumen", "name_zh": "木光"}})
    assert tomllib.loads(text)["company"] == {"name": "Lumen", "name_zh": "木光"}
    check_named(Settings, text, sections=True)
    uncommented = re.sub(r"(?m)^# (\w+ = |\[\w)", r"\1", text)
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


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[widget.sites.shop]\nkeys = { k1 = "a secret that stands in a file, which is wrong" }\n', "environment"),
        ('[widget.sites."My Shop"]\n', "name of a site"),
        ('[widget]\nimages = ["img.example"]\n', "origin"),
        ('[server]\nallowed_origins = ["*"]\n', "origin"),
        ('[server]\ntrusted_proxies = ["proxy"]\n', "trusted_proxies"),
        ('[widget.hours]\nmonday = ["9-17"]\n', "09:00-17:30"),
        ('[widget.hours]\nmonday = ["17:00-09:00"]\n', "09:00-17:30"),
        ('[widget.hours]\ntime_zone = "Mars/Phobos"\n', "time zone"),
        ('[widget.uploads]\ntypes = ["application/x-msdownload"]\n', "types"),
        ('[widget]\nform = [{name = "a", label = "A", type = "select"}]\n', "options"),
    ],
)
def test_a_wrong_setting_of_the_web_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(write_home(tmp_path, text))


def test_a_short_secret_of_a_site_is_refused_without_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_WIDGET__SITES__SHOP__KEYS__K1", "guess-me")
    with pytest.raises(SettingsError, match="too short") as refused:
        load_settings(write_home(tmp_path, ""))
    assert "guess-me" not in str(refused.value)
