"""A title is its own question, in either language, whatever rules, earlier messages and doubts there are."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.build import open_agent
from agent.loop import Agent
from agent.settings import load_settings
from agent.types import Utterance
from tests.support.homes import small_home

OFFER = Utterance(role="assistant", content="Perhaps this helps: Returns; 保修政策; Delivery.")
EARLIER = Utterance(role="user", content="how long for a phone?")
EARLIER_ZH = Utterance(role="user", content="手机坏了怎么办？")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_home(tmp_path_factory.mktemp("titles"))
    rules = "rules:\n  - {name: refuses, when: {mentions: '(?i)^(returns|delivery|保修)'}, do: decline}\n  - {name: asks, do: answer}\n"
    (root / "policy.yaml").write_text(rules, "utf-8")
    settings = root / "parley.toml"  # nothing is sure enough
    settings.write_text(
        settings.read_text("utf-8").replace("wrong_answer_cost = 0.1", "wrong_answer_cost = 50"), "utf-8"
    )
    return root


@pytest.fixture
async def agent(home: Path) -> AsyncIterator[Agent]:
    async with open_agent(load_settings(home)) as agent:
        yield agent


@pytest.mark.parametrize("history", [(), (EARLIER, OFFER)], ids=["typed", "offered"])
@pytest.mark.parametrize(
    ("title", "held"),
    [
        ("Returns", "within 30 days"),
        ("returns", "within 30 days"),
        ("  Delivery ", "3 days"),
        ("DELIVERY", "$4.50"),
        ("保修政策", "两年"),
        ("保修政策 ", "电池保修一年"),
    ],
)
async def test_a_title_is_answered_from_its_article(
    agent: Agent, title: str, held: str, history: tuple[Utterance, ...]
) -> None:
    reply = await agent.answer(title, history)
    assert (reply.decision, held in reply.text) == ("answer", True)
    assert len({citation.source_id for citation in reply.citations}) == 1


async def test_who_spoke_chinese_is_told_so_where_the_article_is_english(agent: Agent) -> None:
    reply = await agent.answer("Returns", (EARLIER_ZH, OFFER))
    assert reply.language == "zh"
    assert reply.text.startswith("这方面的资料只有英文")


@pytest.mark.parametrize(
    "text", ["Returns?", "my returns", "Returns and delivery", "保修", "Return", "保修政策有哪些", ""]
)
async def test_what_is_more_or_less_than_a_title_is_not_taken_for_one(agent: Agent, text: str) -> None:
    assert (await agent.answer(text)).decision == "decline"


@pytest.mark.parametrize("said", ["Which one do you mean: Returns, Delivery?", "您问的是哪一个：Returns？"])
async def test_what_a_question_back_waits_for_is_no_title(agent: Agent, said: str) -> None:
    assert (await agent.answer("Returns", (EARLIER, replace(OFFER, content=said)))).decision == "decline"


async def test_what_a_flow_waits_for_is_no_title(agent: Agent) -> None:
    assert (await agent.answer("Returns", (EARLIER, replace(OFFER, flow={"id": "f"})))).decision == "decline"
