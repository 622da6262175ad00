"""What goes wrong between Slack and Parley: nothing is lost, nothing comes twice, nobody else gets in."""

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

import aiohttp
import httpx
import pytest

from connectors.slack.answers import Pace
from connectors.slack.inbox import Inbox
from connectors.slack.surfaces import Article
from connectors.slack.threads import Threads
from connectors.slack.workspaces import OneWorkspace, People, Workspaces
from tests.support.slack_connector import QUICK, Running, connected
from tests.support.slack_delivery import encoded, signed
from tests.support.slack_home import HTTP, SOCKET
from tests.support.slack_server import FakeSlack, Trouble


def whole(slack: FakeSlack, channel: str, ts: str, count: int = 1) -> bool:
    answers = slack.world.answers(channel, ts)
    return len(answers) >= count and all(one.get("metadata") and "…" not in one["text"] for one in answers)


async def events_of(running: Running, channel: str, ts: str) -> list[Any]:
    found = await Threads(running.conversations.engine).find("T1", channel, ts)
    assert found is not None
    return await running.conversations.events.read(found.conversation_id)


async def test_an_event_that_is_told_again_is_answered_once(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store) as running:
        ts, events = slack.writes(ada, "hello")
        told = await asyncio.gather(*(slack.tell(events[0]) for _ in range(5)))
        assert all(one.acknowledged for one in told)
        await slack.until(lambda: whole(slack, ada.dm, ts))
        await slack.tell(events[0])
        await slack.tell({**events[0], "event_id": "EvOther"})  # the same message under another id
        await asyncio.sleep(0.2)
        received = [one for one in await events_of(running, ada.dm, ts) if one.type == "message.received"]
    assert len(received) == len(slack.world.answers(ada.dm, ts)) == 1


async def test_of_two_processes_that_are_told_the_same_one_answers(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store) as one, connected(slack, store) as two:
        ts, (event,) = slack.writes(ada, "slow:0.2 hello")
        for url in (one.url, two.url):  # sockets take turns by themselves
            slack.delivery.request_url = url
            assert (await slack.tell(event)).acknowledged
        await slack.until(lambda: whole(slack, ada.dm, ts))
        await asyncio.sleep(0.4)  # longer than either looks for what the other may have left
        received = [event for event in await events_of(one, ada.dm, ts) if event.type == "message.received"]
    assert len(received) == len(slack.world.answers(ada.dm, ts)) == 1


async def test_limits_are_obeyed_and_failures_repeated_without_a_second_message(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    channel = slack.world.channel()
    async with connected(slack, store):
        slack.troubles["chat.postMessage"] = [Trouble(429, retry_after=1), Trouble(503), Trouble(500, done=True)]
        begun = time.monotonic()
        ts = await slack.says(ada, f"{slack.mention()} hello", channel=channel)
        await slack.until(lambda: whole(slack, channel, ts))
        assert time.monotonic() - begun >= 1
        assert len(slack.world.answers(channel, ts)) == 1
        slack.troubles["chat.update"] = [Trouble(500, done=True)]
        ts = await slack.says(ada, f"{slack.mention()} slow:0.3 hello", channel=channel)
        await slack.until(lambda: whole(slack, channel, ts))
        assert len(slack.world.answers(channel, ts)) == 1
        slack.troubles["chat.startStream"] = [Trouble(500, done=True)]
        slack.troubles["chat.appendStream"] = [Trouble(500, done=True)]
        slack.troubles["chat.stopStream"] = [Trouble(500, done=True)]
        ts = await slack.says(ada, "slow:0.3 hello")
        await slack.until(lambda: whole(slack, ada.dm, ts))
    (answer,) = slack.world.answers(ada.dm, ts)
    assert answer["text"].count("Word 0") == answer["text"].count("Word 7") == 1


async def test_a_stream_that_expires_loses_nothing(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store):
        ts = await slack.says(ada, "slow:1 hello")
        await slack.until(lambda: slack.called("chat.startStream"))
        slack.world.now += 301
        await slack.until(lambda: whole(slack, ada.dm, ts))
    assert ("chat.appendStream", "message_not_in_streaming_state") in slack.refused or (
        "chat.stopStream",
        "message_not_in_streaming_state",
    ) in slack.refused
    (answer,) = slack.world.answers(ada.dm, ts)
    assert all(answer["text"].count(f"Word {number}") == 1 for number in range(8))


async def test_what_was_said_and_taken_back_is_not_shown_in_the_end(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store):
        ts = await slack.says(ada, "retract slow:0.3 hello")
        await slack.until(lambda: whole(slack, ada.dm, ts))
        (answer,) = slack.world.answers(ada.dm, ts)
        assert "wrong" not in answer["text"] and "Word 7" in answer["text"]
        ts = await slack.says(ada, "fail")
        await slack.until(lambda: whole(slack, ada.dm, ts))
        assert slack.world.answers(ada.dm, ts)[0]["text"] == "&lt;failed en&gt;" or "failed en" in str(
            slack.world.answers(ada.dm, ts)[0]
        )


async def test_the_stop_button_ends_the_turn_and_leaves_the_session_active(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    channel = slack.world.channel()
    async with connected(slack, store) as running:
        for where, text in ((ada.dm, "slow:4 hello"), (channel, f"{slack.mention()} slow:4 hello")):
            ts = await slack.says(ada, text, channel=where)
            await slack.until(lambda where=where, ts=ts: slack.world.answers(where, ts))
            assert slack.world.sessions[(where, ts)]["status"] == "processing"
            await slack.stops(ada, where, ts)
            await slack.until(lambda where=where, ts=ts: whole(slack, where, ts))
            await slack.until(lambda where=where, ts=ts: slack.world.sessions[(where, ts)]["status"] == "active")
            assert "Stopped" in slack.world.answers(where, ts)[0]["text"]
            assert (await events_of(running, where, ts))[-1].type == "turn.stopped"


async def test_a_changed_question_is_answered_anew_in_the_same_message(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store) as running:
        ts = await slack.says(ada, "the frist question")
        await slack.until(lambda: whole(slack, ada.dm, ts))
        await slack.edits(ada, ada.dm, ts, "the first question")
        await slack.until(lambda: "first question" in slack.world.answers(ada.dm, ts)[0]["text"])
        assert len(slack.world.answers(ada.dm, ts)) == 1
        await slack.edits(ada, ada.dm, ts, "the first question")  # a link was unfurled, or the like
        ts = await slack.says(ada, "slow:4 a long one")
        await slack.until(lambda: slack.world.answers(ada.dm, ts))
        await slack.edits(ada, ada.dm, ts, "a short one")
        await slack.until(
            lambda: whole(slack, ada.dm, ts) and "a short one" in slack.world.answers(ada.dm, ts)[0]["text"]
        )
        types = [one.type for one in await events_of(running, ada.dm, ts)]
    assert types.count("turn.stopped") == types.count("reply.completed") == 1


async def test_a_question_that_was_taken_back_has_no_answer(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store):
        ts = await slack.says(ada, "hello")
        await slack.until(lambda: whole(slack, ada.dm, ts))
        await slack.deletes(ada, ada.dm, ts)
        await slack.until(lambda: not slack.world.messages[ada.dm])
        root = await slack.says(ada, "hello again")
        await slack.until(lambda: whole(slack, ada.dm, root))
        ts = await slack.says(ada, "slow:4 a secret", thread=root)
        await slack.until(lambda: len(slack.world.answers(ada.dm, root)) == 2)
        await slack.deletes(ada, ada.dm, ts)
        await slack.until(lambda: len(slack.world.answers(ada.dm, root)) == 1)
        late, events = slack.writes(ada, "never mind", thread=root)  # told after it was taken back
        await slack.deletes(ada, ada.dm, late)
        await slack.tell(events[0])
        await slack.says(ada, "the last", thread=root)
        await slack.until(lambda: len(slack.world.answers(ada.dm, root)) == 2)
    assert "never mind" not in str(slack.world.answers(ada.dm, root))


@SOCKET
async def test_sockets_that_close_are_opened_again(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store):
        await slack.delivery.disconnect()
        await slack.until(lambda: slack.delivery.connections == 2 and slack.delivery.sockets)
        ts = await slack.says(ada, "hello")
        await slack.until(lambda: whole(slack, ada.dm, ts))


async def test_a_workspace_that_removes_the_app_is_told_nothing_more(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store) as running:
        ts = await slack.says(ada, "slow:4 hello")
        await slack.until(lambda: slack.world.answers(ada.dm, ts))
        slack.world.teams["T1"].tokens.clear()
        await slack.happens({"type": "app_uninstalled"})
        threads = Threads(running.conversations.engine)
        async with asyncio.timeout(10):
            while await threads.find("T1", ada.dm, ts):
                await asyncio.sleep(0.02)
        calls = len(slack.calls)
        _, (event,) = slack.writes(ada, "anybody there?")
        slack.tell(event)  # which nobody acknowledges
        await asyncio.sleep(0.2)
    assert len(slack.calls) <= calls + 4  # what was under way when the token went


async def test_a_revoked_token_is_noticed_though_nobody_says_so(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    async with connected(slack, store) as running:
        ts = await slack.says(ada, "slow:0.5 hello")
        await slack.until(lambda: slack.world.answers(ada.dm, ts))
        slack.world.teams["T1"].tokens.clear()
        threads = Threads(running.conversations.engine)
        async with asyncio.timeout(10):
            while await threads.find("T1", ada.dm, ts):
                await asyncio.sleep(0.02)


@HTTP
@pytest.mark.parametrize("wrong", ["secret", "old", "none", "changed", "large"])
async def test_what_slack_did_not_send_just_now_is_refused_and_logged(
    slack: FakeSlack, store: str, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada = slack.world.user()
    async with connected(slack, store) as running:
        ts, events = slack.writes(ada, "let me in")
        body = encoded(events[0], "events_api")
        headers = signed(
            body,
            **({"secret": "guessed"} if wrong == "secret" else {"at": time.time() - 301} if wrong == "old" else {}),  # type: ignore[arg-type]
        )
        if wrong == "none":
            headers = {}
        if wrong == "changed":
            body += b" "
        if wrong == "large":
            body += b" " * (512 * 1024)
            headers = signed(body)
        with caplog.at_level(logging.WARNING):
            async with httpx.AsyncClient() as client:
                answer = await client.post(running.url, content=body, headers=headers)
        assert answer.status_code == (413 if wrong == "large" else 401)
        assert "refused" in caplog.text and "let me in" not in caplog.text
        await asyncio.sleep(0.1)
        assert await Threads(running.conversations.engine).find("T1", ada.dm, ts) is None


async def test_a_foreign_workspace_is_refused_and_logged(
    slack: FakeSlack, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    eve = slack.world.user("U9", team="T9")
    slack.delivery.patience_s = 0.2
    async with connected(slack, store):
        with caplog.at_level(logging.WARNING):
            _, events = slack.writes(eve, "let me in")
            told = await slack.tell(events[0])
            pressed = await slack.presses(eve, eve.dm, {}, {"action_id": "parley_feedback", "value": "x 1 1"})
            used, _ = await slack.commands(eve, "/parley", "let me in", eve.dm)
    assert not told.acknowledged and not pressed.acknowledged and not used.acknowledged
    assert {told.status, pressed.status, used.status} == {403 if slack.mode == "http" else 0}
    assert caplog.text.count("refused: workspace T9") == told.attempts + 2


async def test_what_one_process_left_untold_another_one_tells(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    slow = replace(QUICK, pace=Pace(first_s=30.0))
    async with connected(slack, store, options=slow):
        ts = await slack.says(ada, "slow:0.2 hello")
        await asyncio.sleep(0.1)
    async with connected(slack, store):
        await slack.until(lambda: whole(slack, ada.dm, ts))
    assert len(slack.world.answers(ada.dm, ts)) == 1


@pytest.mark.parametrize(
    ("slack", "ended", "answer"), [("http", 3, "Word 7"), ("socket", 4, "failed en")], indirect=["slack"]
)
async def test_a_turn_that_its_process_does_not_outlive_is_answered_by_a_later_one(
    slack: FakeSlack, store: str, ended: int, answer: str
) -> None:
    ada = slack.world.user()
    ts, (event,) = slack.writes(ada, "slow:0.5 hello")
    for process in range(ended):
        async with connected(slack, store) as running:
            if process == 0:
                await slack.tell(event)
            async with asyncio.timeout(10):
                while await begun(running, ada.dm, ts) <= process:
                    await asyncio.sleep(0.01)
    async with connected(slack, store):
        await slack.until(lambda: whole(slack, ada.dm, ts))
    assert answer in str(slack.world.answers(ada.dm, ts)[-1])
    assert len(slack.world.answers(ada.dm, ts)) == 1


async def begun(running: Running, channel: str, ts: str) -> int:
    """How often the turn was begun."""
    if await Threads(running.conversations.engine).find("T1", channel, ts) is None:
        return 0
    return sum(one.type == "turn.started" for one in await events_of(running, channel, ts))


class Broken:
    """Knowledge that fails on whatever it is asked."""

    async def article(self, url: str) -> Article | None:
        raise ValueError(url)

    async def add(self, title: str, text: str, source: str) -> None:
        raise ValueError(title)


async def test_what_fails_again_and_again_is_given_up_and_holds_up_nothing(
    slack: FakeSlack, store: str, caplog: pytest.LogCaptureFixture
) -> None:
    event = {
        "type": "link_shared",
        "channel": slack.world.channel(),
        "user": "U1",
        "links": [{"url": "https://x.example"}],
    }
    async with connected(slack, store, options=replace(QUICK, knowledge=Broken())) as running:
        assert (await slack.happens({**event, "message_ts": "1.1", "event_ts": "1.2"})).acknowledged
        await slack.until(lambda: "given up: link_shared of T1" in caplog.text)
        async with asyncio.timeout(10):
            while await Inbox(running.conversations.engine).left(0):
                await asyncio.sleep(0.01)
    assert sum("cannot be handled; again" in one.message for one in caplog.records) == 4


@HTTP
async def test_who_somebody_is_is_asked_again_where_slack_did_not_say(slack: FakeSlack) -> None:
    slack.world.user("U1", name="Ada")
    slack.troubles["users.info"] = [Trouble(500)]
    async with aiohttp.ClientSession() as session:
        workspaces = Workspaces(OneWorkspace(slack.world.team("T1").token, slack.url, session), slack.url, session)
        workspace, people = await workspaces.of(None, "T1"), People()
        assert workspace is not None
        assert [(await people.who(workspace, "U1")).name for _ in range(3)] == ["", "Ada", "Ada"]
    assert sum(one.method == "users.info" for one in slack.calls) == 2
