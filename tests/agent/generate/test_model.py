"""The client of the model server, over real sockets: what it sends, what it takes, what it gives up on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from agent.closing import closing
from agent.errors import ModelRefused, ModelUnavailable
from agent.generate.model import ModelGenerator
from agent.ports import GenerationRequest
from agent.settings import ModelSettings
from agent.types import DecisionKind, Draft
from tests.support.evidence import asked, retrieved
from tests.support.openai_server import (
    MODEL,
    Behaviour,
    ModelServer,
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
        given = {"base_url": server.url, "first_token_timeout_s": 20.0, **settings}
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
    assert len(deltas) > 5
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
    async with served(says("Free [1][7]. 免费【2】。")) as (_, model):
        deltas, draft = await answer(model)
    assert "".join(deltas) == draft.text == "Free [1]. 免费[2]。"


@pytest.mark.parametrize(
    "text", ["NO_ANSWER", " NO_ANSWER.", "**NO_ANSWER**", "<think>hm</think>\nNO_ANSWER\n\nSorry!"]
)
async def test_a_model_that_declines_says_nothing(text: str) -> None:
    async with served(says(text)) as (_, model):
        deltas, draft = await answer(model)
    assert deltas == []
    assert (draft.text, draft.decision, draft.support, draft.generator) == ("", DecisionKind.DECLINE, 0.0, MODEL)


@pytest.mark.parametrize("text", ["No", "NO_", "**No** fee is due [1].", "N"])
async def test_what_only_begins_like_a_refusal_is_said(text: str) -> None:
    async with served(says(text, size=1)) as (_, model):
        deltas, draft = await answer(model)
    assert "".join(deltas) == draft.text == text


async def test_thoughts_stay_with_the_model_and_count_as_life() -> None:
    async with served(says("<think>" + "hm " * 40 + "</think>Free [1].")) as (_, model):
        deltas, _ = await answer(model)
    assert "".join(deltas) == "Free [1]."


async def test_an_answer_cut_off_by_its_length_shows_it() -> None:
    async with served(says("Free [1]. And", finish="length")) as (_, model):
        assert (await answer(model))[1].text == "Free [1]. And…"


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
    async with served(never_ends()) as (server, model):
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
