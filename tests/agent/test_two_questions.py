"""Messages that ask several things, of a graph and of articles."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.build import open_agent
from agent.homes import new_home, open_documents, open_graph
from agent.loop import Agent
from agent.settings import load_settings
from agent.types import DecisionKind

PRODUCTS = "name,price_euros,colour\n竹影落地灯,129,黑色\n云朵台灯,59,白色\n"
ARTICLE = "# 安装服务\n\n师傅上门安装灯具收 40 欧元，周末不加钱。\n"


@pytest.fixture
async def lamps(tmp_path: Path) -> AsyncIterator[Agent]:
    home = new_home(tmp_path / "home")
    (tmp_path / "lamps.csv").write_text(PRODUCTS, "utf-8")
    (tmp_path / "fitting.md").write_text(ARTICLE, "utf-8")
    open_graph(home).import_file(tmp_path / "lamps.csv")
    with open_documents(home, load_settings(home.root)) as documents:
        documents.ingest([tmp_path / "fitting.md"])
    async with open_agent(load_settings(home.root)) as agent:
        yield agent


@pytest.mark.parametrize(
    "message",
    ["竹影落地灯多少钱？上门安装收费吗？", "竹影落地灯多少钱 上门安装收费吗", "上门安装收费吗，竹影落地灯多少钱"],
)
async def test_the_graph_and_an_article_answer_together_each_with_its_proof(lamps: Agent, message: str) -> None:
    reply = await lamps.answer(message, [])
    assert reply.decision is DecisionKind.ANSWER
    assert "129" in reply.text
    assert "40 欧元" in reply.text
    assert [citation.n for citation in reply.citations] == [1, 2]
    assert "[1]" in reply.text
    assert "[2]" in reply.text


async def test_two_facts_are_both_told(lamps: Agent) -> None:
    reply = await lamps.answer("竹影落地灯多少钱？什么颜色？", [])
    assert {fact.tail for fact in reply.facts} == {"129", "黑色"}


async def test_what_nobody_knows_beside_a_fact_is_owned(lamps: Agent) -> None:
    reply = await lamps.answer("竹影落地灯多少钱？你们支持比特币吗？", [])
    assert "129" in reply.text
    assert "其余部分" in reply.text
