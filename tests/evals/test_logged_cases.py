"""What the search may learn from conversations: helpful replies, of those who agreed, without private data."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.conversations import Conversations
from agent.conversations.consent import Consents
from agent.forgotten import digests_of
from agent.home import Home
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.types import Event, EventType, JsonValue
from evals.logged_cases import cases_of, logged_cases
from evals.suites.rated_replies import rated_of
from tests.support.scripted_runner import EchoPhrases, ScriptedRunner

REPLY: dict[str, JsonValue] = {
    "decision": "answer",
    "language": "en",
    "understanding": {"question": "I lost my card, mail me at mei@example.com"},
    "citations": [{"n": 1, "source_id": "cards"}, {"n": 2, "source_id": "cards"}, {"n": 3, "source_id": "fees"}],
}


def events(*happened: tuple[EventType, dict[str, JsonValue]]) -> list[Event]:
    return [
        Event(conversation_id="c", n=n, type=kind, at=datetime.now(UTC), data=data)
        for n, (kind, data) in enumerate(happened, 1)
    ]


def rated(value: int) -> tuple[EventType, dict[str, JsonValue]]:
    return EventType.FEEDBACK_GIVEN, {"event": 1, "value": value}


def test_a_helpful_reply_is_a_case_without_private_data() -> None:
    (case,) = cases_of("c", events((EventType.REPLY_COMPLETED, REPLY), rated(1)))
    assert (case.id, case.lang, case.gold_docs) == ("c#1", "en", ["cards", "fees"])
    assert case.question.startswith("I lost my card")
    assert "mei" not in case.question


def test_a_rated_reply_is_an_answer_that_people_graded() -> None:
    reply = {
        **REPLY,
        "text": "Block it. Mail wei@example.com",
        "citations": [{"n": 1, "source_id": "cards", "quote": "Block it."}],
    }
    (one,) = rated_of("c", events((EventType.REPLY_COMPLETED, reply), rated(-1)))
    assert (one.id, one.human, one.rubric, one.evidence) == ("c#1", 1, "helpful", ["Block it."])
    assert "mei" not in one.question and "wei" not in one.answer
    (one,) = rated_of("c", events((EventType.REPLY_COMPLETED, {**reply, "language": "zh"}), rated(-1), rated(1)))
    assert (one.human, one.lang) == (5, "zh")
    assert list(rated_of("c", events((EventType.REPLY_COMPLETED, reply)))) == []


@pytest.mark.parametrize(
    "happened",
    [
        ((EventType.REPLY_COMPLETED, REPLY),),
        ((EventType.REPLY_COMPLETED, REPLY), rated(-1)),
        ((EventType.REPLY_COMPLETED, REPLY), rated(1), rated(-1)),
        ((EventType.REPLY_COMPLETED, {**REPLY, "decision": "clarify"}), rated(1)),
        ((EventType.REPLY_COMPLETED, {**REPLY, "citations": []}), rated(1)),
        ((EventType.REPLY_COMPLETED, {"decision": "answer"}), rated(1)),
    ],
)
def test_nothing_else_is(happened: tuple[tuple[EventType, dict[str, JsonValue]], ...]) -> None:
    assert list(cases_of("c", events(*happened))) == []


async def test_only_conversations_whose_customers_agreed_and_stay_are_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    engine = await open_engine(settings.database_url)
    digests = digests_of(Home(tmp_path))
    try:
        async with Conversations(engine, ScriptedRunner(), EchoPhrases(), digests=digests).running() as conversations:
            asked = {
                "agreed": (await conversations.create("web", "mei", may_learn=True))[0],
                "unasked": (await conversations.create("web", "wei"))[0],
                "deleted": (await conversations.create("web", "leaver", may_learn=True))[0],
            }
            for name in asked.values():
                reply = await conversations.events.append(name, EventType.REPLY_COMPLETED, REPLY)
                await conversations.feedback(name, reply.n, 1)
            await conversations.forget_customer("leaver")
        assert [name for name, _, _ in await Consents(engine, digests).agreed()] == [asked["agreed"]]
    finally:
        await close_engine(engine)
    assert [case.id.partition("#")[0] for case in await logged_cases(settings)] == [asked["agreed"]]
