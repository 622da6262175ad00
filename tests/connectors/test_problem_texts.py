"""Errors in the customer's language, by `Accept-Language`."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.web.problem_texts import _ZH, accepted
from tests.support.web_client import begin
from tests.support.web_server import serving

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB, zh;q=0.5", "en"),
        ("de, zh;q=0.4, en;q=0.6", "en"),
        ("fr;q=1, ZH-tw;q=0.2", "zh"),
        ("zh;q=0, en;q=0", "en"),
        ("zh;q=much", "en"),
        ("*", "en"),
    ],
)
def test_the_better_liked_of_two_languages(header: str, language: str) -> None:
    assert accepted(header) == language


@given(st.text(max_size=600))
def test_no_header_breaks_it(header: str) -> None:
    assert accepted(header) in {"en", "zh"}


def test_each_translation_is_of_a_detail_that_is_raised_and_keeps_its_values() -> None:
    sources = "\n".join(
        file.read_text("utf-8")
        for room in ("agent/conversations", "agent/store", "connectors/web")
        for file in (ROOT / room).rglob("*.py")
        if file.name != "problem_texts.py"
    )
    raised = re.sub(r"\{[^{}]*\}", "{}", sources)
    for english, chinese in _ZH.items():
        assert english.count("{}") == chinese.count("{}"), english
        if not english.startswith("Too many"):  # made of parts
            assert english in raised, english


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(tmp_path) as served:
        yield served


async def test_a_customer_reads_what_is_wrong_in_chinese(client: httpx.AsyncClient) -> None:
    path, headers = await begin(client)
    chinese = {**headers, "Accept-Language": "zh-CN"}
    long = {"text": "长" * 9000, "client_id": "1"}
    refused = await client.post(f"{path}/messages", json=long, headers=chinese)
    assert (refused.status_code, refused.json()["detail"]) == (422, "消息过长：最多8000个字符。")
    assert "Accept-Language" in refused.headers["Vary"]
    same = await client.post(f"{path}/messages", json=long, headers=headers)
    assert same.json()["detail"] == "The message is too long: at most 8000 characters."
    stranger = await client.get("/v1/conversations/none", headers=chinese)
    assert stranger.json()["detail"] == "没有这个对话，或者凭据无效。"
    file = await client.post(f"{path}/files?name=a", content=b"x", headers=chinese)
    assert file.json()["detail"] == "这里不接收文件。"
