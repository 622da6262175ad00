"""The real vLLM, started by `parley vllm`, behind `parley ask` and `parley serve`.

Streamed, cited, declined, acting by tools, stopped, timed out; killed in mid-answer, started anew, and used again.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from agent.serving.profiles import Profile, load_profile, profile_names, servers_of
from tests.support.commands import parley_here, serving
from tests.support.homes import QUESTION, acting_home, small_home
from tests.support.speaking_llama import ANSWER, FIRST, NAME, TOLD, make_speaking_llama
from tests.support.vllm_server import PYTHON, KeptServer, kept_server
from tests.support.web_client import ask, begin, events, follow, heard

pytestmark = [pytest.mark.vllm, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(400)]

AT_LENGTH = f"{QUESTION} Please tell me at length."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_home(tmp_path_factory.mktemp("small"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vllm(tmp_path_factory: pytest.TempPathFactory, home: Path) -> AsyncIterator[KeptServer]:
    folder = tmp_path_factory.mktemp("vllm")
    template = await make_speaking_llama(folder / NAME, PYTHON)
    extra = ["--enforce-eager", "--enable-log-requests", "--chat-template", str(template)]
    async with kept_server(folder / NAME, folder, home, extra=extra, tool_parser="hermes") as server:
        yield server


async def test_parley_vllm_says_what_to_put_into_the_settings(vllm: KeptServer) -> None:
    await vllm.until_said(f'[model]\nbase_url = "{vllm.url}"\nname = "{NAME}"')
    assert "no card needed: weights" in "".join(vllm.said)


async def test_doctor_measures_the_server_and_reads_its_metrics(home: Path, vllm: KeptServer) -> None:
    finished = await parley_here(home, "doctor", "--json", MODEL__BASE_URL=vllm.url)
    found = {finding["name"]: finding for finding in json.loads(finished.out)["findings"]}
    assert found["model"]["detail"] == f"{NAME} at {vllm.url}"
    assert "first token after" in found["model speed"]["detail"]
    assert "tokens a second" in found["model speed"]["detail"]
    assert found["model load"]["detail"].startswith("vLLM: 0 running, 0 waiting, KV cache")


async def test_every_option_of_every_profile_is_one_of_vllms() -> None:
    wild = Profile(
        model="m",
        quantization="awq",
        tensor=2,
        pipeline=2,
        data=2,
        executor="ray",
        structured="xgrammar",
        tool_parser="hermes",
        adapters={"acme": "/a", "umbrella": "/u"},
        embedding="e",
        score="s",
    )
    profiles = [*map(load_profile, profile_names()), wild]
    lines = [server.options for profile in profiles for server in servers_of(profile)]
    script = (
        "import json, sys\n"
        "from vllm.entrypoints.launchers.cli_args import make_arg_parser\n"
        "from vllm.utils.argparse_utils import FlexibleArgumentParser\n"
        "from vllm.tool_parsers import ToolParserManager\n"
        "parser = make_arg_parser(FlexibleArgumentParser())\n"
        "for line in json.load(sys.stdin):\n"
        "    told = parser.parse_args(line)\n"
        "    if told.tool_call_parser:\n"
        "        ToolParserManager.get_tool_parser(told.tool_call_parser)\n"
        "print('valid')\n"
    )
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(str(PYTHON), "-c", script, stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await process.communicate(json.dumps(lines).encode())
    assert out.decode().strip().endswith("valid"), err.decode()[-2000:]


async def test_ask_gives_the_models_answer_with_its_source(home: Path, vllm: KeptServer) -> None:
    finished = await parley_here(home, "ask", QUESTION, "--json", MODEL__BASE_URL=vllm.url)
    reply = json.loads(finished.out)
    assert (reply["text"], reply["generator"], reply["decision"]) == (ANSWER, NAME, "answer")
    assert [citation["title"] for citation in reply["citations"]] == ["Returns"]
    assert 0 < reply["timings_ms"]["first_token"] < reply["timings_ms"]["total"]


async def test_what_the_model_declines_is_declined(home: Path, vllm: KeptServer) -> None:
    finished = await parley_here(home, "ask", "Do you sell a bicycle?", "--json", MODEL__BASE_URL=vllm.url)
    reply = json.loads(finished.out)
    assert (reply["generator"], reply["decision"], reply["citations"]) == (NAME, "decline", [])
    assert "NO_ANSWER" not in reply["text"]


async def test_what_the_model_cites_nothing_for_is_never_seen(home: Path, vllm: KeptServer) -> None:
    async with serving(home, MODEL__BASE_URL=vllm.url, MODEL__MAX_TOKENS="60") as client:
        found = await events(client, *await ask(client, AT_LENGTH))
    reply = found[-1]["data"]
    assert (reply["text"], reply["generator"], reply["decision"]) == (FIRST, NAME, "answer")
    assert heard(found) == FIRST
    assert not any("parcel" in event["data"]["text"] for event in found if event["type"] == "reply.delta")
    assert reply["usage"]["completion_tokens"] == 60
    assert reply["usage"]["prompt_tokens"] > 200
    assert not reply["usage"]["estimated"]


async def test_a_tool_that_the_model_calls_for_runs_and_what_it_gave_is_told(tmp_path: Path, vllm: KeptServer) -> None:
    home = acting_home(tmp_path)
    finished = await parley_here(home, "ask", "Where is LO-10480?", "--json", MODEL__BASE_URL=vllm.url)
    reply = json.loads(finished.out)
    assert (reply["text"], reply["generator"], reply["decision"]) == (TOLD, NAME, "act")


async def test_a_change_that_the_model_calls_for_waits_for_the_customer_and_is_made_once(
    tmp_path: Path, vllm: KeptServer
) -> None:
    async with serving(acting_home(tmp_path), MODEL__BASE_URL=vllm.url) as client:
        path, headers = await begin(client)
        for turn, text in enumerate(("I want a refund for LO-10480, it is late.", "yes"), start=1):
            message = {"text": text, "client_id": str(turn)}
            assert (await client.post(f"{path}/messages", json=message, headers=headers)).status_code == 202
            reply = await completed(client, path, headers, turn)
            if turn == 1:
                rows = reply["confirm"]["rows"]
                assert sorted(rows) == [
                    ["email", "customer1@example.com"],
                    ["order_number", "LO-10480"],
                    ["reason", "late"],
                ]
        assert "RF-10480" in reply["text"]


async def test_a_stopped_turn_stops_vllm_within_a_second(home: Path, vllm: KeptServer) -> None:
    async with serving(home, MODEL__BASE_URL=vllm.url, MODEL__MAX_TOKENS="7000") as client:
        aborted, finished = aborts(home), await metric(vllm, "vllm:request_success_total{")
        path, headers = await ask(client, AT_LENGTH)
        async with aclosing(follow(client, path, headers)) as stream:
            async for event in stream:
                if event["type"] == "reply.delta":
                    await client.post(f"{path}/stop", headers=headers)
        assert event["type"] == "turn.stopped"
        async with asyncio.timeout(1):
            while await metric(vllm, "vllm:num_requests_running{") or aborts(home) == aborted:
                await asyncio.sleep(0.02)
        assert aborts(home) == aborted + 1
        assert await metric(vllm, "vllm:request_success_total{") == finished


async def test_a_server_that_is_too_slow_leaves_the_answer_to_the_composer(home: Path, vllm: KeptServer) -> None:
    settings = {"MODEL__BASE_URL": vllm.url, "MODEL__MAX_TOKENS": "7000", "MODEL__TOTAL_TIMEOUT_S": "0.6"}
    reply = json.loads((await parley_here(home, "ask", AT_LENGTH, "--json", **settings)).out)
    assert reply["text"].startswith("(Our writing assistant can't be reached")
    async with asyncio.timeout(5):
        while await metric(vllm, "vllm:num_requests_running{"):
            await asyncio.sleep(0.05)


async def test_a_conversation_of_ten_turns_is_mostly_in_the_servers_cache(home: Path, vllm: KeptServer) -> None:
    asked, hits = await cache(vllm)
    async with serving(home, MODEL__BASE_URL=vllm.url) as client:
        path, headers = await begin(client)
        for turn in range(10):
            question = f"How many days do I have to send product number {turn + 1} back?"
            message = {"text": question, "client_id": str(turn)}
            assert (await client.post(f"{path}/messages", json=message, headers=headers)).status_code == 202
            last = await completed(client, path, headers, turn + 1)
        assert last["generator"] == NAME
    asked_after, hits_after = await cache(vllm)
    assert asked_after - asked > 3000
    assert (hits_after - hits) / (asked_after - asked) > 0.6


async def test_vllm_killed_in_mid_answer_is_covered_for_and_back_in_use_once_it_runs_again(
    home: Path, vllm: KeptServer
) -> None:
    async with serving(home, MODEL__BASE_URL=vllm.url, MODEL__MAX_TOKENS="7000") as client:
        path, headers = await ask(client, AT_LENGTH)
        found, killed = [], False
        async with aclosing(follow(client, path, headers)) as stream:
            async for event in stream:
                found.append(event)
                if event["type"] == "reply.delta" and not killed:
                    killed = True
                    vllm.kill()
        reply = found[-1]["data"]
        assert FIRST in next(event["data"]["text"] for event in found if event["type"] == "reply.delta")
        assert any(event["data"].get("reset") for event in found if event["type"] == "reply.delta")
        assert heard(found) == reply["text"]
        assert reply["text"].startswith("(Our writing assistant can't be reached")
        assert "within 30 days. [1]" in reply["text"]
        assert (reply["generator"], reply["decision"]) == ("extractive", "answer")

        again = (await events(client, *await ask(client, QUESTION)))[-1]["data"]
        assert again["text"].startswith("(Our writing assistant can't be reached")

        await vllm.until_ready(2)
        assert any("ended with status -9; starts again" in line for line in vllm.said)
        async with asyncio.timeout(60):  # the breaker lets it rest for half a minute since its last failure
            while (await events(client, *await ask(client, QUESTION)))[-1]["data"]["generator"] != NAME:
                await asyncio.sleep(1)


async def completed(client: httpx.AsyncClient, path: str, headers: dict[str, str], replies: int) -> dict[str, Any]:
    """The reply of this number in a conversation."""
    found: list[dict[str, Any]] = []
    async with aclosing(follow(client, path, headers, last=())) as stream:
        async for event in stream:
            if event["type"] == "reply.completed":
                found.append(event["data"])
                if len(found) == replies:
                    break
    return found[-1]


def aborts(home: Path) -> int:
    """Requests that vLLM's log says were aborted; its metrics count none whose caller hung up."""
    logs = (log.read_text("utf-8", "replace") for log in (home / "logs").iterdir())
    return sum(len(re.findall(r"Request \S+ aborted\.", log)) for log in logs)


async def metric(vllm: KeptServer, *parts: str) -> float:
    """The sum of one of vLLM's metrics."""
    async with httpx.AsyncClient(trust_env=False) as client:
        told = (await client.get(vllm.url.removesuffix("/v1") + "/metrics")).text
    lines = [line for line in told.splitlines() if all(part in line for part in parts)]
    assert lines, parts
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


async def cache(vllm: KeptServer) -> tuple[float, float]:
    """Prompt tokens looked up in the prefix cache, and found there."""
    return await metric(vllm, "vllm:prefix_cache_queries_total{"), await metric(vllm, "vllm:prefix_cache_hits_total{")
