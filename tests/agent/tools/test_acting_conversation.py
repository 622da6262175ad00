"""A model acts in a whole conversation, kept in the store: asked in one message, agreed to in the next, done once."""

from pathlib import Path

import pytest

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.settings import load_settings
from agent.types import EventType, Language
from tests.support.homes import acting_home
from tests.support.openai_server import ModelServer, answered, babbles, calls, in_turn, model_server
from tests.support.talking import said

TOLD: dict[Language, tuple[str, str, str, str]] = {
    "en": ("I want a refund for LO-10482", "Which e-mail address did you use?", "customer3@example.com, broken", "yes"),
    "zh": ("LO-10486要退款", "请提供您的邮箱。", "LO-10486的邮箱是customer7@example.com，坏了", "好的，确认"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return acting_home(tmp_path_factory.mktemp("acting"))


async def test_a_change_is_agreed_to_in_the_next_message_and_done_once_over_a_restart(home: Path) -> None:
    async with model_server() as server:
        settings = load_settings(home)
        settings.model.base_url = server.url
        kept: dict[Language, str] = {}
        async with open_conversations(settings) as conversations:
            for language, number, email in (
                ("en", "LO-10482", "customer3@example.com"),
                ("zh", "LO-10486", "customer7@example.com"),
            ):
                kept[language] = await check_asked(conversations, server, language, number, email)
        async with open_conversations(settings) as conversations:
            for language, ours in kept.items():
                await check_done(conversations, ours, language)
        assert len(server.requests) == 4 * 2  # none for what was agreed to


async def check_asked(
    conversations: Conversations, server: ModelServer, language: Language, number: str, email: str
) -> str:
    """Up to the question for the customer's agreement."""
    wants, asks, gives, _ = TOLD[language]
    order = {"order_number": number, "email": email}
    found, wanted = calls("find_order", **order), calls("request_refund", **order, reason="damaged")
    server.behave = in_turn(babbles(answered(asks)), found, calls("request_refund", **order), wanted)
    ours, _ = await conversations.create("web")
    assert (await said(conversations, ours, "1", wants)).data["text"] == asks
    asked = (await said(conversations, ours, "2", f"{gives} {number}")).data
    assert asked["confirm"]["rows"] == [["order_number", number], ["email", email], ["reason", "damaged"]]  # type: ignore[index,call-overload]
    assert asked["flow"]
    return ours


async def check_done(conversations: Conversations, id: str, language: Language) -> None:
    """From the yes on; said again, it does nothing more."""
    done = await said(conversations, id, "3", TOLD[language][3])
    assert "RF-" in str(done.data["text"])
    assert "flow" not in done.data
    again = next(one.n for one in await conversations.events.read(id) if one.data.get("text") == TOLD[language][3])
    assert (await said(conversations, id, "4", "", again=again)).data["text"] == done.data["text"]
    audit = [one for one in await conversations.events.read(id) if one.type is EventType.TOOL_COMPLETED]
    assert [one.data["tool"] for one in audit] == ["request_refund"]


async def test_what_answers_the_model_or_changes_its_wish_goes_to_it_and_the_old_is_never_run(home: Path) -> None:
    async with model_server() as server:
        settings = load_settings(home)
        settings.model.base_url = server.url
        order = {"order_number": "LO-10489", "email": "customer10@example.com"}
        server.behave = in_turn(
            babbles(answered("Which e-mail address did you use?")),
            calls("request_refund", **order, reason="damaged"),
            calls("request_refund", **order, reason="wrong_item"),
            babbles(answered("What should I put instead?")),
        )
        async with open_conversations(settings) as conversations:
            ours, _ = await conversations.create("web")
            await said(conversations, ours, "1", "I want a refund for LO-10489")
            asked = (await said(conversations, ours, "2", "customer10@example.com, thank you")).data
            assert asked["confirm"]["rows"][2] == ["reason", "damaged"]  # type: ignore[index,call-overload]
            asked = (await said(conversations, ours, "3", "no, they sent me something else")).data
            assert asked["confirm"]["rows"][2] == ["reason", "wrong_item"]  # type: ignore[index,call-overload]
            assert (await said(conversations, ours, "4", "well, the reason is yet another")).data["flow"]
            assert not [e for e in await conversations.events.read(ours) if e.type is EventType.TOOL_COMPLETED]
            asked = await said(conversations, ours, "5", "yes")
            assert not [e for e in await conversations.events.read(ours) if e.type is EventType.TOOL_COMPLETED]
