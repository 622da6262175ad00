"""Asking in Slack, in both modes: where Parley answers, and where it is silent."""

from typing import Any

from connectors.slack.threads import Thread, Threads
from tests.support.scripted_runner import ScriptedRunner
from tests.support.slack_connector import Running, connected
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


async def test_a_direct_message_is_answered_in_a_stream_in_its_thread(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user("U1", locale="en-US")
    runner = ScriptedRunner()
    async with connected(slack, store, runner=runner):
        ts = await slack.says(ada, "slow:0.4 hello")
        (answer,) = await answered(slack, ada.dm, ts)
        assert answer["text"].startswith("You said: slow:0.4 hello. Word 0") and answer["text"].endswith("middle.")
        assert slack.called("chat.startStream") and slack.called("chat.appendStream")
        assert not slack.called("chat.postMessage") and not slack.called("chat.update")
        assert slack.world.sessions[(ada.dm, ts)] == {"title": "slow:0.4 hello", "status": "active"}
        loading = slack.called("assistant.threads.setStatus")[0]
        assert (loading["status"], len(loading["loading_messages"])) == ("is thinking…", 2)
        assert slack.refused == []
        again = await slack.says(ada, "and more", thread=ts)
        assert texts(await answered(slack, ada.dm, ts, 2))[1] == "You said: and more"
        assert again != ts
        # What was said before is known from our own log: Slack lets an app read a thread about once a minute.
        assert [one.role for one in runner.histories[-1]] == ["user", "assistant"]
        assert not {one.method for one in slack.calls} & {"conversations.replies", "conversations.history"}


async def test_a_mention_is_answered_in_its_thread_and_the_thread_is_listened_to(slack: FakeSlack, store: str) -> None:
    ada, ben = slack.world.user("U1"), slack.world.user("U2", name="Ben")
    channel = slack.world.channel("C1")
    async with connected(slack, store) as running:
        await slack.says(ada, "good morning, everyone", channel=channel)
        ts = await slack.says(ada, f"{slack.mention()} slow:0.3 where is my order &amp; bill?", channel=channel)
        (answer,) = await answered(slack, channel, ts)
        assert answer["text"].startswith("You said: slow:0.3 where is my order &amp; bill?.")
        assert slack.called("chat.update") and not slack.called("chat.startStream")
        await slack.until(lambda: slack.world.sessions[(channel, ts)]["status"] == "active")
        await slack.says(ben, "and mine?", channel=channel, thread=ts)
        assert texts(await answered(slack, channel, ts, 2))[1] == "You said: and mine?"
        await slack.says(ben, "<@U1> did you see that?", channel=channel, thread=ts)
        other = await slack.says(ben, "not for the app", channel=channel)
        await slack.says(ada, "nor this", channel=channel, thread=other)
        await slack.says(ada, f"{slack.mention()} once more", channel=channel, thread=ts)
        await answered(slack, channel, ts, 3)
        assert texts(slack.world.answers(channel, ts))[2] == "You said: once more"
        assert len([one for one in slack.world.messages[channel] if one.get("bot_id")]) == 3
        turns = await running.conversations.events.read((await conversation(running, channel, ts)).conversation_id)
        customers = [event.data["text"] for event in turns if event.type == "message.received"]
        assert len(customers) == 3
    assert slack.refused == []


async def test_the_apps_name_alone_is_answered_with_how_to_ask(slack: FakeSlack, store: str) -> None:
    wei = slack.world.user("U3", locale="zh-CN")
    channel = slack.world.channel("C1")
    async with connected(slack, store):
        ts = await slack.says(wei, slack.mention(), channel=channel)
        await slack.until(lambda: slack.world.answers(channel, ts))
    assert "写下您的问题" in slack.world.answers(channel, ts)[0]["text"]


async def test_a_chinese_question_is_answered_with_chinese_words_round_it(slack: FakeSlack, store: str) -> None:
    wei = slack.world.user("U3", locale="zh-CN", name="王伟")
    async with connected(slack, store):
        ts = await slack.says(wei, "笔记本电脑可以退货吗？")
        (answer,) = await answered(slack, wei.dm, ts)
    assert "笔记本电脑可以退货吗？" in answer["text"]
    assert slack.called("assistant.threads.setStatus")[0]["status"] == "正在思考…"


async def test_bots_and_slacks_own_messages_are_not_answered(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user()
    channel = slack.world.channel("C1")
    bot = {"bot_id": "B9", "user": "U9", "app_id": "A9"}
    async with connected(slack, store):
        root = await slack.says(ada, f"{slack.mention()} hello", channel=channel)
        await answered(slack, channel, root)
        own = slack.world.answers(channel, root)[0]
        for said in (
            {**bot, "text": slack.mention()},
            {"subtype": "bot_message", "bot_id": "B9", "text": "loop", "thread_ts": root},
            {"subtype": "channel_join", "user": "U1", "text": "joined", "thread_ts": root},
            {**own, "thread_ts": root},
        ):
            event = {"type": "message", "ts": slack.world.ts(), "channel": channel, "channel_type": "channel", **said}
            assert (await slack.happens(event)).acknowledged
            assert (await slack.happens({**event, "type": "app_mention"})).acknowledged
        await slack.says(ada, "done", channel=channel, thread=root)
        await answered(slack, channel, root, 2)
    assert len(slack.world.answers(channel, root)) == 2


async def test_a_command_is_answered_to_the_asker_alone_who_may_share_it(slack: FakeSlack, store: str) -> None:
    ada, ben = slack.world.user("U1"), slack.world.user("U2")
    channel = slack.world.channel("C1", app_is_member=False)
    async with connected(slack, store):
        delivery, posts = await slack.commands(ada, "/parley", "what is <new>?", channel)
        assert "One moment" in str(delivery.answered)
        await slack.until(lambda: posts)
        assert posts[0]["response_type"] == "ephemeral" and posts[0]["text"].startswith(
            "You said: what is &lt;new&gt;?."
        )
        share = next(one for block in posts[0]["blocks"] if block["type"] == "actions" for one in block["elements"])
        refused = await slack.presses(ben, channel, {}, {"action_id": share["action_id"], "value": share["value"]})
        await slack.until(lambda: slack.responses(refused))
        assert slack.responses(refused)[0]["text"].startswith("Only the person")
        pressed = await slack.presses(ada, channel, {}, {"action_id": share["action_id"], "value": share["value"]})
        await slack.until(lambda: len(slack.responses(pressed)) == 2)
        shown, gone = slack.responses(pressed)
        assert shown["response_type"] == "in_channel" and gone == {"delete_original": True}
        assert "<@U1> asked: what is &lt;new&gt;?" in shown["blocks"][0]["text"]["text"]
        usage, _ = await slack.commands(ada, "/parley", "", channel)
        assert "/parley your question" in str(usage.answered)
    assert slack.world.messages[channel] == []


async def test_answer_this_answers_in_the_thread_of_the_message(slack: FakeSlack, store: str) -> None:
    ada, ben = slack.world.user("U1"), slack.world.user("U2")
    inside, outside = slack.world.channel("C1"), slack.world.channel("C2", app_is_member=False)
    async with connected(slack, store):
        ts = await slack.says(ben, "does anyone know?", channel=inside)
        await slack.uses_shortcut(ada, "answer_this", inside, ts)
        assert texts(await answered(slack, inside, ts)) == ["You said: does anyone know?"]
        for text, told in (("and here?", "invite me"), ("这里呢？", "邀请我")):
            ts = await slack.says(ben, text, channel=outside)
            used = await slack.uses_shortcut(ada, "answer_this", outside, ts)
            await slack.until(lambda used=used: slack.responses(used))  # type: ignore[misc]
            assert told in slack.responses(used)[0]["text"]


async def test_a_verdict_reaches_the_event_log_from_its_own_channel_alone(slack: FakeSlack, store: str) -> None:
    ada = slack.world.user("U1")
    slack.world.channel("C1")
    async with connected(slack, store) as running:
        ts = await slack.says(ada, "hello")
        (answer,) = await answered(slack, ada.dm, ts)
        buttons = answer["blocks"][-1]["elements"][0]
        negative = {"action_id": buttons["action_id"], "value": buttons["negative_button"]["value"]}
        await slack.presses(ada, "C1", answer, negative)  # a button of another place
        pressed = await slack.presses(ada, ada.dm, answer, negative)
        await slack.until(lambda: slack.responses(pressed))
        assert "a person please" in slack.responses(pressed)[0]["text"]  # what she may do instead
        found = await conversation(running, ada.dm, ts)
        events = await running.conversations.events.read(found.conversation_id)
    verdicts = [event.data for event in events if event.type == "feedback.given"]
    assert [verdict["value"] for verdict in verdicts] == [-1]


async def conversation(running: Running, channel: str, ts: str) -> Thread:
    found = await Threads(running.conversations.engine).find("T1", channel, ts)
    assert found is not None
    return found
