"""Answers of servers, endpoints and functions, over the wire."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from agent.errors import CallerError
from evals.cases import Case, CaseUtterance
from evals.targets.function import FunctionTarget
from evals.targets.openai import OpenAITarget
from evals.targets.served import ServedTarget
from evals.targets.target import TargetFailed
from tests.support.openai_server import MODEL, dies, fails, model_server, says
from tests.support.web_server import KEY, serving

CASE = Case(id="1", lang="zh", question="多久可以退货？", history=[CaseUtterance(role="user", content="你好")])


def plain(question: str, history: Sequence[Mapping[str, str]]) -> str:
    return f"{question} {len(history)}"


async def slow(question: str) -> str:
    return question.upper()


def broken(_question: str) -> str:
    raise RuntimeError("out of order")


async def test_an_endpoint_is_asked_with_the_history_and_its_first_token_timed() -> None:
    async with model_server(says("30天内。")) as server, httpx.AsyncClient(base_url=f"{server.url}/") as client:
        answered = await OpenAITarget(client=client, model=MODEL, system="Be brief.").answer(CASE)
        assert [one["content"] for one in server.requests[0]["messages"]] == ["Be brief.", "你好", CASE.question]
    assert answered.reply.text == "30天内。"
    assert 0 < answered.reply.timings_ms["first_token"] <= answered.reply.timings_ms["total"]


@pytest.mark.parametrize(("behave", "again"), [(fails(503), True), (fails(401), False), (dies("30"), True)])
async def test_what_may_pass_is_told_from_what_will_not(behave: object, again: bool) -> None:
    async with model_server(behave) as server, httpx.AsyncClient(base_url=f"{server.url}/") as client:  # type: ignore[arg-type]
        with pytest.raises(TargetFailed) as failed:
            await OpenAITarget(client=client, model=MODEL).answer(CASE)
    assert failed.value.again is again


@pytest.mark.parametrize("history", [[], CASE.history])
async def test_a_running_server_answers_as_its_customers_are_answered(
    tmp_path: Path, history: list[CaseUtterance]
) -> None:
    async with serving(tmp_path) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        answered = await ServedTarget(client).answer(CASE.model_copy(update={"history": history}))
    assert answered.reply.text
    assert answered.reply.timings_ms["first_token"] > 0


async def test_functions_plain_and_async_answer_and_their_errors_fail_the_case() -> None:
    here = __name__
    assert (await FunctionTarget.load(f"{here}:plain").answer(CASE)).reply.text == "多久可以退货？ 1"
    english = Case(id="2", question="When?")
    assert (await FunctionTarget.load(f"{here}:slow").answer(english)).reply.text == "WHEN?"
    with pytest.raises(TargetFailed, match="out of order"):
        await FunctionTarget.load(f"{here}:broken").answer(CASE)
    with pytest.raises(CallerError, match="module:function"):
        FunctionTarget.load("nowhere")
