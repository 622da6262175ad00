"""The real vLLM server behind `parley ask` and `parley serve`: streamed, cited, declined, stopped, and killed in mid-answer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.support.commands import parley, serving
from tests.support.homes import QUESTION, small_home
from tests.support.speaking_llama import ANSWER, NAME, make_speaking_llama
from tests.support.vllm_server import PYTHON, VllmServer, vllm_server
from tests.support.web_client import ask, events, follow, heard

pytestmark = [pytest.mark.vllm, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

AT_LENGTH = f"{QUESTION} Please tell me at length."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("small"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vllm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VllmServer]:
    folder = tmp_path_factory.mktemp("vllm")
    template = await make_speaking_llama(folder / "model", PYTHON)
    options = ("--chat-template", str(template), "--max-model-len", "8192")
    async with vllm_server(folder / "model", NAME, folder / "vllm.log", *options) as server:
        yield server


async def test_ask_gives_the_models_answer_with_its_source(home: Path, vllm: VllmServer) -> None:
    finished = await parley(home, "ask", QUESTION, "--json", MODEL__BASE_URL=vllm.url)
    reply = json.loads(finished.out)
    assert (reply["text"], reply["generator"], reply["decision"]) == (ANSWER, NAME, "answer")
    assert [citation["title"] for citation in reply["citations"]] == ["Returns"]
    assert 0 < reply["timings_ms"]["first_token"] < reply["timings_ms"]["total"]


async def test_what_the_model_declines_is_declined(home: Path, vllm: VllmServer) -> None:
    finished = await parley(home, "ask", "Do you sell a bicycle?", "--json", MODEL__BASE_URL=vllm.url)
    reply = json.loads(finished.out)
    assert (reply["generator"], reply["decision"], reply["citations"]) == (NAME, "decline", [])
    assert "NO_ANSWER" not in reply["text"]


async def test_what_the_model_cites_nothing_for_is_taken_back(home: Path, vllm: VllmServer) -> None:
    async with serving(home, MODEL__BASE_URL=vllm.url, MODEL__MAX_TOKENS="60") as client:
        found = await events(client, *await ask(client, AT_LENGTH))
    assert any("the parcel went" in event["data"]["text"] for event in found if event["type"] == "reply.delta")
    reply = found[-1]["data"]
    assert (reply["generator"], reply["decision"]) == (NAME, "decline")
    assert heard(found) == reply["text"]
    assert "the parcel went" not in reply["text"]


async def test_a_stopped_turn_stops_vllm(home: Path, vllm: VllmServer) -> None:
    async with serving(home, MODEL__BASE_URL=vllm.url, MODEL__MAX_TOKENS="7000") as client:
        path, headers = await ask(client, AT_LENGTH)
        async with aclosing(follow(client, path, headers)) as stream:
            async for event in stream:
                if event["type"] == "reply.delta":
                    await client.post(f"{path}/stop", headers=headers)
        assert event["type"] == "turn.stopped"
        async with httpx.AsyncClient(trust_env=False) as direct, asyncio.timeout(20):
            while await running(direct, vllm):
                await asyncio.sleep(0.1)


async def test_vllm_killed_in_mid_answer_leaves_the_composers_answer_with_a_note(home: Path, vllm: VllmServer) -> None:
    async with serving(home, MODEL__BASE_URL=vllm.url, MODEL__MAX_TOKENS="7000") as client:
        path, headers = await ask(client, AT_LENGTH)
        found = []
        async with aclosing(follow(client, path, headers)) as stream:
            async for event in stream:
                found.append(event)
                if event["type"] == "reply.delta" and vllm.process.returncode is None:
                    await vllm.kill()
        reply = found[-1]["data"]
        assert "the parcel went" in next(event["data"]["text"] for event in found if event["type"] == "reply.delta")
        assert any(event["data"].get("reset") for event in found if event["type"] == "reply.delta")
        assert heard(found) == reply["text"]
        assert reply["text"].startswith("(Our writing assistant can't be reached")
        assert "within 30 days. [1]" in reply["text"]
        assert (reply["generator"], reply["decision"]) == ("extractive", "answer")

        again = (await events(client, *await ask(client, QUESTION)))[-1]["data"]
        assert again["text"].startswith("(Our writing assistant can't be reached")


async def running(client: httpx.AsyncClient, vllm: VllmServer) -> float:
    """How many requests vLLM works on."""
    metrics = (await client.get(vllm.url.removesuffix("/v1") + "/metrics")).text
    lines = [line for line in metrics.splitlines() if line.startswith("vllm:num_requests_running{")]
    assert lines
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)
