"""What a customer does besides asking: rates, asks again, takes the conversation home, deletes it."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from agent.settings.web import HoursSettings, WidgetSettings
from tests.support.web_client import Event, begin, events, follow
from tests.support.web_server import KEY, serving

EVIL = '<script>alert("x")</script> & <img src=x onerror=1>'


async def test_the_last_rating_counts_also_after_the_end(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        first = await client.post(f"{path}/rating", json={"score": 2}, headers=headers)
        assert (first.status_code, first.json()["type"]) == (201, "conversation.rated")
        await client.post(f"{path}/close", headers=headers)
        last = await client.post(f"{path}/rating", json={"score": 5, "comment": "谢谢"}, headers=headers)
        assert last.json()["data"] == {"score": 5, "comment": "谢谢"}
        for wrong in (0, 6, 2.5, "5", None):
            refused = await client.post(f"{path}/rating", json={"score": wrong}, headers=headers)
            assert refused.status_code == 422
        text = (await client.get(f"{path}/transcript", headers=headers)).text
        assert "Your rating: 5 of 5" in text


async def test_a_message_is_answered_again_and_the_first_answer_is_out_of_the_history(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        seen: list[Event] = []

        async def say(**body: object) -> Event:
            sent = await client.post(f"{path}/messages", json=body, headers=headers)
            assert sent.status_code == 202, sent.text
            last = {"Last-Event-ID": str(seen[-1]["n"])} if seen else {}
            seen.extend(await events(client, path, {**headers, **last}))
            return dict(sent.json())

        one = await say(text="first", client_id="1")
        await say(text="second", client_id="2")
        again = await say(text="ignored", client_id="3", again=one["n"])
        assert again["data"] == {"text": "first", "client_id": "3", "channel": "web", "again": one["n"]}
        twice = await client.post(f"{path}/messages", json={"client_id": "3", "again": one["n"]}, headers=headers)
        assert twice.json() == again
        third = await say(client_id="4", again=again["n"])
        assert third["data"]["text"] == "first"
        transcript = (await client.get(f"{path}/transcript", headers=headers)).text
        assert transcript.count("\nfirst") == 1
        assert transcript.count("You said: first.") == 1
        assert transcript.index("You said: first.") < transcript.index("\nsecond")
        for wrong in (2, 999, 0):
            refused = await client.post(f"{path}/messages", json={"client_id": "5", "again": wrong}, headers=headers)
            assert refused.status_code == 422


@pytest.mark.parametrize(
    ("lang", "who", "title"), [("en", "You (", "Conversation with Parley"), ("zh", "您 (", "与Parley的对话")]
)
async def test_a_transcript_is_in_the_customers_language(tmp_path: Path, lang: str, who: str, title: str) -> None:
    widget = WidgetSettings(hours=HoursSettings(time_zone="Asia/Shanghai"))
    async with serving(tmp_path, widget) as client:
        path, headers = await begin(client, lang=lang)
        await client.post(f"{path}/messages", json={"text": "退货 please", "client_id": "1"}, headers=headers)
        await events(client, path, headers)
        answer = await client.get(f"{path}/transcript?format=txt", headers=headers)
        assert answer.headers["content-disposition"] == 'attachment; filename="conversation.txt"'
        assert title in answer.text
        assert who in answer.text
        assert " CST)" in answer.text
        other = await client.get(f"{path}/transcript?lang={'zh' if lang == 'en' else 'en'}", headers=headers)
        assert title not in other.text


async def test_what_was_written_is_text_in_a_transcript_never_markup(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        await client.post(f"{path}/messages", json={"text": EVIL, "client_id": "1"}, headers=headers)
        await events(client, path, headers)
        page = await client.get(f"{path}/transcript?format=html", headers=headers)
        assert page.headers["content-disposition"].startswith("attachment")
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert "&lt;script&gt;" in page.text
        whole = await client.get(f"{path}/transcript?format=json", headers=headers)
        assert whole.json()["events"][0]["data"]["text"] == EVIL
        assert (await client.get(f"{path}/transcript?format=pdf", headers=headers)).status_code == 422
        assert (await client.get(f"{path}/transcript")).status_code == 404


async def test_a_deleted_conversation_is_gone_and_its_stream_ends(tmp_path: Path) -> None:
    async with serving(tmp_path) as client:
        path, headers = await begin(client)
        _, others = await begin(client)
        await client.post(f"{path}/messages", json={"text": "slow:5", "client_id": "1"}, headers=headers)

        async def listen() -> list[Event]:
            return [event async for event in follow(client, path, headers, last=())]

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.3)
        assert (await client.delete(path, headers=others)).status_code == 404
        deleted = await client.delete(path, headers=headers)
        assert (deleted.status_code, deleted.content) == (204, b"")
        heard = await asyncio.wait_for(listening, 5)
        assert heard[0]["type"] == "message.received"
        assert (await client.get(path, headers=headers)).status_code == 404
        assert (await client.delete(path, headers=headers)).status_code == 404
        assert (await client.get(f"{path}/events", headers=headers)).status_code == 404
        operator = {"Authorization": f"Bearer {KEY}"}
        gone = path.replace("/v1/", "/v1/operator/")
        assert (await client.get(gone, headers=operator)).status_code == 404


async def test_a_stream_begins_with_a_pause_and_ends_with_a_farewell(tmp_path: Path) -> None:
    lines: list[str] = []
    async with serving(tmp_path) as client:
        path, headers = await begin(client)

        async def listen(url: httpx.URL) -> None:
            async with (
                httpx.AsyncClient(base_url=url) as own,
                own.stream("GET", f"{path}/events", headers=headers) as r,
            ):
                lines.extend([line async for line in r.aiter_lines()])

        listening = asyncio.create_task(listen(client.base_url))
        await asyncio.sleep(0.5)
    await listening
    assert lines[0] == "retry: 1000"
    last = json.loads(next(line for line in reversed(lines) if line.startswith("data: "))[6:])
    assert last["type"] == "server.draining"
    assert 0 < last["data"]["retry_ms"] < 5000
    assert "n" not in last
