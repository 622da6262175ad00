"""A small Slack export as Slack writes it: a support channel with threads, a bot, joins, blocks and markup."""

import json
import zipfile
from pathlib import Path

USERS = [
    {"id": "U1", "name": "mei", "profile": {"real_name": "Mei"}, "is_bot": False},
    {"id": "U2", "name": "staff", "is_bot": False},
    {"id": "B9U", "name": "parley", "is_bot": True},
]
DAYS = {
    "support/2026-01-05.json": [
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "<@U1> has joined", "ts": "1767600000.000100"},
        {"type": "message", "user": "U1", "text": "Hi <@U2>, see <https://shop.example.com/a|my cart> &amp; help", "ts": "1767600001.000100", "thread_ts": "1767600001.000100"},
        {"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": "Which item?", "ts": "1767600002.000100", "thread_ts": "1767600001.000100", "reactions": [{"name": "-1", "users": ["U1"], "count": 1}]},
        {"type": "message", "user": "U2", "ts": "1767600003.000100", "thread_ts": "1767600001.000100", "text": "",
         "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "I will look, "}, {"type": "user", "user_id": "U1"}]}]}]},
        {"type": "message", "user": "U1", "text": "订单什么时候到？", "ts": "1767610000.000100"},
        {"type": "message", "user": "U2", "text": "明天", "ts": "1767610060.000100"},
        {"type": "message", "user": "U2", "text": "Does anybody know the stock?", "ts": "1767690000.000100"},
        {"type": "message", "user": "U2", "text": "no time"},
    ],
    "support/2026-01-06.json": [
        {"type": "message", "user": "U1", "text": "Thanks, it works now", "ts": "1767700000.000100", "thread_ts": "1767600001.000100"},
        "not a message",
    ],
}  # fmt: skip


def slack_folder(root: Path) -> Path:
    """The export, unpacked."""
    files: dict[str, object] = {"users.json": USERS, "channels.json": [{"id": "C1", "name": "support"}], **DAYS}
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return root


def slack_zip(file: Path) -> Path:
    """The export as one archive."""
    folder = slack_folder(file.parent / "export")
    with zipfile.ZipFile(file, "w") as archive:
        for one in sorted(folder.rglob("*.json")):
            archive.write(one, str(one.relative_to(folder)))
    return file
