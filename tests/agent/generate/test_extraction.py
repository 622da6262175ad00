"""A model reads articles: held to a schema, and to the words of the article."""

import asyncio
import json
from contextlib import closing

import pytest

from agent.errors import ModelUnavailable
from agent.generate.extraction import ModelReader
from agent.settings import ModelSettings
from knowledge.graph.articles import sources_of
from knowledge.graph.entities import EntityRecord
from knowledge.types import Passage
from tests.support.openai_server import MODEL, Behaviour, babbles, fails, model_server

TEXT = "The Onyx Saver, Onyx for short, costs $5 a month. Transfers are free."
PASSAGE = Passage(id="p", source_id="a1", title="Onyx Saver", section=(), text=TEXT, position=0)


def states(facts: list[dict[str, str]], aliases: list[dict[str, str]]) -> Behaviour:
    message = {"role": "assistant", "content": json.dumps({"facts": facts, "aliases": aliases})}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return babbles(
        json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]})
    )


async def read(behave: Behaviour) -> tuple[list[EntityRecord], dict]:
    async with model_server(behave) as server:

        def run() -> list[EntityRecord]:
            with closing(ModelReader(ModelSettings(base_url=server.url))) as reader:
                sources = sources_of([PASSAGE], lambda _: "Onyx Saver", reader)
            return [entity for source in sources for entity in source.entities]

        found = await asyncio.to_thread(run)
        return found, server.requests[0]


async def test_what_the_article_says_is_kept_with_its_words() -> None:
    fact = {"entity": "Onyx Saver", "relation": "Monthly fee", "value": "$5 a month", "quote": "costs $5 a month"}
    alias = {"entity": "Onyx Saver", "alias": "Onyx", "quote": "Onyx for short"}
    (entity,), request = await read(states([fact], [alias]))

    assert dict(entity.values) == {"monthly fee": ["$5 a month"]}
    assert entity.quotes["monthly fee", "$5 a month"] == "costs $5 a month"
    assert entity.aliases == ["Onyx"]
    assert request["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    "fact",
    [
        {"entity": "Onyx Saver", "relation": "fee", "value": "$6", "quote": "costs $6 a month"},
        {"entity": "Onyx Saver", "relation": "fee", "value": "$6", "quote": "costs $5 a month"},
        {"entity": "Pearl Saver", "relation": "fee", "value": "$5", "quote": "costs $5 a month"},
        {"entity": "Onyx Saver", "relation": "fee", "value": "", "quote": ""},
    ],
)
async def test_what_the_article_does_not_say_is_dropped(fact: dict[str, str]) -> None:
    assert (await read(states([fact], [])))[0] == []


async def test_an_answer_of_another_form_tells_nothing() -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Sure! Here"}, "finish_reason": "stop"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
    assert (await read(babbles(json.dumps(body))))[0] == []


async def test_a_server_that_fails_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="failed"):
        await read(fails(400))
