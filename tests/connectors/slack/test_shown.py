"""How a long answer comes: acknowledged at once, with what is done meanwhile, split where nothing breaks, with its sources."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from agent.ports import TurnStep
from agent.types import (
    Citation,
    Decision,
    DecisionKind,
    InboundMessage,
    PassageEvidence,
    Reply,
    Retrieval,
    Understanding,
    Utterance,
)
from connectors.slack.phrases import language_of, say
from connectors.slack.rendering.splitting import LIMIT
from knowledge.types import Passage
from tests.support.slack_connector import connected
from tests.support.slack_server import FakeSlack

TABLE = "| Model | 保修 |\n|---|---|\n" + "\n".join(f"| M-{n:04} | {n} months 个月 |" for n in range(900))
LAMPS = Passage(id="p", source_id="lamps", title="Lamps 台灯", section=(), text="A lamp.", position=0)
CODE = "```\n" + "\n".join(f"step {n}: 重启 the lamp" for n in range(120)) + "\n```"


class Reader:
    """Looks something up for a while, and answers at length."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        language = language_of(message.text)
        understanding = Understanding(text=message.text, question=message.text, language=language)
        yield understanding
        yield Decision(kind=DecisionKind.ANSWER, rule="asks")
        yield Retrieval(passages=(PassageEvidence(passage=LAMPS, score=1.0),))
        yield "All models [1]:"
        await asyncio.sleep(1.2)
        yield Reply(
            text=f"All models [1]:\n\n{TABLE}\n\n{CODE}\n\n- 完",
            language=language,
            decision=DecisionKind.ANSWER,
            understanding=understanding,
            citations=(
                Citation(n=1, source_id="lamps", title="Lamps 台灯", url="https://shop.example/lamps", quote="A lamp."),
            ),
        )


class Clerk:
    """Looks an order up with a tool."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        language = language_of(message.text)
        understanding = Understanding(text=message.text, question=message.text, language=language)
        yield understanding
        yield Decision(kind=DecisionKind.ACT, rule="order status")
        yield "It is on its way. "
        await asyncio.sleep(0.15)
        text = "It is on its way. It comes tomorrow."
        yield Reply(text=text, language=language, decision=DecisionKind.ACT, understanding=understanding)


async def test_a_tool_at_work_is_a_card_beside_the_words(slack: FakeSlack, store: str) -> None:
    ada, wei = slack.world.user("U1"), slack.world.user("U2", locale="zh-CN")
    channel = slack.world.channel("C1")
    async with connected(slack, store, runner=Clerk()):
        for where, who, text in ((wei.dm, wei, "我的订单呢？"), (channel, ada, f"{slack.mention()} my order?")):
            thread = await slack.says(who, text, channel=where)
            await slack.until(lambda at=(where, thread): "tomorrow" in str(slack.world.answers(*at)))  # type: ignore[misc]
    (streamed,) = next(iter(slack.world.streams.values())).tasks.values()
    assert (streamed["title"], streamed["status"]) == (say("task_tool", "zh", name="order status"), "complete")
    sent = [*slack.called("chat.postMessage"), *slack.called("chat.update")]
    cards = [block for call in sent for block in call["blocks"] if block["type"] == "task_card"]
    assert {(card["title"], card["status"]) for card in cards} == {
        (say("task_tool", "en", name="order status"), "in_progress")
    }
    assert "task_card" not in str(slack.world.messages[channel][-1])  # in the end the answer stands alone
    assert not slack.refused


@pytest.mark.parametrize(
    ("slack", "question"), [("http", "Which models are there?"), ("socket", "有哪些型号？")], indirect=["slack"]
)
async def test_a_long_answer_is_split_between_rows_and_names_its_sources(
    slack: FakeSlack, store: str, question: str
) -> None:
    wei, language = slack.world.user("U1", locale="zh-CN"), language_of(question)
    async with connected(slack, store, runner=Reader()):
        thread = await slack.says(wei, question)
        assert slack.delivery.all[-1].acks[-1] < 1  # while it takes longer
        await slack.until(lambda: any("lamps" in str(one.get("blocks")) for one in slack.world.answers(wei.dm, thread)))
        shown = slack.world.answers(wei.dm, thread)
    texts = [block["text"] for one in shown for block in one["blocks"] if block["type"] == "markdown"]
    assert len(texts) > 1
    assert all(len(text) <= LIMIT for text in texts)
    lines = [line for text in texts for line in text.splitlines()]
    for n in range(900):
        assert f"| M-{n:04} | {n} months 个月 |" in lines  # no row is cut, none is lost
    assert all(text.count("```") % 2 == 0 for text in texts)  # no fence is left open
    tables = [text for text in texts if "| M-" in text]
    assert all("| Model | 保修 |" in text for text in tables)  # each part has its heading
    sources = str(shown[-1]["blocks"])
    assert say("sources", language) in sources
    assert "https://shop.example/lamps" in sources
    (task,) = next(stream.tasks for stream in slack.world.streams.values()).values()
    assert task["title"] == say("task_search", language)
    assert task["status"] == "complete"
    assert not slack.refused
