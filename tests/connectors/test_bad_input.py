"""What bad callers get: a problem document that says what is wrong, never a trace; and nothing is lost by it."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.commands import parley_here
from tests.support.customer import ENDS, Customer
from tests.support.parley_process import ParleyServer
from tests.support.web_client import begin
from tests.support.web_server import KEY, serving

HUGE = 10**30
JSON = {"Content-Type": "application/json"}


def message(text: object, client_id: object = "1") -> bytes:
    return json.dumps({"text": text, "client_id": client_id}).encode()


BAD_MESSAGES = {
    "empty": (message(""), 422),
    "only spaces": (message(" \n\t\u3000"), 422),
    "only control characters": (message("\x00\x1b\x07"), 422),
    "a lone surrogate": (b'{"text": "\\ud800", "client_id": "1"}', 422),
    "a lone surrogate in the id": (b'{"text": "hi", "client_id": "\\ud800"}', 422),
    "too long": (message("x" * 8001), 422),
    "far too long": (message("x" * 100_000), 422),
    "a megabyte": (message("x" * 1_000_000), 413),
    "a number": (message(7), 422),
    "a list": (message(["hi"]), 422),
    "null": (message(None), 422),
    "no id": (b'{"text": "hi"}', 422),
    "an empty id": (message("hi", ""), 422),
    "a huge id": (message("hi", "x" * 100_000), 422),
    "a control character in the id": (message("hi", "a\x00b"), 422),
    "a line in the id": (message("hi", "a\n"), 422),
    "an id that is a number": (message("hi", 1), 422),
    "no JSON": (b"not json", 422),
    "half of JSON": (b'{"text": "hi", ', 422),
    "no object": (b"[]", 422),
    "nothing": (b"", 422),
    "not UTF-8": (b'{"text": "\xff\xfe", "client_id": "1"}', 400),
    "deep": (b"[" * 100_000, 400),
}
BAD_REQUESTS = {
    "a conversation that there is not": ("GET", "/v1/conversations/none", b"", 404),
    "a conversation with an odd name": ("GET", "/v1/conversations/%00%ff'--", b"", 404),
    "a page that there is not": ("GET", "/v1/nothing", b"", 404),
    "a way out of the page's folder": ("GET", "/%2e%2e/app.py", b"", 404),
    "another method": ("DELETE", "{c}/messages", b"", 405),
    "feedback on nothing": ("POST", "{c}/feedback", b'{"event": 99, "value": 1}', 422),
    "feedback on a huge number": ("POST", "{c}/feedback", b'{"event": %d, "value": 1}' % HUGE, 422),
    "feedback of another kind": ("POST", "{c}/feedback", b'{"event": 1, "value": "good"}', 422),
    "events after a word": ("GET", "{c}/events?after=x", b"", 422),
    "events before the first": ("GET", "{c}/events?after=-1", b"", 422),
    "events after a huge number": ("GET", f"{{c}}/events?after={HUGE}", b"", 422),
    "a language that cannot be": ("GET", "/v1/widget?lang=<b>", b"", 422),
    "a conversation made of the wrong things": ("POST", "/v1/conversations", b'{"identity": 7}', 422),
}


def check_problem(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert 0 < len(problem["detail"]) < 300
    for internal in ("Traceback", "sqlalchemy", "pydantic", ".py"):
        assert internal not in answer.text


@pytest.mark.parametrize("case", BAD_MESSAGES)
async def test_a_bad_message_is_a_problem_and_leaves_no_event(tmp_path: Path, case: str) -> None:
    body, status = BAD_MESSAGES[case]
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        check_problem(await client.post(f"{path}/messages", content=body, headers=headers | JSON), status)
        good = await client.post(f"{path}/messages", content=message("hello"), headers=headers | JSON)
        assert (good.status_code, good.json()["n"]) == (202, 1)


@pytest.mark.parametrize("case", BAD_REQUESTS)
async def test_a_bad_request_is_a_problem(tmp_path: Path, case: str) -> None:
    method, path, body, status = BAD_REQUESTS[case]
    async with serving(tmp_path) as client:
        conversation, headers = await begin(client)
        url = path.replace("{c}", conversation)
        check_problem(await client.request(method, url, content=body, headers=headers | JSON), status)


async def test_a_body_of_unannounced_length_is_limited_too(tmp_path: Path) -> None:
    async def megabytes() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        check_problem(await client.post(f"{path}/messages", content=megabytes(), headers=headers | JSON), 413)


async def test_control_characters_within_a_text_are_left_out(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        body = b'{"text": "he\\u0000l\\ud800lo\\u202e \\u001b[31m", "client_id": "1"}'
        answer = await client.post(f"{path}/messages", content=body, headers=headers | JSON)
        if answer.status_code != 422:  # a lone surrogate may be refused or left out, but not kept
            assert answer.json()["data"]["text"] == "hello [31m"
        else:
            check_problem(answer, 422)
        clean = await client.post(
            f"{path}/messages", json={"text": "he\x00l\x1blo\r\n\u202e", "client_id": "2"}, headers=headers
        )
        assert clean.json()["data"]["text"] == "hello"


async def test_no_token_or_a_wrong_one_opens_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, _ = await begin(client)
        wrong = ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer x"}, {"Authorization": b"Bearer \xff\xfe"})
        for headers in wrong:
            check_problem(await client.get(path, headers=headers), 404)  # type: ignore[arg-type]
            for action in ("messages", "stop", "close", "feedback"):
                body = {"text": "hi", "client_id": "1", "event": 1, "value": 1}
                check_problem(await client.post(f"{path}/{action}", json=body, headers=headers), 404)  # type: ignore[arg-type]
        check_problem(await client.post("/v1/chat/completions", json={"messages": [{"role": "user"}]}), 401)


@pytest.mark.parametrize(
    "messages",
    [[], "hi", [{"role": "user", "content": ""}], [{"role": "user"}], [{"role": "assistant", "content": "x"}], [7]],
)
async def test_a_completion_of_nothing_is_a_problem(tmp_path: Path, messages: object) -> None:
    async with serving(tmp_path) as client:
        headers = {"Authorization": f"Bearer {KEY}"}
        check_problem(await client.post("/v1/chat/completions", json={"messages": messages}, headers=headers), 422)


async def test_a_turn_that_fails_is_a_problem_for_openai_clients_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with serving(tmp_path) as client:
        headers = {"Authorization": f"Bearer {KEY}"}
        body = {"messages": [{"role": "user", "content": "fail"}]}
        check_problem(await client.post("/v1/chat/completions", json=body, headers=headers), 500)
        streamed = await client.post("/v1/chat/completions", json={**body, "stream": True}, headers=headers)
        lines = [line for line in streamed.text.splitlines() if line]
        assert "error" in json.loads(lines[-1].removeprefix("data: "))
        assert "secret" not in streamed.text


async def test_stopping_nothing_is_no_error_and_says_so(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        answer = await client.post(f"{path}/stop", headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"stopped": False})


async def test_a_closed_conversation_refuses_what_is_new_and_remembers_what_is_not(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        first = await client.post(f"{path}/messages", content=message("hello"), headers=headers | JSON)
        assert (await client.post(f"{path}/close", headers=headers)).json() == {"closed": True}
        again = await client.post(f"{path}/messages", content=message("hello"), headers=headers | JSON)
        assert (again.status_code, again.json()) == (202, first.json())
        check_problem(await client.post(f"{path}/messages", content=message("more", "2"), headers=headers | JSON), 409)


async def test_without_any_knowledge_parley_says_that_it_does_not_know(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert (await parley_here(home, "init", "--empty")).status == 0
    server = ParleyServer(home, {"PARLEY_KNOWLEDGE__EMBEDDER": "corpus"})
    await server.start()
    customer = Customer(server.url)
    try:
        await customer.begin()
        await customer.send("How long is the warranty?", "1")
        await customer.send("退货有几天时间？", "2")
        await customer.sees_all_answered()
        ends = [event for event in customer.seen if event.type in ENDS]
        assert [end.type for end in ends] == ["reply.completed"] * 2
        assert all(end.data["decision"] in {"decline", "clarify", "handoff"} for end in ends)
        assert [end.data["language"] for end in ends] == ["en", "zh"]
        assert all(end.data["text"] and not end.data["citations"] for end in ends)
    finally:
        await customer.leave()
        assert await server.stop() == 0
    assert b"Traceback" not in server.printed
