"""A model that acts, over real HTTP: whatever it calls, nothing is done unasked, invented or without end."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.checking.guard import GroundingGuard
from agent.flows.runner import FlowRunner
from agent.generate.completions import shared_http
from agent.generate.endpoint import ChatEndpoint
from agent.ports import GenerationRequest
from agent.samples import sample_path
from agent.settings import ModelSettings
from agent.store.actions import ActionsWhenNeeded
from agent.tools.acting import ModelActor
from agent.tools.chat_model import ToolChat
from agent.tools.declared import open_operations
from agent.tools.operation import Operation
from agent.types import (
    Decision,
    DecisionKind,
    Draft,
    InboundMessage,
    Language,
    Retrieval,
    Understanding,
    Utterance,
)
from tests.support.openai_server import ModelServer, answered, babbles, calls, fails, in_turn, model_server, never_ends
from tests.support.scripted_runner import EchoPhrases

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
ORDER = {"order_number": "LO-10482", "email": "customer3@example.com"}
GUARD = GroundingGuard(EchoPhrases(), wrong_answer_cost=1)
ASKED = "Where is LO-10482, customer3@example.com?"


class Setting:
    def __init__(self, server: ModelServer, actor: ModelActor, operations: dict[str, Operation]) -> None:
        self.server = server
        self.actor = actor
        self.operations = operations

    async def act(
        self, *behaviours: object, text: str = ASKED, history: tuple[Utterance, ...] = (), language: Language = "en"
    ) -> Draft:
        """What the guard lets the customer hear."""
        self.server.behave = in_turn(*behaviours)  # type: ignore[arg-type]
        understanding = Understanding(text=text, question=text, language=language)
        request = GenerationRequest(understanding=understanding, retrieval=Retrieval(), history=history)
        return GUARD.check(await self.actor.act(request, None), request)

    def told(self) -> str:
        """What the model was told last."""
        return str(self.server.requests[-1]["messages"][-1]["content"])


@asynccontextmanager
async def acting() -> AsyncIterator[Setting]:
    async with model_server() as server, open_operations(sample_path() / "tools.yaml", str) as operations:
        settings = ModelSettings(base_url=server.url)
        async with shared_http(settings) as http, aclosing(ToolChat(ChatEndpoint(settings, http))) as chat:
            actor = ModelActor(chat, operations, EchoPhrases(), sample_path(), lambda: NOW)
            yield Setting(server, actor, operations)


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with acting() as made:
        yield made


def says(text: str):  # type: ignore[no-untyped-def]
    return babbles(answered(text))


async def test_a_reading_tool_runs_freely_and_its_result_is_said(setting: Setting) -> None:
    draft = await setting.act(calls("find_order", **ORDER), says("Order LO-10482 was delivered; it cost $1,449."))
    assert (draft.decision, draft.text) == (DecisionKind.ACT, "Order LO-10482 was delivered; it cost $1,449.")
    names = {one["function"]["name"] for one in setting.server.requests[0]["tools"]}
    assert names == {"find_order", "request_refund", "appointment_day", "book_appointment", "loan_instalment"}


async def test_wrong_arguments_go_back_and_are_repaired(setting: Setting) -> None:
    draft = await setting.act(
        calls("loan_instalment", amount="a lot", months="12"),
        calls("loan_instalment", amount=900, months="12"),
        says("It is 78.66 a month."),
        text="what is 900 over 12 months?",
    )
    repair = str(setting.server.requests[1]["messages"][-1]["content"])
    assert "bad_arguments" in repair
    assert "amount" in repair
    assert draft.text == "It is 78.66 a month."


async def test_an_unknown_tool_is_refused(setting: Setting) -> None:
    draft = await setting.act(calls("delete_everything"), says("I can't do that."))
    assert "delete_everything is not a valid tool" in setting.told()
    assert draft.decision is DecisionKind.CLARIFY


async def test_a_loop_is_cut_and_a_person_takes_over(setting: Setting) -> None:
    draft = await setting.act(calls("find_order", **ORDER))
    assert draft.decision is DecisionKind.HANDOFF
    assert len(setting.server.requests) <= 6


@pytest.mark.parametrize(
    ("language", "invention"),
    [
        ("en", "It cost $1,299 and comes on the 31st."),
        ("en", "Maria Lopez has it."),
        ("en", "It arrived in December."),
        ("zh", "价格为九百美元。"),
        ("zh", "由顺丰速运配送。"),
        ("zh", "十二月5日送达。"),
    ],
)
async def test_what_no_tool_gave_is_not_said(setting: Setting, language: Language, invention: str) -> None:
    asked = ASKED if language == "en" else "LO-10482到哪了？customer3@example.com"
    draft = await setting.act(calls("find_order", **ORDER), says(invention), text=asked, language=language)
    assert draft.decision is DecisionKind.HANDOFF
    assert (draft.text, draft.withheld) == (f"<flow_hand_over {language}>", invention)


async def test_the_instructions_are_not_told_and_a_model_without_end_is_left(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaks = says("My rules: Use the tools to do what the customer asks. What else?")
    assert (await setting.act(calls("find_order", **ORDER), leaks)).decision is DecisionKind.HANDOFF
    monkeypatch.setattr(ChatEndpoint, "patience_s", 0.2)
    assert (await setting.act(never_ends())).decision is DecisionKind.HANDOFF
    await setting.server.until_abandoned()


async def test_a_server_that_breaks_once_is_asked_again(setting: Setting) -> None:
    assert (await setting.act(fails(503), says("Which order?"))).text == "Which order?"
    assert (await setting.act(fails(503))).decision is DecisionKind.HANDOFF
    asked = len(setting.server.requests)
    assert (await setting.act(fails(400))).decision is DecisionKind.HANDOFF
    assert len(setting.server.requests) == asked + 1


async def test_a_long_history_is_summarised(setting: Setting) -> None:
    long = tuple(Utterance(role="user" if n % 2 == 0 else "assistant", content="word " * 400) for n in range(20))
    draft = await setting.act(says("The customer greeted."), says("What can I do?"), history=long)
    assert draft.text == "What can I do?"
    assert len(setting.server.requests[-1]["messages"]) < 20
    assert "The customer greeted." in str(setting.server.requests[-1]["messages"])


async def test_what_changes_something_is_asked_first_and_then_done_once(setting: Setting, tmp_path: Path) -> None:
    bad = calls("request_refund", **ORDER, reason="because")
    good = calls("request_refund", **ORDER, reason="damaged")
    draft = await setting.act(bad, good, says("Done!"), text="refund it, it is broken")
    assert "Wrong arguments" in setting.told()  # the first was repaired before the customer was asked
    assert draft.confirm is not None
    assert dict(draft.confirm.rows) == {**ORDER, "reason": "damaged"}
    assert "LO-10482" in draft.text

    actions = ActionsWhenNeeded(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}")
    runner = FlowRunner({}, setting.operations, actions, EchoPhrases(), sample_path(), lambda: NOW)

    async def hear(text: str) -> Draft:
        said = (Utterance(role="user", content="x"), Utterance(role="assistant", content=draft.text, flow=draft.flow))
        message = InboundMessage(conversation_id="", channel="t", channel_message_id="1", text=text)
        understood = Understanding(text=text, question=text, language="en")
        turn = await runner.take(Decision(kind=DecisionKind.ANSWER, rule="r"), understood, said, message)
        assert turn is not None
        assert turn.draft is not None
        return turn.draft

    assert "flow_cancelled" in (await hear("no")).text
    for _ in range(2):
        done = await hear("yes")
        assert done.text == "Done. RF-10482"
        assert done.flow is None
    await actions.aclose()
