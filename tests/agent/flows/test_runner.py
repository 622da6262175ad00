"""A flow that interrupted another leads back to it, unless its file has changed meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.flows.definition import Flow, FlowFile
from agent.flows.runner import FlowRunner
from agent.store.actions import ActionsWhenNeeded
from agent.types import Decision, DecisionKind, Draft, InboundMessage, Understanding, Utterance
from tests.support.scripted_runner import EchoPhrases

BEGIN = {name: Decision(kind=DecisionKind.FLOW, rule="r", flow=name) for name in ("outer", "inner")}
NOTHING = Decision(kind=DecisionKind.ANSWER, rule="r")


def flow(name: str, version: str = "1") -> Flow:
    slot = {"type": "text", "label": {"en": name, "zh": name}, "ask": {"en": f"{name}?", "zh": f"{name}？"}}
    form = {"title": {"en": name, "zh": name}, "slots": {"what": slot}, "steps": [{"ask": "what"}, {"end": True}]}
    return Flow(name=name, version=version, file=FlowFile.model_validate(form))


async def hear(flows: Sequence[Flow], decision: Decision, text: str, before: Draft | None) -> Draft:
    runner = FlowRunner(
        {one.name: one for one in flows},
        {},
        ActionsWhenNeeded(""),
        EchoPhrases(),
        Path(),
        lambda: datetime(2026, 11, 26, 10, tzinfo=UTC),
    )
    history = (Utterance(role="assistant", content=before.text, flow=before.flow),) if before else ()
    message = InboundMessage(conversation_id="", channel="t", channel_message_id="1", text=text)
    turn = await runner.take(decision, Understanding(text=text, question=text, language="en"), history, message)
    assert turn is not None
    assert turn.draft is not None
    return turn.draft


@pytest.mark.parametrize("changed", [False, True])
async def test_an_interrupted_flow_goes_on_unless_it_has_changed(changed: bool) -> None:
    outer, inner = flow("outer"), flow("inner")
    first = await hear([outer, inner], BEGIN["outer"], "I want this", None)
    second = await hear([outer, inner], BEGIN["inner"], "I want that", first)
    assert second.text == "inner?"
    now = [flow("outer", "2"), inner] if changed else [outer, inner]
    over = await hear(now, NOTHING, "never mind", second)
    assert (over.flow is None) == changed
    assert ("outer?" in over.text) == (not changed)
