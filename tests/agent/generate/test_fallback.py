"""The composer steps in where the model fails, says so, and a broken server is left to rest."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from agent.errors import ModelRefused, ModelUnavailable
from agent.generate.fallback import CircuitBreaker, FallbackGenerator
from agent.ports import GenerationRequest, Retract
from agent.types import DecisionKind, Draft
from knowledge.types import Fact, GraphAnswer, GraphStatus, Retrieval
from tests.support.evidence import asked, retrieved
from tests.support.scripted_runner import EchoPhrases
from tests.support.turn_parts import ScriptedGenerator

QUOTED = Draft(text="Within 30 days.")
SPOKEN = Draft(text="Thirty days [1].", generator="tiny")
FACTS = (Fact(head="A", relation="price", tail="1"), Fact(head="B", relation="price", tail="2"))


class FailingGenerator:
    """Says its pieces, then fails; counts how often it was asked."""

    def __init__(self, *pieces: str, error: Exception | None = None) -> None:
        self.pieces = pieces
        self.error = error or ModelUnavailable("down")
        self.asked = 0

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Draft]:
        self.asked += 1
        for piece in self.pieces:
            yield piece
        raise self.error


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


async def steps(generator: FallbackGenerator, request: GenerationRequest | None = None) -> list[str | Retract | Draft]:
    return [step async for step in generator.generate(request or asked())]


async def test_a_model_that_answers_is_passed_on_as_it_is() -> None:
    generator = FallbackGenerator([ScriptedGenerator("Thirty", SPOKEN)], ScriptedGenerator(QUOTED), EchoPhrases())
    assert await steps(generator) == ["Thirty", SPOKEN]


async def test_a_model_that_is_down_leaves_the_answer_to_the_composer_with_a_note() -> None:
    generator = FallbackGenerator([FailingGenerator()], ScriptedGenerator(QUOTED), EchoPhrases())
    assert await steps(generator) == [replace(QUOTED, text="<model_down en>\n\nWithin 30 days.")]


async def test_what_a_model_said_before_it_died_is_taken_back() -> None:
    generator = FallbackGenerator([FailingGenerator("Thir", "ty")], ScriptedGenerator(QUOTED), EchoPhrases())
    said = await steps(generator)
    assert said[:3] == ["Thir", "ty", Retract()]
    assert len(said) == 4


@pytest.mark.parametrize(
    "draft",
    [
        Draft(text="", decision=DecisionKind.DECLINE, support=0.0),
        Draft(text="Which one?", decision=DecisionKind.CLARIFY),
        Draft(text="Nothing on record.", decision=DecisionKind.DECLINE),
    ],
)
async def test_the_note_stands_before_answers_only(draft: Draft) -> None:
    generator = FallbackGenerator([FailingGenerator()], ScriptedGenerator(draft), EchoPhrases())
    assert await steps(generator) == [draft]


@pytest.mark.parametrize(
    "retrieval",
    [
        retrieved(),
        Retrieval(graph=GraphAnswer(status=GraphStatus.MISSING, subjects=("A",), relation="price", score=0.9)),
        replace(
            retrieved("text"),
            graph=GraphAnswer(status=GraphStatus.ANSWERED, form="count", results=("37",), facts=FACTS, score=0.9),
        ),
        replace(
            retrieved("text"), graph=GraphAnswer(status=GraphStatus.AMBIGUOUS, options=("A east", "A west"), score=0.9)
        ),
    ],
)
async def test_a_model_is_not_asked_where_it_can_add_nothing(retrieval: Retrieval) -> None:
    model = FailingGenerator()
    generator = FallbackGenerator([model], ScriptedGenerator(QUOTED), EchoPhrases())
    assert await steps(generator, asked(retrieval=retrieval)) == [QUOTED]
    assert model.asked == 0


@pytest.mark.parametrize("score", [0.3, 0.9])
async def test_a_model_words_what_the_graph_only_looked_up(score: float) -> None:
    graph = GraphAnswer(status=GraphStatus.ANSWERED, form="attribute", facts=FACTS[:1], score=score)
    generator = FallbackGenerator([ScriptedGenerator(SPOKEN)], ScriptedGenerator(QUOTED), EchoPhrases())
    assert await steps(generator, asked(retrieval=Retrieval(graph=graph))) == [SPOKEN]


async def test_a_server_that_fails_twice_rests_and_is_tried_again_by_one_request() -> None:
    clock, model = Clock(), FailingGenerator()
    breaker = CircuitBreaker(failures=2, rest_s=30, clock=clock)
    generator = FallbackGenerator([model], ScriptedGenerator(QUOTED), EchoPhrases(), [breaker])
    for expected in (1, 2, 2, 2):
        await steps(generator)
        assert model.asked == expected
    clock.now = 31
    await steps(generator)
    await steps(generator)
    assert model.asked == 3
    clock.now = 62
    assert breaker.allows()
    assert not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


async def test_a_refused_request_does_not_rest_the_server() -> None:
    model = FailingGenerator(error=ModelRefused("too long"))
    generator = FallbackGenerator([model], ScriptedGenerator(QUOTED), EchoPhrases())
    for _ in range(4):
        assert len(await steps(generator)) == 1
    assert model.asked == 4


async def test_a_mistake_of_ours_is_no_failure_of_the_server() -> None:
    generator = FallbackGenerator([FailingGenerator(error=KeyError("bug"))], ScriptedGenerator(QUOTED), EchoPhrases())
    with pytest.raises(KeyError):
        await steps(generator)
