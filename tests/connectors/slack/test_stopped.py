"""Slack's own stop button, through to the model: it writes no further, and the session is open for the next question."""

from pathlib import Path

import pytest

from agent.build import open_conversations
from agent.settings import load_settings
from tests.support.homes import QUESTION, small_home
from tests.support.openai_server import hangs, model_server, says
from tests.support.slack_delivery import SIGNING_SECRET
from tests.support.slack_home import open_home
from tests.support.slack_server import FakeSlack


async def test_the_model_stops_writing_and_the_next_question_is_answered(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = slack.world.user("U1")
    async with model_server(hangs("You can send it back within 30 days [1]. Return shipping is ")) as model:
        for name, value in (
            ("SLACK__BOT_TOKEN", slack.world.team("T1").token),
            ("SLACK__SIGNING_SECRET", SIGNING_SECRET),
            ("SLACK__API_URL", slack.url),
            ("SLACK__REACTIONS__NEUTRAL", "[]"),
            ("MODEL__BASE_URL", model.url),
        ):
            monkeypatch.setenv(f"PARLEY_{name}", value)
        settings = load_settings(small_home(tmp_path))
        async with open_conversations(settings) as conversations, open_home(slack, conversations, settings):
            thread = await slack.says(ada, QUESTION)
            await slack.until(lambda: "30 days" in str(slack.world.answers(ada.dm, thread)))
            await slack.stops(ada, ada.dm, thread)
            await model.until_abandoned()
            await slack.until(lambda: "_Stopped._" in str(slack.world.answers(ada.dm, thread)))
            await slack.until(lambda: slack.world.sessions[(ada.dm, thread)]["status"] == "active")
            assert all("streaming_state" not in one for one in slack.world.messages[ada.dm])
            model.behave = says("Within 30 days [1].")
            await slack.says(ada, QUESTION, thread=thread)
            await slack.until(lambda: "Within 30 days" in str(slack.world.answers(ada.dm, thread)[-1]))
            conversations.events.end()
    # Slack has ended the stream itself when the button was pressed; nothing else is asked of it in vain.
    assert set(slack.refused) <= {("chat.stopStream", "message_not_in_streaming_state")}
