"""A model names clusters: asked with a schema, its words made a label, its failures said."""

import asyncio
import json
from contextlib import closing

import pytest

from agent.errors import ModelUnavailable
from agent.learning.intents.naming_by_model import ModelNamer
from agent.settings import ModelSettings
from tests.support.openai_server import MODEL, Behaviour, babbles, fails, model_server


def answers(content: str) -> Behaviour:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    body = {"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
    return babbles(json.dumps(body))


async def name(behave: Behaviour) -> tuple[str, dict]:
    async with model_server(behave) as server:

        def run() -> str:
            with closing(ModelNamer(ModelSettings(base_url=server.url))) as namer:
                return namer(["退款什么时候到账？", "钱还没退"], ["退款"], "zh")

        return await asyncio.to_thread(run), server.requests[0]


async def test_the_answer_becomes_a_label_and_the_question_holds_the_utterances() -> None:
    label, request = await name(answers(json.dumps({"name": "退款 到账!"})))
    assert label == "退款_到账"
    assert request["response_format"]["json_schema"]["schema"]["required"] == ["name"]
    assert "钱还没退" in request["messages"][1]["content"]
    assert "Chinese" in request["messages"][0]["content"]


@pytest.mark.parametrize("content", ["Sure! refund", "{}", json.dumps({"name": "..."}), json.dumps({"name": ""})])
async def test_an_answer_without_a_name_gives_none(content: str) -> None:
    assert (await name(answers(content)))[0] == ""


async def test_a_server_that_fails_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="failed"):
        await name(fails(400))
