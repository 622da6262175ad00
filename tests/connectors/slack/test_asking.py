"""Asking in Slack, in both modes: where Parley answers, and where it is silent."""

from typing import Any

from tests.support.slack_connector import connected
from tests.support.slack_server import FakeSlack


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"].split(". Word")[0] for message in messages]


async def answered(slack: FakeSlack, channel: str, ts: str, count: int = 1) -> list[dict[str, Any]]:
    """The answers in a thread, once they are whole."""

    def whole() -> bool:
        answers = slack.world.answers(channel, ts)
        return len(answers) >= count and all("metadata" in one and "…" not in one["text"] for one in answers)

    await slack.until(whole)
    return slack.world.answers(channel, ts)


async def test_a_direct_message_is_answered_in_a_stream_in_its_thread(slack: FakeSlack, store: str, mode: str) -> None:
    ada = slack.world.user("U1", locale="en-US")
    async with connected(slack, store, mode):
        ts = await slack.says(ada, "slow:0.4 hello")
        (answer,) = await answered(slack, ada.dm, ts)
        assert answer["text"].startswith("You said: slow:0.4 hello. Word 0") and answer["text"].endswith("middle.")
        assert slack.called("chat.startStream") and slack.called("chat.appendStream")
        assert not slack.called("chat.postMessage") and not slack.called("chat.update")
        assert slack.world.sessions[(ada.dm, ts)] == {"title": "slow:0.4 hello", "status": "active"}
        assert slack.called("assistant.threads.setStatus")[0]["status"] == "is thinking…"
        assert slack.refused == []
        again = await slack.says(ada, "and more", thread=ts)
        assert texts(await answered(slack, ada.dm, ts, 2))[1] == "You said: and more"
        assert again != ts
