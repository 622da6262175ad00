"""The HTTP API over a real server on loopback: what is promised to callers."""

import json
from pathlib import Path

from tests.support.web_client import LAST, Event, begin, events
from tests.support.web_server import KEY, serving


async def test_a_question_is_answered_over_the_event_stream(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        sent = await client.post(f"{path}/messages", json={"text": "你好", "client_id": "1"}, headers=headers)
        again = await client.post(f"{path}/messages", json={"text": "你好", "client_id": "1"}, headers=headers)
        assert (sent.status_code, sent.json()) == (202, again.json())
        found = await events(client, path, headers)
        assert [event["n"] for event in found] == list(range(1, len(found) + 1))
        assert found[-1]["type"] == "reply.completed"
        transcript = (await client.get(path, headers=headers)).json()
        assert transcript["events"] == found


async def test_a_stream_that_breaks_anywhere_resumes_without_loss_or_repetition(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        await client.post(f"{path}/messages", json={"text": "slow:1", "client_id": "1"}, headers=headers)
        whole: list[Event] = []
        while not whole or whole[-1]["type"] not in LAST:
            last = {"Last-Event-ID": str(whole[-1]["n"])} if whole else {}
            whole += await events(client, path, {**headers, **last}, most=2)
        assert [event["n"] for event in whole] == list(range(1, len(whole) + 1))
        said = "".join(str(e["data"]["text"]) for e in whole if e["type"] == "reply.delta")
        assert said == whole[-1]["data"]["text"]


async def test_a_token_opens_its_own_conversation_only(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        one, _ = await begin(client)
        _, headers = await begin(client)
        for wrong in (headers, {}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
            assert (await client.get(one, headers=wrong)).status_code == 404
            assert (await client.get(f"{one}/events", headers=wrong)).status_code == 404


async def test_a_failed_turn_and_a_stopped_one_say_so(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        await client.post(f"{path}/messages", json={"text": "fail", "client_id": "1"}, headers=headers)
        failed = (await events(client, path, headers))[-1]
        assert failed["type"] == "turn.failed"
        assert "secret" not in json.dumps(failed)
        await client.post(f"{path}/messages", json={"text": "slow:20", "client_id": "2"}, headers=headers)
        await events(client, path, {**headers, "Last-Event-ID": str(failed["n"])}, most=2)
        assert (await client.post(f"{path}/stop", headers=headers)).json() == {"stopped": True}
        stopped = await events(client, path, {**headers, "Last-Event-ID": str(failed["n"])})
        assert stopped[-1]["type"] == "turn.stopped"


async def test_the_agent_is_a_model_for_openai_clients(tmp_path: Path) -> None:
    body = {"model": "parley", "messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "hello"}]}
    async with serving(tmp_path) as client:
        assert (await client.post("/v1/chat/completions", json=body)).status_code == 401
        headers = {"Authorization": f"Bearer {KEY}"}
        whole = (await client.post("/v1/chat/completions", json=body, headers=headers)).json()
        text = whole["choices"][0]["message"]["content"]
        assert text.startswith("You said: hello.")
        assert whole["parley"]["decision"] == "answer"
        streamed = await client.post("/v1/chat/completions", json={**body, "stream": True}, headers=headers)
        chunks = [line[6:] for line in streamed.text.splitlines() if line.startswith("data: ")]
        assert chunks[-1] == "[DONE]"
        said = "".join(json.loads(chunk)["choices"][0]["delta"].get("content", "") for chunk in chunks[:-1])
        assert said == text


async def test_health_metrics_page_and_its_policy(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        assert (await client.get("/metrics")).status_code == 401
        assert (await client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})).status_code == 200
        assert "/v1/conversations" in (await client.get("/openapi.json")).json()["paths"]
        assert (await client.get("/v1/widget?lang=zh")).json()["suggestions"] == ["ask zh"]
        page = await client.get("/")
        assert "<title>Parley</title>" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text


async def test_a_customer_agrees_to_learning_and_takes_it_back(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        made = (await client.post("/v1/conversations", json={"learning": True})).json()
        path, headers = f"/v1/conversations/{made['id']}", {"Authorization": f"Bearer {made['token']}"}
        assert (await client.post("/v1/conversations", json={"learning": "yes"})).status_code == 422
        withdrawn = await client.post(f"{path}/consent", json={"learning": False}, headers=headers)
        assert (withdrawn.status_code, withdrawn.json()) == (200, {"learning": False})
        assert (await client.post(f"{path}/consent", json={}, headers=headers)).status_code == 422
        _, others = await begin(client)
        assert (await client.post(f"{path}/consent", json={"learning": True}, headers=others)).status_code == 404
