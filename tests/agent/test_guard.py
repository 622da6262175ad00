"""The guard: a refusal always has words, whoever refuses."""

import pytest

from agent.guard import GroundingGuard
from agent.ports import GenerationRequest
from agent.types import DecisionKind, Draft, Retrieval, Understanding
from tests.support.scripted_runner import EchoPhrases

REQUEST = GenerationRequest(
    understanding=Understanding(text="?", question="?", language="en"), retrieval=Retrieval(), history=()
)


@pytest.mark.parametrize("generator", ["extractive", "some-model"])
@pytest.mark.parametrize("decision", [DecisionKind.ANSWER, DecisionKind.DECLINE])
def test_a_draft_without_words_becomes_a_refusal_in_words(generator: str, decision: DecisionKind) -> None:
    guard = GroundingGuard(EchoPhrases(), wrong_answer_cost=1.0)
    reply = guard.check(Draft(text="", support=0.0, decision=decision, generator=generator), REQUEST)
    assert reply.decision is DecisionKind.DECLINE
    assert reply.text == "<decline en> <offer_person en>"
    assert reply.generator == generator
