"""Keys that other systems quote in their errors reach neither log nor screen."""

import logging
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.secrecy import HIDDEN, hide_in_logs, without_secrets
from agent.settings import load_settings, misplaced_secrets, secrets_of

SHOWN = [
    "Incorrect API key provided: sk-proj-Ab12Cd34Ef56. See https://x.example",
    "401: invalid token xoxb-1234567890-abcdefgh",
    "Authorization: Bearer abc.def-ghi_123456 was refused",
    '{"error": "bad credentials", "api_key": "q8w7e6r5t4"}',
    "could not connect to postgresql://shop:hunter22@db.example/parley",
    "密钥无效：sk_live_9f8e7d6c5b4a",
    "password=Tr0ub4dor&3 is wrong",
    "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF123",
    "key AIzaSyA1234567890abcdefghijk is not allowed",
    "x-secret: 0123456789abcdef",
]
KEPT = [
    "The model server at http://127.0.0.1:8000/v1 failed: error 503: overloaded. See: parley doctor",
    "the token limit of 4096 was reached",
    "a password must be longer",
    "risk-assessment-of-loans is no operation",
    "客户忘记了密码，请重置",
    "sk-learn is not installed",
]


@pytest.mark.parametrize("text", SHOWN)
def test_what_looks_like_a_key_is_hidden(text: str) -> None:
    assert HIDDEN in without_secrets(text)


@pytest.mark.parametrize("text", KEPT)
def test_other_words_are_left(text: str) -> None:
    assert without_secrets(text) == text


def test_a_configured_secret_is_hidden_whatever_it_looks_like() -> None:
    assert without_secrets("no such key: plain-words-here", {"plain-words-here"}) == f"no such key: {HIDDEN}"


def test_every_logger_hides_them_in_words_arguments_and_tracebacks(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    try:
        hide_in_logs(lambda: {"open-sesame"})
        log = logging.getLogger("of.anybody")
        log.warning("refused: %s", "open-sesame")
        try:
            raise ValueError("the door says open-sesame")
        except ValueError:
            log.exception("it failed")
    finally:
        logging.setLogRecordFactory(before)
    assert "open-sesame" not in caplog.text
    assert HIDDEN in caplog.messages[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[model.keys]\nsmall = "k"', "PARLEY_MODEL__KEYS__…"),
        ('[slack]\nbot_token = "k"', "PARLEY_SLACK__BOT_TOKEN"),
        ('[widget.sites.shop.keys]\nk1 = "k"', "PARLEY_WIDGET__SITES__SHOP__KEYS__…"),
    ],
)
def test_no_secret_stands_in_the_settings_file(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "parley.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load_settings(tmp_path)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[model]\napi_key = "k"', "model.api_key: secrets belong in the environment (PARLEY_MODEL__API_KEY)"),
        ('[server]\nsecret = "k"', "PARLEY_SERVER__SECRET"),
        ('[server]\napi_key = "k"', "PARLEY_SERVER__API_KEY"),
    ],
)
def test_secrets_that_older_homes_may_hold_work_and_are_told_of(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "parley.toml").write_text(text, "utf-8")
    load_settings(tmp_path)
    assert told in misplaced_secrets(tmp_path)[0]


def test_what_tools_yaml_names_is_a_secret_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tools.yaml").write_text("crm: {auth: {env: CRM_OPENS}}\n", "utf-8")
    for name, value in (("CRM_OPENS", "plain-words"), ("SHOP_TOKEN", "others"), ("CRM_COLOUR", "greenish")):
        monkeypatch.setenv(name, value)
    assert {"plain-words", "others"} <= secrets_of(tmp_path)
    assert "greenish" not in secrets_of(tmp_path)
