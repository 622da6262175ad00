"""People take over in a support channel: customers of Slack and of the web alike, over restarts, by one process at a time."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from agent.conversations import Beginning, Conversations, Customer
from agent.ports import TurnStep
from agent.types import (
    DecisionKind,
    Emotion,
    Event,
    EventType,
    InboundMessage,
    Language,
    Reply,
    Sentiment,
    Understanding,
    Utterance,
)
from connectors.slack.blocks.sealing import Press, Seal
from connectors.slack.connector import Options
from connectors.slack.people.acting import written
from connectors.slack.people.desks import Desks
from connectors.slack.people.support import SupportChannel
from connectors.slack.phrases import say
from tests.support.postgres_server import PostgresServer
from tests.support.slack_connector import QUICK, Running, connected
from tests.support.slack_server import FakeSlack, Trouble
from tests.support.slack_world import User

DESK = "CDESK"
SEAL = Seal("k" * 40)


async def desk() -> SupportChannel:
    return SupportChannel(team="T1", channel=DESK)


WITH_PEOPLE = replace(QUICK, sweep_s=0.1, seal=SEAL, support=desk)


class Clerk:
    """Knows of delivery; is unsure of returns, and says so; hands over who asks for a person."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        text = message.text
        language: Language = "zh" if any(sign >= "一" for sign in text) else "en"
        polarity = -0.8 if "!" in text or "！" in text else 0.0
        feeling = Sentiment(polarity=polarity, emotion=Emotion.ANGER if polarity else Emotion.NEUTRAL, confidence=1.0)
        understanding = Understanding(text=text, question=text, language=language, sentiment=feeling)
        yield understanding
        said, kind, withheld = "Three days [1].", DecisionKind.ANSWER, ""
        if "person" in text or "人工" in text:
            said, kind = "I pass you on.", DecisionKind.HANDOFF
        elif "return" in text or "退货" in text:
            said, kind, withheld = "I don't know.", DecisionKind.DECLINE, "30 days, <!channel> free of charge."
        yield said
        yield Reply(text=said, language=language, decision=kind, understanding=understanding, withheld=withheld)


@pytest.fixture
def customer(slack: FakeSlack) -> User:
    return slack.world.user("U1", name="Ada")


@pytest.fixture
def mei(slack: FakeSlack) -> User:
    slack.world.channel(DESK)
    return slack.world.user("U2", name="Mei")


@asynccontextmanager
async def running(slack: FakeSlack, store: str, options: Options = WITH_PEOPLE) -> AsyncIterator[Running]:
    async with connected(slack, store, options=options, runner=Clerk()) as one:
        yield one


def roots(slack: FakeSlack) -> list[dict[str, Any]]:
    return [one for one in slack.world.messages[DESK] if one.get("bot_id") and not one.get("thread_ts")]


def under(slack: FakeSlack, root: dict[str, Any]) -> list[str]:
    """What the app says in a thread, each message as one text."""
    return [
        shown(one) for one in slack.world.messages[DESK] if one.get("bot_id") and one.get("thread_ts") == root["ts"]
    ]


def shown(message: dict[str, Any]) -> str:
    return json.dumps(message.get("blocks", []), ensure_ascii=False)


def button(root: dict[str, Any], step: str) -> dict[str, Any]:
    buttons = [one for block in root["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return next(one for one in buttons if one["action_id"].endswith(step))


async def press(slack: FakeSlack, who: User, root: dict[str, Any], step: str, channel: str = DESK) -> None:
    await slack.presses(who, channel, root, button(root, step))


async def the_root(slack: FakeSlack, with_text: str = "") -> dict[str, Any]:
    await slack.until(lambda: any(with_text in shown(one) for one in roots(slack)))
    return next(one for one in roots(slack) if with_text in shown(one))


async def whispered(slack: FakeSlack, text: str) -> None:
    await slack.until(lambda: any(one["text"] == text for one in slack.world.ephemerals))


def told(slack: FakeSlack, customer: User) -> list[str]:
    return [str(one.get("text", "")) + shown(one) for one in slack.world.messages[customer.dm] if one.get("bot_id")]


async def test_a_customer_of_slack_and_a_colleague_talk_through_two_threads(
    slack: FakeSlack, store: str, customer: User, mei: User
) -> None:
    async with running(slack, store):
        thread = await slack.says(customer, "How do I return it!")
        await slack.until(lambda: told(slack, customer))
        await slack.says(customer, "a person please", thread=thread)
        root = await the_root(slack)
        text = shown(root)
        assert say("people_waiting", "en") in text
        assert "Ada" in text
        assert "🙁😐" in text
        assert say("people_unhappy", "en", count=1, all=2) in text
        assert "How do I return it!" in text
        assert "30 days, &lt;!channel&gt; free of charge." in text  # suggested, and calls nobody
        await slack.says(mei, "is anyone on this?", channel=DESK, thread=root["ts"])
        await whispered(slack, say("people_take_over_first", "en"))
        await press(slack, mei, root, "claim")
        await slack.until(lambda: any("**Mei** is with you" in one for one in told(slack, customer)))
        await slack.until(lambda: say("people_with", "en", name="Mei") in shown(roots(slack)[0]))
        sent = await slack.says(
            mei, "Hello, see <https://shop.example/returns|our page> &amp; <@U1>", channel=DESK, thread=root["ts"]
        )
        await slack.says(mei, "// is she angry?", channel=DESK, thread=root["ts"])
        await slack.until(
            lambda: any("[our page](https://shop.example/returns) & [name]" in one for one in told(slack, customer))
        )
        assert any("**Mei:** Hello" in one for one in told(slack, customer))
        await slack.says(customer, "many thanks", thread=thread)
        await slack.until(lambda: any("many thanks" in one for one in under(slack, root)))
        await slack.edits(mei, DESK, sent, "Hello again")
        await slack.until(lambda: any("**Mei:** Hello again" in one for one in told(slack, customer)))
        assert not any("our page" in one for one in told(slack, customer))
        await slack.deletes(mei, DESK, sent)
        await slack.until(lambda: not any("Hello again" in one for one in told(slack, customer)))
        await press(slack, mei, roots(slack)[0], "return")
        await slack.until(lambda: any("Parley answers again" in one for one in told(slack, customer)))
        await slack.says(customer, "How long is delivery?", thread=thread)
        await slack.until(lambda: any("Three days" in one for one in told(slack, customer)))
        assert not any("angry" in one for one in told(slack, customer))
        assert not any("delivery" in one for one in under(slack, root))  # Parley is with her again
        assert len(roots(slack)) == 1
        assert not slack.refused


async def test_a_customer_of_the_web_gets_the_suggested_reply_and_an_end(
    slack: FakeSlack, store: str, mei: User
) -> None:
    async with running(slack, store) as one:
        web = one.conversations
        beginning = Beginning(customer=Customer(id="42", name="王小明 <!here>"), language="zh")
        conversation, _ = await web.create("web", beginning=beginning)
        for n, text in enumerate(["怎么退货！", "我要人工！"]):
            await web.receive(
                InboundMessage(conversation_id=conversation, channel="web", channel_message_id=str(n), text=text)
            )
        root = await the_root(slack, "王小明")
        assert say("people_waiting", "zh") in shown(root)
        assert "王小明 &lt;!here&gt;" in shown(root)
        await press(slack, mei, root, "send")
        (said,) = await happened(web, conversation, EventType.MESSAGE_AGENT)
        assert (said.data["name"], said.data["text"]) == ("Mei", "30 days, <!channel> free of charge.")
        await press(slack, mei, root, "send")  # twice is once
        await slack.until(lambda: any("free of charge" in one for one in under(slack, root)))
        await press(slack, mei, roots(slack)[0], "close")
        await happened(web, conversation, EventType.CONVERSATION_CLOSED)
        await web.rate(conversation, 5)
        await slack.until(lambda: any(say("people_rated", "zh", score=5) in one for one in under(slack, root)))
        assert say("people_closed", "zh") in shown(roots(slack)[0])
        assert not [block for block in roots(slack)[0]["blocks"] if block["type"] == "actions"]
        await slack.says(mei, "one more thing", channel=DESK, thread=root["ts"])
        await whispered(slack, say("people_is_closed", "en"))
        assert len(await web.events.read(conversation)) == len(await happened(web, conversation))
        assert sum(event.type is EventType.MESSAGE_AGENT for event in await web.events.read(conversation)) == 1


async def test_who_has_taken_over_may_call_it_resolved_and_no_other_colleague(
    slack: FakeSlack, store: str, customer: User, mei: User
) -> None:
    tom, channel = slack.world.user("U3", name="Tom"), slack.world.channel("C1")
    async with running(slack, store):
        thread = await slack.says(customer, f"{slack.mention()} How long is delivery?", channel=channel)
        await slack.until(lambda: any(one.get("metadata") for one in slack.world.answers(channel, thread)))
        (answer,) = slack.world.answers(channel, thread)
        (thumbs,) = answer["blocks"][-1]["elements"]
        good = {"action_id": thumbs["action_id"], "value": thumbs["positive_button"]["value"]}
        await slack.says(customer, "a person please", channel=channel, thread=thread)
        await press(slack, mei, await the_root(slack), "claim")
        await slack.until(lambda: say("people_with", "en", name="Mei") in shown(roots(slack)[0]))
        question = slack.world.find(channel, thread) or {}
        pressed = await slack.presses(tom, channel, answer, good)
        await slack.until(lambda: slack.responses(pressed))
        assert question["reactions"] == ["eyes"]
        await slack.presses(mei, channel, answer, good)
        await slack.until(lambda: question["reactions"] == ["eyes", "white_check_mark"])
    assert not slack.refused


async def happened(web: Conversations, conversation: str, kind: EventType | None = None) -> list[Event]:
    async with asyncio.timeout(15):
        while True:
            events = await web.events.read(conversation)
            found = [event for event in events if kind in {None, event.type}]
            if found:
                return found
            await asyncio.sleep(0.01)


async def wants_a_person(one: Running, text: str = "a person please") -> str:
    conversation, _ = await one.conversations.create("web")
    message = InboundMessage(conversation_id=conversation, channel="web", channel_message_id="1", text=text)
    await one.conversations.receive(message)
    return conversation


async def test_only_who_took_over_writes_and_only_one_takes_over(slack: FakeSlack, store: str, mei: User) -> None:
    tom = slack.world.user("U3", name="Tom", locale="zh-CN")
    async with running(slack, store) as one:
        conversation = await wants_a_person(one)
        root = await the_root(slack)
        await press(slack, mei, root, "claim")
        await happened(one.conversations, conversation, EventType.HANDOFF_ACCEPTED)
        await press(slack, tom, root, "claim")
        await whispered(slack, say("people_taken", "zh", name="Mei"))
        await slack.says(tom, "let me", channel=DESK, thread=root["ts"])
        await whispered(slack, say("people_not_yours", "zh", name="Mei"))
        assert not [e for e in await one.conversations.events.read(conversation) if e.type is EventType.MESSAGE_AGENT]


async def test_what_is_written_before_slack_has_confirmed_the_thread_is_heard(
    slack: FakeSlack, store: str, mei: User
) -> None:
    slack.troubles["chat.postMessage"] = [Trouble(slow_s=0.3)]
    async with running(slack, store) as one:
        await wants_a_person(one)
        root = await the_root(slack)
        await slack.says(mei, "is anyone on this?", channel=DESK, thread=root["ts"])
        await whispered(slack, say("people_take_over_first", "en"))


async def test_foreign_presses_do_nothing(
    slack: FakeSlack, store: str, mei: User, caplog: pytest.LogCaptureFixture
) -> None:
    slack.world.channel("COTHER")
    async with running(slack, store) as one:
        conversation = await wants_a_person(one)
        root = await the_root(slack)
        claim = button(root, "claim")
        other = Press(team="T2", conversation=conversation, what="claim")
        for channel, value in (
            ("COTHER", claim["value"]),
            (DESK, "made up"),
            (DESK, SEAL.close(other)),
            (DESK, Seal("x" * 40).close(replace(other, team="T1"))),
            (DESK, SEAL.close(replace(other, team="T1", conversation="another"))),
            (DESK, SEAL.close(replace(other, team="T1", what="delete everything"))),
        ):
            await slack.presses(mei, channel, root, {**claim, "value": value})
        await slack.until(lambda: sum("refused" in one.message for one in caplog.records) == 6)
        assert not [
            e for e in await one.conversations.events.read(conversation) if e.type is EventType.HANDOFF_ACCEPTED
        ]


async def test_what_a_customer_changes_or_takes_back_is_so_for_people(
    slack: FakeSlack, store: str, customer: User, mei: User
) -> None:
    async with running(slack, store):
        thread = await slack.says(customer, "a person please")
        root = await the_root(slack)
        await press(slack, mei, root, "claim")
        await slack.until(lambda: say("people_with", "en", name="Mei") in shown(roots(slack)[0]))
        said = await slack.says(customer, "order 17", thread=thread)
        await slack.until(lambda: any("order 17" in one for one in under(slack, root)))
        await slack.edits(customer, customer.dm, said, "order 18")
        await slack.until(lambda: any("order 18" in one for one in under(slack, root)))
        assert not any("order 17" in one for one in under(slack, root))
        await slack.deletes(customer, customer.dm, said)
        await slack.until(lambda: not any("order 18" in one for one in under(slack, root)))
        assert any(say("people_deleted", "en") in one for one in under(slack, root))
        await press(slack, mei, roots(slack)[0], "close")
        await slack.until(lambda: any(say("people_ended", "en") in one for one in told(slack, customer)))
        await slack.until(lambda: say("people_closed", "en") in shown(roots(slack)[0]))


async def test_a_restart_tells_what_happened_meanwhile_once(slack: FakeSlack, store: str, mei: User) -> None:
    async with running(slack, store) as one:
        conversation = await wants_a_person(one)
        root = await the_root(slack)
        await press(slack, mei, root, "claim")
        await happened(one.conversations, conversation, EventType.HANDOFF_ACCEPTED)
        await slack.until(lambda: say("people_with", "en", name="Mei") in shown(roots(slack)[0]))
    async with connected(slack, store, options=QUICK, runner=Clerk()) as without:  # nobody tells the channel now
        await without.conversations.receive(
            InboundMessage(conversation_id=conversation, channel="web", channel_message_id="2", text="still there?")
        )
    # The next process dies in the moment in which Slack has the message and has not said so.
    slack.troubles["chat.postMessage"].append(Trouble(status=500, done=True))
    async with running(slack, store) as again:
        await slack.until(lambda: any("still there?" in one for one in under(slack, root)))
        await slack.says(mei, "yes", channel=DESK, thread=root["ts"])
        await happened(again.conversations, conversation, EventType.MESSAGE_AGENT)
        await asyncio.sleep(0.3)
    assert sum("still there?" in one for one in under(slack, root)) == 1
    assert len(roots(slack)) == 1


async def test_a_thread_that_somebody_deleted_is_opened_anew(slack: FakeSlack, store: str, mei: User) -> None:
    async with running(slack, store) as one:
        conversation = await wants_a_person(one)
        slack.world.messages[DESK].remove(await the_root(slack))
        colleagues = one.conversations.colleagues
        await colleagues.accept(conversation, "Desk 3")
        root = await the_root(slack, say("people_with", "en", name="Desk 3"))
        await colleagues.reply(conversation, "Hello from the console", "Desk 3", "c1")
        await slack.until(lambda: any("Hello from the console" in text for text in under(slack, root)))
        await colleagues.change(conversation, "Good evening", "c1")
        await slack.until(lambda: any("Good evening" in text for text in under(slack, root)))
        slack.world.messages[DESK].remove(next(m for m in slack.world.messages[DESK] if "Good evening" in shown(m)))
        await colleagues.take_back(conversation, "c1")  # of what nobody sees any more: it holds up nothing
        await colleagues.reply(conversation, "Anything else?", "Desk 3", "c2")
        await slack.until(lambda: any("Anything else?" in text for text in under(slack, root)))
        assert len(roots(slack)) == 1


async def test_a_workspace_that_comes_back_is_told_anew_who_waits(slack: FakeSlack, store: str, mei: User) -> None:
    async with running(slack, store) as one:
        conversation = await wants_a_person(one)
        desks = Desks(one.conversations.engine)
        async with asyncio.timeout(15):
            while (desk := await desks.get(conversation)) is None or desk.thread is None:
                await asyncio.sleep(0.01)
        await desks.forget_team("T1")  # as when it takes the app away; here it has it again at once
        await slack.until(lambda: len(roots(slack)) == 2)


@pytest.mark.parametrize(
    ("slack", "kind"),
    [("http", "sqlite"), ("socket", "sqlite"), pytest.param("socket", "postgres", marks=pytest.mark.postgres)],
    indirect=["slack"],
)
async def test_of_several_processes_one_tells(
    slack: FakeSlack, store: str, mei: User, kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        store = server.new_database()
    async with running(slack, store) as one, running(slack, store), running(slack, store):
        conversations = [await wants_a_person(one, f"a person please, number {n}") for n in range(5)]
        await slack.until(lambda: len(roots(slack)) == 5)
        for conversation in conversations:
            await one.conversations.receive(
                InboundMessage(conversation_id=conversation, channel="web", channel_message_id="2", text="hello?")
            )
        await slack.until(lambda: sum(len(under(slack, root)) for root in roots(slack)) >= 10)
        await asyncio.sleep(0.5)
    assert len(roots(slack)) == 5
    for root in roots(slack):
        assert sum("hello?" in text for text in under(slack, root)) == 1


async def test_a_handoff_asked_for_again_comes_into_the_same_thread(slack: FakeSlack, store: str, mei: User) -> None:
    async with running(slack, store) as one:
        conversation = await wants_a_person(one)
        root = await the_root(slack)
        await press(slack, mei, root, "return")
        await happened(one.conversations, conversation, EventType.HANDOFF_CLOSED)
        message = InboundMessage(conversation_id=conversation, channel="web", channel_message_id="2", text="a person!")
        await one.conversations.receive(message)
        await slack.until(lambda: sum(say("people_waiting", "en") in text for text in under(slack, root)) == 1)
        await slack.until(lambda: say("people_waiting", "en") in shown(roots(slack)[0]))
        assert len(roots(slack)) == 1


@pytest.mark.parametrize(
    ("slack_text", "markdown"),
    [
        ("a &lt; b &amp; c", "a < b & c"),
        ("<https://x.example|page> <https://y.example>", "[page](https://x.example) https://y.example"),
        ("<@U123> <!channel> 你好", "[name]  你好"),
    ],
)
def test_what_is_written_in_slack_reaches_the_customer_as_markdown(slack_text: str, markdown: str) -> None:
    assert written(slack_text) == markdown
