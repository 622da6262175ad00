"""The client of the model server, over real sockets: what it sends, what it takes, what it gives up on."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager

import numpy as np
import numpy.typing as npt
import pytest

from agent.checking.likeness import Likeness
from agent.closing import closing
from agent.errors import ModelRefused, ModelUnavailable
from agent.generate.model import ModelGenerator
from agent.generate.second_look import ModelSecondLook
from agent.ports import GenerationRequest
from agent.settings import ModelSettings
from agent.types import DecisionKind, Draft
from tests.support.evidence import asked, retrieved
from tests.support.openai_server import (
    MODEL,
    Behaviour,
    Connection,
    ModelServer,
    answered,
    babbles,
    dies,
    fails,
    hangs,
    model_server,
    never_ends,
    says,
    stops_short,
    streams,
)


@asynccontextmanager
async def served(behave: Behaviour, **settings: object) -> AsyncIterator[tuple[ModelServer, ModelGenerator]]:
    async with model_server(behave) as server:
        given = {"base_url": server.url, "first_token_timeout_s": 20.0, "retries": 0, **settings}
        async with aclosing(ModelGenerator(ModelSettings.model_validate(given))) as model:
            yield server, model


async def answer(model: ModelGenerator, request: GenerationRequest | None = None) -> tuple[list[str], Draft]:
    *deltas, draft = [step async for step in model.generate(request or asked())]
    assert isinstance(draft, Draft)
    return [delta for delta in deltas if isinstance(delta, str)], draft


async def test_an_answer_streams_and_its_draft_cites_what_was_marked() -> None:
    text = "You have 30 days [1]. Shipping a return is free [1]."
    async with served(says(text)) as (server, model):
        deltas, draft = await answer(model)
    assert deltas == ["You have 30 days [1].", " Shipping a return is free [1]."]
    assert "".join(deltas) == draft.text == text
    assert (draft.generator, draft.decision, draft.support) == (MODEL, DecisionKind.ANSWER, 1.0)
    assert [(citation.n, citation.source_id) for citation in draft.citations] == [(1, "article-1")]
    assert [message["role"] for message in server.requests[0]["messages"]] == ["system", "user"]


async def test_the_request_says_what_the_settings_say() -> None:
    settings = {"name": "other", "api_key": "sesame", "max_tokens": 77, "temperature": 0.0}
    async with served(says("Free [1]."), **settings) as (server, model):
        _, draft = await answer(model)
    request = server.requests[0]
    assert draft.generator == request["model"] == "other"
    assert (request["stream"], request["max_completion_tokens"], request["temperature"]) == (True, 77, 0.0)
    assert server.headers[0]["authorization"] == "Bearer sesame"


async def test_marks_of_no_evidence_are_never_said() -> None:
    async with served(says("Free [1][7]. It takes 3 days【2】.")) as (_, model):
        deltas, draft = await answer(model)
    assert "".join(deltas) == draft.text == "Free [1]. It takes 3 days[2]."


@pytest.mark.parametrize(
    "text", ["NO_ANSWER", " NO_ANSWER.", "**NO_ANSWER**", "<think>hm</think>\nNO_ANSWER\n\nSorry!"]
)
async def test_a_model_that_declines_says_nothing(text: str) -> None:
    async with served(says(text)) as (_, model):
        deltas, draft = await answer(model)
    assert deltas == []
    assert (draft.text, draft.decision, draft.support, draft.generator) == ("", DecisionKind.DECLINE, 0.0, MODEL)


@pytest.mark.parametrize("text", ["No return is free [1].", "**No** return is free [1].", "N"])
async def test_what_only_begins_like_a_refusal_is_said(text: str) -> None:
    async with served(says(text, size=1)) as (_, model):
        deltas, draft = await answer(model)
    assert "".join(deltas) == draft.text == (text if "[1]" in text else "")
    assert draft.decision is DecisionKind.ANSWER


async def test_thoughts_stay_with_the_model_and_count_as_life() -> None:
    async with served(says("<think>" + "hm " * 40 + "</think>Free [1].")) as (_, model):
        deltas, _ = await answer(model)
    assert "".join(deltas) == "Free [1]."


async def test_an_answer_cut_off_by_its_length_ends_with_its_last_whole_sentence() -> None:
    async with served(says("Free [1]. And", finish="length")) as (_, model):
        assert (await answer(model))[1].text == "Free [1]."


async def test_without_evidence_the_model_is_not_asked() -> None:
    async with served(says("Paris.")) as (server, model):
        _, draft = await answer(model, asked(retrieval=retrieved()))
    assert (draft.text, draft.decision, server.requests) == ("", DecisionKind.DECLINE, [])


@pytest.mark.parametrize(
    "behave",
    [
        hangs(),
        hangs("You have 30"),
        dies(),
        dies("You have 30"),
        stops_short("You have 30"),
        fails(500),
        fails(503),
        fails(401),
        fails(404),
        babbles(""),
        babbles("<html>Welcome to nginx</html>", "text/html"),
        babbles('{"choices": []}'),
        babbles("data: {\n\n", "text/event-stream"),
        streams("{}"),
        streams("not json"),
        streams('{"error": {"message": "engine died", "code": 500}}'),
        streams("[1, 2]"),
    ],
)
async def test_a_server_that_fails_is_named_as_unavailable(behave: Behaviour) -> None:
    async with served(behave, first_token_timeout_s=0.5) as (server, model):
        with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1.*parley doctor"):
            await answer(model)
        assert len(server.requests) == 1


async def test_a_server_that_is_not_there_is_named_as_unavailable() -> None:
    async with served(says("")) as (server, _):
        url = server.url
    for name in ("", "known"):
        async with aclosing(ModelGenerator(ModelSettings(base_url=url, name=name))) as model:
            with pytest.raises(ModelUnavailable):
                await answer(model)


async def test_a_server_without_models_is_named_as_unavailable() -> None:
    async with served(says("")) as (server, model):
        server.models = ()
        with pytest.raises(ModelUnavailable):
            await model.name()
        server.models = ("first", "second")
        assert await model.name() == "first"


@pytest.mark.parametrize(
    "behave", [fails(400, "maximum context length is 4096"), fails(422), says("Hm", finish="content_filter")]
)
async def test_a_request_that_is_refused_is_told_from_a_server_that_is_down(behave: Behaviour) -> None:
    async with served(behave) as (_, model):
        with pytest.raises(ModelRefused):
            await answer(model)


async def test_a_hanging_server_costs_no_longer_than_the_settings_allow() -> None:
    async with served(hangs("You have"), first_token_timeout_s=0.5) as (server, model):
        began = time.monotonic()
        with pytest.raises(ModelUnavailable):
            await answer(model)
        assert time.monotonic() - began < 10
        await server.until_abandoned()


async def test_an_answer_that_takes_too_long_is_given_up() -> None:
    async with served(never_ends(), total_timeout_s=0.6) as (server, model):
        with pytest.raises(ModelUnavailable, match="longer than"):
            await answer(model)
        await server.until_abandoned()


async def test_a_reader_who_leaves_ends_the_request() -> None:
    async with served(hangs("You have 30 days [1]. And then")) as (server, model):
        async with closing(model.generate(asked())) as steps:
            assert await anext(steps)
        await server.until_abandoned()


async def test_a_cancelled_turn_ends_the_request() -> None:
    async with served(hangs("You"), first_token_timeout_s=30) as (server, model):
        turn = asyncio.create_task(answer(model))
        while not server.requests:
            await asyncio.sleep(0.01)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        await server.until_abandoned()


async def test_many_turns_at_once_ask_for_the_name_once() -> None:
    async with served(says("Free [1].")) as (server, model):
        drafts = await asyncio.gather(*(answer(model) for _ in range(20)))
    assert {draft.text for _, draft in drafts} == {"Free [1]."}
    assert len(server.requests) == 20


async def test_a_request_that_failed_before_its_first_word_is_made_again() -> None:
    async with served(fails(503), retries=2) as (server, model):

        async def mends(connection: Connection) -> None:
            server.behave = says("Return shipping is free [1].")
            await fails(503)(connection)

        server.behave = mends
        assert (await answer(model))[1].text == "Return shipping is free [1]."
        assert len(server.requests) == 2
        server.behave = fails(503)
        with pytest.raises(ModelUnavailable):
            await answer(model)
        assert len(server.requests) == 5


@pytest.mark.parametrize("behave", [dies("You have 30 days [1]. And"), fails(401), fails(400), hangs()])
async def test_what_is_not_safe_to_repeat_is_not_repeated(behave: Behaviour) -> None:
    async with served(behave, retries=2, first_token_timeout_s=0.3) as (server, model):
        with pytest.raises(ModelUnavailable):
            await answer(model)
        assert len(server.requests) == 1


async def test_a_slow_server_is_helped_by_a_second_and_its_work_is_stopped() -> None:
    async with model_server(says("Return shipping is free [1].")) as quick:
        settings = {"hedge_base_url": quick.url, "hedge_after_s": 0.1, "name": MODEL}
        async with served(hangs(), **settings) as (slow, model):
            began = time.monotonic()
            assert (await answer(model))[1].text == "Return shipping is free [1]."
            assert time.monotonic() - began < 5
            await slow.until_abandoned()
            slow.behave = says("You have 30 days [1].")
            assert (await answer(model))[1].text == "You have 30 days [1]."
            slow.behave = fails(500)
            assert (await answer(model))[1].text == "Return shipping is free [1]."
            quick.behave = fails(500)
            with pytest.raises(ModelUnavailable):
                await answer(model)
        assert [len(server.requests) for server in (slow, quick)] == [4, 3]


async def test_what_the_second_server_said_stands_where_the_first_never_told_the_models_name() -> None:
    async with (
        model_server(says("Return shipping is free [1].")) as quick,
        served(says(""), hedge_base_url=quick.url) as (first, model),
    ):
        first.models = ()
        deltas, draft = await answer(model)
    assert deltas == [draft.text] == ["Return shipping is free [1]."]
    assert draft.generator == MODEL


async def test_tokens_are_counted_and_cost_what_the_settings_say() -> None:
    told = '{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":%s}'
    usage = (
        '{"prompt_tokens":900,"completion_tokens":50,"total_tokens":950,"prompt_tokens_details":{"cached_tokens":700}}'
    )

    async def counts(connection: Connection) -> None:
        await connection.begin()
        await connection.chunk({"content": "Return shipping is free [1]."})
        await connection.chunk({}, "stop")
        await connection.event(told % usage)
        await connection.end()

    async with served(counts, price_in=2.0, price_out=10.0) as (server, model):
        used = (await answer(model))[1].usage
        assert used is not None
        assert (used.model, used.prompt, used.completion, used.cached, used.estimated) == (MODEL, 900, 50, 700, False)
        assert used.cost == pytest.approx(0.0018 + 0.0005)
        assert used.prompts == "answer.en@2 policy.en@1"
        server.behave = says("Return shipping is free [1].")
        guessed = (await answer(model))[1].usage
        assert guessed is not None
        assert guessed.estimated
        assert guessed.prompt > 300
        assert guessed.completion > 5


async def test_a_second_look_withholds_what_it_denies() -> None:
    class Look:
        def __init__(self) -> None:
            self.seen: list[tuple[str, str]] = []

        async def supports(self, claim: str, evidence: str) -> bool:
            self.seen.append((claim, evidence))
            return "free" not in claim

    look = Look()
    async with model_server(says("Return shipping is free [1]. You have 30 days [1].")) as server:
        model = ModelGenerator(ModelSettings(base_url=server.url), second_look=look)
        async with aclosing(model):
            deltas, draft = await answer(model)
    assert deltas == ["You have 30 days [1]."]
    assert draft.withheld == "Return shipping is free."
    assert [claim for claim, _ in look.seen] == ["Return shipping is free.", "You have 30 days."]
    assert all("30 days" in evidence for _, evidence in look.seen)


@pytest.mark.parametrize(
    ("behave", "holds"),
    [
        (babbles(answered('{"supported": false}')), False),
        (babbles(answered('{"supported": true}')), True),
        (babbles(answered("hm")), True),
        (fails(500), True),
        (hangs(), True),
    ],
)
async def test_the_second_look_asks_the_server_and_decides_nothing_where_that_fails(
    behave: Behaviour, holds: bool
) -> None:
    async with model_server(behave) as server:
        settings = ModelSettings(base_url=server.url, name=MODEL, verify_timeout_s=0.3)
        with contextlib.closing(ModelSecondLook(settings)) as look:
            assert await look.supports("It is free.", "Return shipping is free.") is holds
    assert "It is free." in server.requests[0]["messages"][1]["content"]


class Reader:
    """Finds all alike, or nothing; in which threads it was asked."""

    is_available = True

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.threads: list[str] = []

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.threads.append(threading.current_thread().name)
        return np.full(len(texts), self.logit, dtype=np.float32)


@pytest.mark.parametrize(("logit", "heard"), [(5.0, True), (-5.0, False)])
async def test_what_may_only_echo_the_question_is_read_in_a_thread_before_it_is_said(
    logit: float, *, heard: bool
) -> None:
    echo = "Yes, a camera goes back within 30 days [1]."
    reader = Reader(logit)
    async with model_server(says(f"{echo} Shipping a return is free [1].")) as server:
        settings = ModelSettings(base_url=server.url, first_token_timeout_s=20.0, retries=0)
        async with aclosing(ModelGenerator(settings, likeness=Likeness(reader))) as model:
            deltas, draft = await answer(model, asked("How long do I have for my camera?"))
    assert "".join(deltas) == draft.text
    assert (echo in draft.text, "Shipping a return is free" in draft.text) == (heard, True)
    assert (echo.removesuffix(" [1].") in draft.withheld) is not heard
    assert reader.threads
    assert threading.main_thread().name not in reader.threads
