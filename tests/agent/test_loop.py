"""The turn: its stages in order, what the customer sees, and what the record says."""

import asyncio
from collections.abc import Sequence

import pytest

from agent.closing import closing
from agent.loop import Agent
from agent.ports import Flows, FlowTurn, Retract, ToolResult, TurnStep
from agent.types import (
    Citation,
    Decision,
    DecisionKind,
    Draft,
    InboundMessage,
    Language,
    Reply,
    Retrieval,
    Understanding,
    Utterance,
)
from tests.support.scripted_runner import EchoPhrases
from tests.support.turn_parts import (
    EmptyRetriever,
    FixedPolicy,
    FixedTool,
    PlainUnderstander,
    ReplacingGuard,
    ScriptedGenerator,
)


def make_agent(
    *steps: str | Retract | Draft,
    decision: Decision | None = None,
    refusal: str = "",
    tool: ToolResult | None = None,
    retriever: EmptyRetriever | None = None,
    flows: Flows | None = None,
) -> Agent:
    return Agent(
        understander=PlainUnderstander(),
        policy=FixedPolicy(decision) if decision else FixedPolicy(),
        retriever=retriever or EmptyRetriever(),
        generator=ScriptedGenerator(*steps),
        guard=ReplacingGuard(refusal),
        phrases=EchoPhrases(),
        tools={"lookup": FixedTool("lookup", tool or ToolResult(text="Order is on its way."))},
        flows=flows,
    )


async def turn(agent: Agent) -> list[TurnStep]:
    message = InboundMessage(conversation_id="c", channel="test", channel_message_id="1", text="hello")
    return [step async for step in agent.run(message, ())]


def seen_by_customer(steps: list[TurnStep]) -> str:
    text = ""
    for step in steps:
        if isinstance(step, Retract):
            text = ""
        elif isinstance(step, str):
            text += step
    return text


async def test_the_stages_come_in_the_order_of_the_diagram() -> None:
    steps = await turn(make_agent("Yes", " [1]", Draft(text="Yes [1]")))
    assert [type(step) for step in steps] == [Understanding, Decision, Retrieval, str, str, Reply]


async def test_a_draft_known_at_once_is_spoken_only_after_the_guard_let_it_through() -> None:
    steps = await turn(make_agent(Draft(text="Made up."), refusal="I do not know."))
    assert "Made up" not in "".join(step for step in steps if isinstance(step, str))
    assert seen_by_customer(steps) == "I do not know."


async def test_what_a_model_said_and_the_guard_refused_is_taken_back() -> None:
    steps = await turn(make_agent("Made", " up.", Draft(text="Made up."), refusal="I do not know."))
    assert seen_by_customer(steps) == "I do not know."
    reply = steps[-1]
    assert isinstance(reply, Reply)
    assert (reply.text, reply.decision) == ("I do not know.", DecisionKind.DECLINE)


async def test_a_generator_that_starts_anew_leaves_only_the_new_text() -> None:
    steps = await turn(make_agent("Half an ans", Retract(), Draft(text="The whole answer.")))
    assert seen_by_customer(steps) == "The whole answer."


async def test_a_set_phrase_needs_no_retrieval() -> None:
    retriever = EmptyRetriever()
    decision = Decision(kind=DecisionKind.ANSWER, rule="greet", template="greeting")
    steps = await turn(make_agent(decision=decision, retriever=retriever))
    assert seen_by_customer(steps) == "<greeting en>"
    assert retriever.asked == 0


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (ToolResult(text="Order is on its way.", source_id="orders"), DecisionKind.ACT),
        (ToolResult(text="Which order?", missing=("order_number",)), DecisionKind.CLARIFY),
    ],
)
async def test_a_tool_answers_or_asks_for_what_it_needs(result: ToolResult, kind: DecisionKind) -> None:
    decision = Decision(kind=DecisionKind.ACT, rule="orders", tool="lookup")
    reply = (await turn(make_agent(decision=decision, tool=result)))[-1]
    assert isinstance(reply, Reply)
    assert reply.decision is kind
    assert reply.text.startswith(result.text)


async def test_another_question_is_looked_up_in_place_of_the_message() -> None:
    class Noting(EmptyRetriever):
        question = ""

        async def retrieve(self, understanding: Understanding) -> Retrieval:
            self.question = understanding.question
            return Retrieval()

    decision, retriever = (
        Decision(kind=DecisionKind.ANSWER, rule="where", question="What are your addresses?"),
        Noting(),
    )
    reply = (await turn(make_agent(Draft(text="Here."), decision=decision, retriever=retriever)))[-1]
    assert isinstance(reply, Reply)
    assert (retriever.question, reply.understanding.question) == ("What are your addresses?", "hello")


async def test_what_a_tool_does_not_settle_is_answered_beside_it() -> None:
    decision = Decision(kind=DecisionKind.ACT, rule="orders", tool="lookup", rest="hello")
    quoted = Citation(n=1, source_id="returns", title="Returns", url=None, quote="Yes")
    tool = ToolResult(text="Order is on its way.", source_id="orders")
    retriever = EmptyRetriever()
    draft = Draft(text="Yes [1]", citations=(quoted,))
    steps = await turn(make_agent("Yes", " [1]", draft, decision=decision, tool=tool, retriever=retriever))
    reply = steps[-1]
    assert isinstance(reply, Reply)
    assert reply.text == seen_by_customer(steps) == "Yes [1]\n\nOrder is on its way. [2]"
    assert [(one.n, one.source_id) for one in reply.citations] == [(1, "returns"), (2, "orders")]
    assert (reply.decision, reply.understanding.question, retriever.asked) == (DecisionKind.ACT, "hello", 1)
    assert not any(isinstance(step, Retract) for step in steps)


@pytest.mark.parametrize(
    ("rest", "seen"),
    [("do you sell bicycles?", "I do not know.\n\nWhich order?"), ("and I am annoyed", "Which order?")],
)
async def test_a_tool_asks_for_what_it_needs_and_only_a_question_beside_it_is_refused(rest: str, seen: str) -> None:
    decision = Decision(kind=DecisionKind.ACT, rule="orders", tool="lookup", rest=rest)
    tool = ToolResult(text="Which order?", missing=("order_number",))
    agent = make_agent("Made", Draft(text="Made up."), refusal="I do not know.", decision=decision, tool=tool)
    steps = await turn(agent)
    assert seen_by_customer(steps) == seen
    reply = steps[-1]
    assert isinstance(reply, Reply)
    assert reply.decision is DecisionKind.CLARIFY


async def test_who_hands_over_is_not_followed_by_the_question_of_a_flow() -> None:
    for kind, goes_on in ((DecisionKind.HANDOFF, False), (DecisionKind.ANSWER, True)):
        agent = make_agent(Draft(text="said", decision=kind), flows=_Reminding())
        reply = (await turn(agent))[-1]
        assert isinstance(reply, Reply)
        assert ("name?" in reply.text) == goes_on
        assert (reply.flow is not None) == goes_on


class _Reminding:
    """A flow under way, which leaves every message to the rest of the turn."""

    async def take(
        self, decision: Decision, understanding: Understanding, history: Sequence[Utterance], message: InboundMessage
    ) -> FlowTurn:
        return FlowTurn(decision=decision, reminder=Draft(text="name?", flow={"flow": "table"}))


async def test_every_stage_is_timed() -> None:
    reply = await make_agent(Draft(text="Yes.")).answer("hello")
    assert {"understand", "decide", "retrieve", "generate", "guard", "first_token", "total"} <= set(reply.timings_ms)
    assert all(milliseconds >= 0 for milliseconds in reply.timings_ms.values())


SOFTLY = Decision(kind=DecisionKind.ANSWER, rule="vents", first="sorry", otherwise="offer")


@pytest.mark.parametrize(
    ("steps", "refusal", "text", "kind"),
    [
        ([Draft(text="It comes today.")], "", "<sorry en>\n\nIt comes today.", DecisionKind.ANSWER),
        (
            ["It comes", " today.", Draft(text="It comes today.")],
            "",
            "<sorry en>\n\nIt comes today.",
            DecisionKind.ANSWER,
        ),
        (["Half", Retract(), Draft(text="The whole.")], "", "<sorry en>\n\nThe whole.", DecisionKind.ANSWER),
        (["Made up.", Draft(text="Made up.")], "No.", "<sorry en>\n\n<offer en>", DecisionKind.CLARIFY),
    ],
)
async def test_what_is_to_be_said_first_stands_first_and_a_refusal_gives_way_to_an_offer(
    steps: list[str | Retract | Draft], refusal: str, text: str, kind: DecisionKind
) -> None:
    turned = await turn(make_agent(*steps, decision=SOFTLY, refusal=refusal))
    reply = turned[-1]
    assert isinstance(reply, Reply)
    assert (seen_by_customer(turned), reply.text, reply.decision) == (text, text, kind)


async def test_what_is_said_first_is_not_taken_back_before_an_answer_known_at_once() -> None:
    turned = await turn(make_agent(Draft(text="It comes today."), decision=SOFTLY))
    assert not any(isinstance(step, Retract) for step in turned)


async def test_a_tool_is_preceded_by_what_is_said_first() -> None:
    decision = Decision(kind=DecisionKind.ACT, rule="orders", tool="lookup", first="sorry")
    turned = await turn(make_agent(decision=decision, tool=ToolResult(text="Which order?", missing=("number",))))
    assert seen_by_customer(turned) == "<sorry en>\n\nWhich order?"


async def test_in_a_rush_who_was_understood_is_looked_up_before_the_next_is_understood() -> None:
    prepared: list[str] = []

    class NotingUnderstander(PlainUnderstander):
        async def understand(
            self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
        ) -> Understanding:
            prepared.append("understood")
            await asyncio.sleep(0)
            return await super().understand(text, history, conversation_id, page)

    class NotingRetriever(EmptyRetriever):
        async def retrieve(self, understanding: Understanding) -> Retrieval:
            prepared.append("looked up")
            await asyncio.sleep(0)
            return await super().retrieve(understanding)

    agent = Agent(
        understander=NotingUnderstander(),
        policy=FixedPolicy(),
        retriever=NotingRetriever(),
        generator=ScriptedGenerator(Draft(text="Yes [1]")),
        guard=ReplacingGuard(""),
        phrases=EchoPhrases(),
        tools={},
        prepared_at_once=1,
    )

    async def ask(name: str) -> None:
        message = InboundMessage(conversation_id=name, channel="test", channel_message_id="1", text="hello")
        async with closing(agent.run(message, ())) as steps:
            async for _ in steps:
                pass

    await asyncio.gather(*map(ask, "abcdef"))
    ahead = [prepared[:n].count("understood") - prepared[:n].count("looked up") for n in range(len(prepared) + 1)]
    assert max(ahead) == 2  # one is on the way to its second place while the first is taken by the next
    assert ahead[-1] == 0
