"""What is wrong with settings is said in plain words, with its line or its variable."""

from pathlib import Path

import pytest

from agent.diagnosis import diagnose
from agent.errors import SettingsError
from agent.settings import ignored_variables, load_settings
from agent.settings.wrong import near
from tests.support.commands import parley_here

PYDANTIC = ("Extra inputs", "unable to parse", "Input should", "Field required", "valid integer", "validation error")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[company]\nnmae = "A"\n', "line 2: unknown setting company.nmae; did you mean name?"),
        ('[modle]\nbase_url = ""\n', "line 1: unknown setting modle; did you mean model?"),
        (
            '[company]\nname = "A"\n\n[widget.consent]\nrequird = true\n',
            "line 5: unknown setting widget.consent.requird",
        ),
        ('[company]\nfavourite_colour = "A"\n', "line 2: unknown setting company.favourite_colour"),
        ('[server]\nport = "abc"\n', "line 2: server.port must be a whole number, not 'abc'"),
        ("[server]\nport = 70000\n", "line 2: server.port must be 65535 or less, not 70000"),
        ("[server]\nhost = 3\n", "line 2: server.host must be text in quotes"),
        ('[model]\nverify = "perhaps"\n', "line 2: model.verify must be true or false, not 'perhaps'"),
        ('[guard]\nwrong_answer_cost = "dear"\n', "must be a number, not 'dear'"),
        ('[slack]\nsupport_language = "fr"\n', "must be one of '', 'en' or 'zh', not 'fr'"),
        ('[server]\nallowed_origins = "https://a.example"\n', "must be a list"),
        ("company = 3\n", "line 1: company must be a table"),
        ('[widget]\nform = [{name = "a", labl = "A"}]\n', "widget.form.0.label is missing"),
        ('[company]\nname = "Acme\n[server]\n', "line 2: a quote is not closed (name)"),
        ("[company]\nname = 'it's'\n", "line 2: a quote is not closed (name)"),
        ("[server\nport = 1\n", "line 1: the bracket ] after the name is missing"),
        ('[server]\nallowed_origins = ["https://a.example"\n', "a bracket is not closed"),
        ("[company]\nname = Acme\n", "line 2: after = there must be text in quotes"),
        ("[company]\nname\n", "line 2: there must be a name, =, and a value"),
        ('[company]\nname = "a"\nname = "b"\n', "line 3: this name stands in the file twice"),
        ('[company]\nname = "a"\n[company]\n', "line 3: this name stands in the file twice"),
    ],
)
def test_a_fault_is_told_in_plain_words_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "parley.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path)
    assert said in str(refused.value)
    assert not any(words in str(refused.value) for words in PYDANTIC)
    assert "\n" not in str(refused.value)


def test_what_follows_an_open_quote_is_not_shown_as_it_may_be_a_secret(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text('[model]\napi_key = "s3cret\n', "utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(tmp_path)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_bytes('[company]\nname = "木光"\n'.encode("gb18030"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(tmp_path)


def test_a_wrong_value_of_the_environment_names_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parley.toml").write_text("[server]\nport = 1\n", "utf-8")
    monkeypatch.setenv("PARLEY_SERVER__PORT", "abc")
    with pytest.raises(
        SettingsError, match=r"PARLEY_SERVER__PORT of the environment: server.port must be a whole number"
    ):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PARLEY_MODLE__BASE_URL", "PARLEY_MODEL__BASE_URL"),
        ("PARLEY_MODEL_BASE_URL", "PARLEY_MODEL__BASE_URL"),
        ("PARLEY_SERVER_PORT", "PARLEY_SERVER__PORT"),
        ("PARLEY_COMPANY__NAEM_ZH", "PARLEY_COMPANY__NAME_ZH"),
        ("PARLEY_XYZZY", ""),
    ],
)
async def test_a_variable_that_sets_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    (tmp_path / "parley.toml").write_text("", "utf-8")
    monkeypatch.setenv(name, "http://127.0.0.1:8000/v1")
    (line,) = [line for line in ignored_variables(tmp_path) if name in line]
    assert (f"did you mean {meant}?" in line) is bool(meant)
    if "__NAEM" not in name:  # in a table that there is, an unknown name ends the start anyway
        assert any(one.name == "environment" and name in one.detail for one in await diagnose(tmp_path))


@pytest.mark.parametrize(
    "name",
    [
        "PARLEY_MODEL__BASE_URL",
        "PARLEY_MODEL__KEYS__SMALL",
        "PARLEY_WIDGET__SITES__SHOP__KEYS__K1",
        "parley_server__port",
        "PARLEY_COMPANY",
        "PARLEY_HOME",
        "PARLEY_JUDGE_KEY",
        "PARLEY_STOCK_KEY",
        "PATH_OF_PARLEY",
    ],
)
def test_a_variable_that_sets_something_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "tools.yaml").write_text("stock:\n  openapi: {key: PARLEY_STOCK_KEY}\n", "utf-8")
    monkeypatch.setenv(name, "1")
    assert not [line for line in ignored_variables(tmp_path) if line.startswith(name)]


COMMANDS = ["init", "ingest", "ask", "eval", "doctor", "serve", "learn", "graph", "flow", "train"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("insights", ""),
        ("install", ""),
        ("recommend", ""),
        ("status", ""),
        ("inti", "init"),
        ("ingset", "ingest"),
        ("docter", "doctor"),
        ("sevre", "serve"),
        ("lern", "learn"),
        ("Flow", "flow"),
    ],
)
def test_only_what_is_near_is_proposed(typed: str, meant: str) -> None:
    assert near(typed, COMMANDS) == meant


async def test_an_unknown_command_proposes_none_that_is_not_near(tmp_path: Path) -> None:
    unknown = await parley_here(tmp_path, "insights")
    assert unknown.status == 2
    assert "No such command 'insights'" in unknown.err
    assert "init'" not in unknown.err
    assert "'doctor'" in (await parley_here(tmp_path, "docter")).err


async def test_the_version_is_printed(tmp_path: Path) -> None:
    told = await parley_here(tmp_path, "--version")
    assert (told.status, told.out.split()[0]) == (0, "parley")
