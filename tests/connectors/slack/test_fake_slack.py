"""The fake Slack is as strict as Slack: what the SDK would not send, or Slack not take, is refused."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.support.slack_server import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, FakeSlack, Trouble, fake_slack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as server:
        yield server


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.world.team().token, base_url=slack.url)


async def refused(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call  # type: ignore[misc]
    return str(caught.value.response["error"])


async def test_it_answers_the_sdk_and_refuses_what_no_method_takes(slack: FakeSlack, client: AsyncWebClient) -> None:
    channel = slack.world.channel("C1")
    assert (await client.auth_test())["team_id"] == "T1"
    posted = await client.chat_postMessage(
        channel=channel, text="hello", metadata={"event_type": "a", "event_payload": {}}
    )
    replies = await client.conversations_replies(channel=channel, ts=posted["ts"], include_all_metadata=True)
    assert replies["messages"][0]["metadata"]["event_type"] == "a"
    assert "metadata" not in (await client.conversations_replies(channel=channel, ts=posted["ts"]))["messages"][0]
    assert await refused(client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"
    assert await refused(client.chat_postMessage(channel=channel, text="x", colour="red")) == "invalid_arguments"
    assert await refused(client.api_call("chat.postNonsense", json={})) == "unknown_method"
    assert await refused(client.chat_postMessage(channel="C9", text="x")) == "channel_not_found"
    long = [{"type": "markdown", "text": "x" * 12_001}]
    assert await refused(client.chat_postMessage(channel=channel, text="x", blocks=long)) == "invalid_blocks"
    assert await refused(AsyncWebClient("xoxb-none", base_url=slack.url).auth_test()) == "invalid_auth"


async def test_a_stream_ends_by_itself_when_nothing_is_said_for_five_minutes(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    ada = slack.world.user()
    ts, _ = slack.writes(ada, "question")
    stream = await client.chat_stream(channel=ada.dm, thread_ts=ts, buffer_size=1)
    await stream.append(markdown_text="one ")
    assert await refused(client.chat_update(channel=ada.dm, ts=stream.ts, text="x")) == "streaming_state_conflict"
    slack.world.now += 299
    await stream.append(markdown_text="two ")
    slack.world.now += 301
    assert await refused(stream.append(markdown_text="three")) == "message_not_in_streaming_state"
    await client.chat_update(channel=ada.dm, ts=stream.ts, text="one two three")
    assert [one["text"] for one in slack.world.answers(ada.dm, ts)] == ["one two three"]


async def test_a_stream_in_a_channel_names_its_reader(slack: FakeSlack, client: AsyncWebClient) -> None:
    ts, _ = slack.writes(slack.world.user(), "question", channel=slack.world.channel())
    assert await refused(client.chat_startStream(channel="C1", thread_ts=ts)) == "missing_recipient_user_id"


async def test_trouble_and_limits_come_when_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    channel = slack.world.channel("C1")
    slack.troubles["chat.postMessage"] = [Trouble(429, retry_after=7), Trouble(500, done=True)]
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel=channel, text="hello")
    assert len(slack.world.messages[channel]) == 1
    slack.per_minute["conversations.replies"] = 1
    ts = slack.world.messages[channel][0]["ts"]
    await client.conversations_replies(channel=channel, ts=ts)
    assert await refused(client.conversations_replies(channel=channel, ts=ts)) == "ratelimited"
    slack.world.now += 61
    await client.conversations_replies(channel=channel, ts=ts)


async def test_codes_and_refresh_tokens_are_exchanged_once(slack: FakeSlack) -> None:
    slack.world.codes["code-1"] = "T2"
    client = AsyncWebClient(base_url=slack.url)
    secret = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    first = await client.oauth_v2_access(**secret, code="code-1")
    assert slack.world.team_of(first["access_token"]) is slack.world.teams["T2"]
    assert await refused(client.oauth_v2_access(**secret, code="code-1")) == "invalid_code"
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    await client.oauth_v2_access(**secret, **again)
    assert await refused(client.oauth_v2_access(**secret, **again)) == "invalid_refresh_token"
    assert await refused(client.oauth_v2_access(client_id="x", client_secret="y", code="c")) == "bad_client_secret"
    assert await refused(client.apps_connections_open(app_token="xapp-wrong")) == "invalid_auth"
    assert (await client.apps_connections_open(app_token=APP_TOKEN))["url"].startswith("ws://127.0.0.1")
