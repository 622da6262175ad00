"""Flows go on for programs that keep the conversation themselves: OpenAI's clients, and files of earlier messages."""

import json
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from typer import Exit

from agent.build import open_agent
from agent.cli.ask import read_history
from agent.loop import Agent
from agent.settings import load_settings
from agent.types import Utterance
from connectors.web.access import ServerKey
from connectors.web.completions import completions_router
from connectors.web.open_flows import OpenFlows

SAID = {
    "en": ("I want a refund", "LO-10482, it's customer3@example.com", "it is broken", "yes", "RF-10482"),
    "zh": ("我要申请退款", "LO-10486，customer7@example.com", "坏了", "好的", "RF-10486"),
}


async def test_programs_that_keep_the_conversation_go_on_with_its_flow(corpus_shop: Path, tmp_path: Path) -> None:
    app, settings = FastAPI(), load_settings(corpus_shop)
    settings.store.url = f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
    async with (
        open_agent(settings) as agent,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://parley", headers={"Authorization": "Bearer key"}
        ) as client,
    ):
        app.include_router(completions_router(agent, ServerKey("key")))
        await check_bare_transcript(client, "en", stream=False)
        await check_bare_transcript(client, "zh", stream=True)
        await check_file(agent, tmp_path / "said.json")


async def check_bare_transcript(client: httpx.AsyncClient, language: str, *, stream: bool) -> None:
    *customer, number = SAID[language]
    messages: list[dict[str, str]] = []
    for text in customer:
        messages.append({"role": "user", "content": text})
        answer = await client.post("/v1/chat/completions", json={"messages": messages, "stream": stream})
        said = _streamed(answer.text) if stream else answer.json()["choices"][0]["message"]["content"]
        messages.append({"role": "assistant", "content": said})
    assert number in messages[-1]["content"]
    # Sent once more, the same yes gives the same; where another reply was shown, no flow is under way.
    again = await client.post("/v1/chat/completions", json={"messages": messages[:-1]})
    assert number in again.text
    other = [*messages[:-3], {"role": "assistant", "content": "Anything else?"}, messages[-2]]
    assert number not in (await client.post("/v1/chat/completions", json={"messages": other})).text


async def check_file(agent: Agent, file: Path) -> None:
    first = await agent.answer("I want a refund")
    said = {"role": "assistant", "content": first.text, "flow": first.flow}
    file.write_text(json.dumps([{"role": "user", "content": "I want a refund"}, said]), "utf-8")
    reply = await agent.answer("LO-10482", read_history(file))
    assert reply.rule == "flow refund"
    assert "e-mail" in reply.text
    file.write_text(json.dumps([{**said, "flow": "refund"}]), "utf-8")
    with pytest.raises(Exit):
        read_history(file)


def _streamed(text: str) -> str:
    chunks = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)


def test_the_oldest_transcripts_are_forgotten_first() -> None:
    flows = OpenFlows(most=1)
    first, second = ([Utterance(role="assistant", content=text)] for text in ("one", "two"))
    flows.keep(first, {"id": "1"})
    assert flows.resumed(first)[0].flow == {"id": "1"}
    flows.keep(second, {"id": "2"})
    assert flows.resumed(first)[0].flow is None
    assert flows.resumed([*second, Utterance(role="user", content="yes")])[0].flow == {"id": "2"}
