"""Articles in Slack: their links are previewed, and editors add new ones from messages; over a real home."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.build import open_conversations
from agent.homes import new_home, open_documents
from agent.settings import load_settings
from connectors.slack.app import ADD_ARTICLE
from connectors.slack.phrases import say
from tests.support.slack_delivery import SIGNING_SECRET
from tests.support.slack_home import open_home
from tests.support.slack_server import FakeSlack

SETTINGS = '[knowledge]\nembedder = "corpus"\n[guard]\nwrong_answer_cost = 0.1\n[slack]\neditors = ["UED"]\n'
KETTLES = (
    "---\nurl: https://shop.example/kettles\n---\n# Kettle <warranty>\n\nThe Zephyr kettle is covered for 7 years.\n"
)
SECRETS = "---\nurl: https://shop.example/prices\naudience: internal\n---\n# Purchase prices\n\nA kettle costs us 9 dollars.\n"
LAMPS = "The Nova lamp needs a bulb of nine watts. 诺瓦台灯需要九瓦的灯泡。"


@pytest.fixture
async def shop(slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """A home behind the fake, as `parley serve` or `parley slack` opens it."""
    root = tmp_path / "home"
    home = new_home(root)
    home.settings_file.write_text(SETTINGS, "utf-8")
    for name, value in (
        ("BOT_TOKEN", slack.world.team("T1").token),
        ("SIGNING_SECRET", SIGNING_SECRET),
        ("API_URL", slack.url),
    ):
        monkeypatch.setenv(f"PARLEY_SLACK__{name}", value)
    settings = load_settings(root)
    for name, text in (("kettles", KETTLES), ("prices", SECRETS)):
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    with open_documents(home, settings) as library:
        library.ingest([tmp_path / "kettles.md", tmp_path / "prices.md"])
    async with open_conversations(settings) as conversations, open_home(slack, conversations, settings):
        yield root
        conversations.events.end()


async def test_links_of_articles_are_previewed_and_editors_add_to_the_knowledge(
    slack: FakeSlack, shop: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bo, mei = slack.world.user("U1", name="Bo"), slack.world.user("UED", name="Mei", locale="zh-CN")
    channel = slack.world.channel("C1")

    # Bo writes the addresses of articles: that of the public one is previewed, with its title and first words.
    links = ["https://shop.example/kettles/#top", "https://shop.example/prices", "https://shop.example/none"]
    event = {"type": "link_shared", "channel": channel, "user": bo.id, "message_ts": "1.1", "event_ts": "1.2"}
    await slack.happens({**event, "unfurl_id": "", "links": [{"domain": "shop.example", "url": one} for one in links]})
    await slack.until(lambda: slack.world.unfurls)
    (unfurled,) = slack.world.unfurls
    assert (unfurled["channel"], unfurled["ts"]) == (channel, "1.1")
    (block,) = unfurled["unfurls"].pop(links[0])["blocks"]
    assert block["text"]["text"] == "*Kettle &lt;warranty&gt;*\nThe Zephyr kettle is covered for 7 years."
    assert not unfurled["unfurls"]

    # He is no editor: he reads why, and a form that he makes up is refused.
    ts = await slack.says(bo, LAMPS, channel=channel)
    await slack.uses_shortcut(bo, ADD_ARTICLE, channel, ts)
    await slack.until(lambda: slack.world.modals)
    assert say("not_editor", "en") in str(slack.world.modals.pop())
    await slack.uses_shortcut(mei, ADD_ARTICLE, channel, ts)
    await slack.until(lambda: slack.world.modals)
    form = slack.world.modals.pop()
    assert form["title"]["text"] == "添加到知识库"
    assert _initial(form, "text") == LAMPS
    await slack.submits(bo, form, {"title": "Mine", "text": "Lamps are free."})
    await slack.until(lambda: "may not add to the knowledge" in caplog.text)
    assert not (shop / "articles").exists()

    # Mei is one: what she sends is an article, once, and Bo is answered from it.
    await slack.submits(mei, {**form, "id": "V1"}, {"title": "Nova: lamp --- bulbs", "text": LAMPS})
    await slack.until(lambda: say("added", "zh") in str(slack.world.messages[mei.dm]))
    await slack.submits(mei, {**form, "id": "V1"}, {"title": "Nova: lamp --- bulbs", "text": LAMPS})
    await slack.submits(mei, {**form, "id": "V2"}, {"title": "Empty", "text": " "})
    await slack.until(lambda: "没有加入知识库：Empty" in str(slack.world.messages[mei.dm]))
    assert str(slack.world.messages[mei.dm]).count(say("added", "zh")) == 1
    assert [one.read_text("utf-8").count(LAMPS) for one in (shop / "articles").glob("*.md")] == [1]
    asked = await slack.says(bo, "Which bulb does the Nova lamp need?")
    await slack.until(lambda: "Nova: lamp --- bulbs" in str(slack.world.answers(bo.dm, asked)))  # its source
    assert "nine watts" in str(slack.world.answers(bo.dm, asked))
    assert not slack.refused


def _initial(form: dict[str, Any], block: str) -> str:
    return str(next(one for one in form["blocks"] if one["block_id"] == block)["element"]["initial_value"])
