"""What is internal, over or not yet valid never reaches the public channel, whatever is asked and whoever words the answer."""

import json
from pathlib import Path

import httpx
import pytest

from tests.support.commands import parley_here, serving
from tests.support.confidential import QUESTIONS, SECRETS, confidential_home
from tests.support.embedders import EMBEDDERS
from tests.support.openai_server import model_server, says
from tests.support.web_client import LAST, begin, events

pytestmark = pytest.mark.timeout(300)
KEY = "the-key"


@pytest.fixture(scope="module", params=EMBEDDERS)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return confidential_home(tmp_path_factory.mktemp(request.param), request.param)


def leaks(text: str) -> list[str]:
    """The secrets in a text, also where JSON has escaped it."""
    plain = text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text
    return [secret for secret in SECRETS if secret in text or secret in plain]


async def conversation(client: httpx.AsyncClient, *messages: str) -> str:
    """All that a customer gets to see of a conversation with these messages, each event a line; their own words aside."""
    path, headers = await begin(client)
    last = 0
    for number, message in enumerate(messages):
        sent = await client.post(f"{path}/messages", json={"text": message, "client_id": str(number)}, headers=headers)
        assert sent.status_code == 202
        seen = await events(client, path, {**headers, "Last-Event-ID": str(last)})
        assert seen[-1]["type"] in LAST
        last = seen[-1]["n"]
    transcript = (await client.get(path, headers=headers)).json()["events"]
    return json.dumps([event for event in transcript if event["type"] != "message.received"], ensure_ascii=False)


async def test_no_question_gets_it_out_of_the_page_or_the_api(home: Path) -> None:
    async with serving(home, SERVER__API_KEY=KEY) as client:
        for question in QUESTIONS:
            assert not leaks(await conversation(client, question)), question
        assert not leaks(
            await conversation(client, QUESTIONS[1], "And which one is it for the branch?", "那它的代码呢？")
        )
        assert "7 crowns" in await conversation(client, "What is the courier fee?")
        for question in QUESTIONS:
            body = {"model": "parley", "messages": [{"role": "user", "content": question}]}
            answer = await client.post("/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {KEY}"})
            assert answer.status_code == 200
            assert not leaks(answer.text), question


async def test_no_model_gets_to_read_it(home: Path) -> None:
    async with model_server(says("It is free [1].")) as model, serving(home, MODEL__BASE_URL=model.url) as client:
        for question in QUESTIONS:
            assert not leaks(await conversation(client, question)), question
        assert len(model.requests) >= len(QUESTIONS) // 2
        for request in model.requests:
            assert not leaks(json.dumps(request, ensure_ascii=False))


async def test_the_companys_own_people_read_it_at_the_terminal(home: Path) -> None:
    question = "What is the branch override code for refunds?"
    staff = await parley_here(home, "ask", question, "--audience", "internal", "--json")
    assert "ZX-4417" in json.loads(staff.out)["text"]
    assert not leaks((await parley_here(home, "ask", question, "--json")).out)
    dated = json.loads(
        (await parley_here(home, "ask", "What is the courier fee?", "--audience", "internal", "--json")).out
    )
    assert "7 crowns" in dated["text"]
    assert not {"1 crown.", "99 crowns"} & {citation["quote"] for citation in dated["citations"]}
