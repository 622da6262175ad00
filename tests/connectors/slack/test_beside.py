"""What is shown beside conversations: marks in channels, titles, suggestions, and a question of one's own at home."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agent.ports import TurnStep
from agent.types import DecisionKind, InboundMessage, Reply, Understanding, Utterance
from connectors.slack.blocks.home import ASK, HomeShown, shown_home
from connectors.slack.blocks.prompts import Role
from connectors.slack.phrases import language_of, say
from connectors.slack.threads import Threads
from tests.support.slack_connector import QUICK, Running, connected
from tests.support.slack_server import FakeSlack
from tests.support.slack_world import User


class Shop:
    """Knows what is meant once a kettle is named."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        language, text = language_of(message.text), message.text
        known = "ettle" in text or "水壶" in text
        kind = DecisionKind.ANSWER if known else DecisionKind.CLARIFY
        understanding = Understanding(text=text, question=f"{text} [understood]", language=language)
        yield understanding
        said = f"{text}: two years." if known else "Which product?"
        yield Reply(text=said, language=language, decision=kind, understanding=understanding)


async def replied(slack: FakeSlack, channel: str, thread: str, count: int = 1) -> list[dict[str, Any]]:
    def whole() -> bool:
        shown = slack.world.answers(channel, thread)
        return len(shown) >= count and all(one.get("metadata") and "…" not in one["text"] for one in shown)

    await slack.until(whole)
    return slack.world.answers(channel, thread)


def marks(slack: FakeSlack, channel: str, ts: str) -> list[str]:
    found = slack.world.find(channel, ts)
    assert found is not None
    return list(found.get("reactions", []))


async def conversation(running: Running, channel: str, thread: str) -> str:
    found = await Threads(running.conversations.engine).find("T1", channel, thread)
    assert found is not None
    return found.conversation_id


async def at_home(slack: FakeSlack, user: User) -> list[dict[str, Any]]:
    """What somebody sees who opens the app's Home."""
    slack.world.homes.pop(user.id, None)
    await slack.opens_app(user, tab="home")
    await slack.until(lambda: user.id in slack.world.homes)
    blocks: list[dict[str, Any]] = slack.world.homes[user.id]["blocks"]
    return blocks


async def test_in_a_channel_it_is_seen_what_was_heard_and_what_is_resolved(slack: FakeSlack, store: str) -> None:
    ada, ben, channel = slack.world.user("U1"), slack.world.user("U2", name="Ben"), slack.world.channel("C1")
    async with connected(slack, store, runner=Shop()) as running:
        thread = await slack.says(ada, f"{slack.mention()} kettle?", channel=channel)
        await slack.until(lambda: marks(slack, channel, thread) == ["eyes"])
        (answer,) = await replied(slack, channel, thread)
        buttons = answer["blocks"][-1]["elements"][0]
        good = {"action_id": buttons["action_id"], "value": buttons["positive_button"]["value"]}
        pressed = await slack.presses(ben, channel, answer, good)  # Ben likes it, but it is Ada's question
        await slack.until(lambda: slack.responses(pressed))
        assert marks(slack, channel, thread) == ["eyes"]
        for verdict, shown in (("positive", ["eyes", "white_check_mark"]), ("negative", ["eyes"])):
            value = buttons[f"{verdict}_button"]["value"]
            await slack.presses(ada, channel, answer, {"action_id": buttons["action_id"], "value": value})
            await slack.until(lambda shown=shown: marks(slack, channel, thread) == shown)  # type: ignore[misc]
        follow = await slack.says(ada, "and the other kettle?", channel=channel, thread=thread)
        await slack.until(lambda: marks(slack, channel, follow) == ["eyes"])
        await replied(slack, channel, thread, 2)
        await running.conversations.close(await conversation(running, channel, thread))  # as a colleague does
        await slack.until(lambda: marks(slack, channel, thread) == ["eyes", "white_check_mark"])
        direct = await slack.says(ada, "kettle?")
        await replied(slack, ada.dm, direct)
        assert marks(slack, ada.dm, direct) == []  # where the answer alone says enough
    assert not slack.refused


@pytest.mark.parametrize(
    ("slack", "first", "second"),
    [("http", "hello", "the kettle's warranty"), ("socket", "你好", "水壶保修多久")],
    indirect=["slack"],
)
async def test_a_conversation_is_named_anew_once_it_is_clear_what_it_is_about(
    slack: FakeSlack, store: str, first: str, second: str
) -> None:
    ada = slack.world.user("U1")

    def title(thread: str) -> str:
        return slack.world.sessions[(ada.dm, thread)]["title"]

    async with connected(slack, store, runner=Shop()):
        thread = await slack.says(ada, first)
        await replied(slack, ada.dm, thread)
        assert title(thread) == first
        await slack.says(ada, second, thread=thread)
        await slack.until(lambda: title(thread) == f"{second} [understood]")
        await slack.says(ada, f"another {second}", thread=thread)
        await replied(slack, ada.dm, thread, 3)
        clear = await slack.says(ada, second)
        await slack.says(ada, f"another {second}", thread=clear)
        await replied(slack, ada.dm, clear, 2)
        assert title(clear) == second
    assert len(slack.called("agents.sessions.rename")) == 1
    assert not slack.refused


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Questions for some channels and roles, as they stand in the settings."""

    questions: Sequence[str]
    questions_zh: Sequence[str] = ()
    channels: Sequence[str] = ()
    roles: Sequence[Role] = ()


async def test_suggestions_are_those_of_the_channel_that_somebody_looks_at_and_of_their_role(
    slack: FakeSlack, store: str
) -> None:
    rules = (
        Rule(channels=["C1"], roles=["admin"], questions=["Who waits?"], questions_zh=["谁在等待？"]),
        Rule(channels=["C1"], questions=["What is new in C1?"]),
    )
    options = replace(QUICK, prompts=rules, suggestions=lambda language: ["What do you know?"])
    ada, chief = slack.world.user("U1"), slack.world.user("U2", is_admin=True, locale="zh-CN")

    def offered(user: str) -> list[str]:
        return [one["message"] for one in slack.world.prompts.get(f"D{user}", [])]

    async with connected(slack, store, options=options):
        await slack.opens_app(ada)
        await slack.until(lambda: offered("U1") == ["What do you know?"])
        await slack.looks_at(ada, "C1")
        await slack.until(lambda: offered("U1") == ["What is new in C1?"])
        await slack.looks_at(ada, "")
        await slack.until(lambda: offered("U1") == ["What do you know?"])
        await slack.opens_app(chief, beside="C1")
        await slack.until(lambda: offered("U2") == ["谁在等待？"])
    assert not slack.refused


@pytest.mark.parametrize(
    ("locale", "question"), [("en-US", "How long is the kettle's warranty?"), ("zh-CN", "水壶保修多久？")]
)
async def test_a_question_of_ones_own_at_home_is_answered_in_the_messages(
    slack: FakeSlack, store: str, locale: str, question: str
) -> None:
    ada = slack.world.user("U1", locale=locale)
    language = language_of("", locale)
    known = HomeShown(
        articles=3, topics=("Kettles 水壶",), settings=lambda shown: [(say("home_company", shown), "Lanterns & Co")]
    )
    async with connected(slack, store, runner=Shop(), options=replace(QUICK, home=shown_home(known))):
        blocks = await at_home(slack, ada)
        for shown in (
            say("home_articles", language, count="3"), "Kettles 水壶", "Lanterns &amp; Co", say("home_no_recent", language)
        ):  # fmt: skip
            assert shown in str(blocks)
        buttons = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
        (ask,) = (one for one in buttons if one["action_id"] == ASK)
        assert ask["text"]["text"] == say("home_ask", language)
        await slack.presses(ada, "", {}, ask)
        await slack.until(lambda: slack.world.modals)
        form = slack.world.modals.pop()
        assert form["title"]["text"] == say("home_ask", language)
        for _ in range(2):  # told twice
            await slack.submits(ada, form, {"question": question})
        await slack.until(lambda: slack.world.messages[ada.dm])
        await slack.until(lambda: "two years" in slack.world.messages[ada.dm][-1]["text"])
        again = str(await at_home(slack, ada))  # where her conversation is to be found from now on
        assert question in again
        assert f"app_redirect?channel={ada.dm}" in again
        assert say("home_no_recent", language) not in again
    asked, answer = slack.world.messages[ada.dm]
    assert question in str(asked["blocks"])
    assert answer["thread_ts"] == asked["ts"]
    assert len(slack.world.messages[ada.dm]) == 2
    assert not slack.refused
