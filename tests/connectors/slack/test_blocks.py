"""Every block and view, in both languages, held to the SDK's own validators and to Slack's limits."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.messages.chunk import Chunk
from slack_sdk.models.views import View

from agent.types import Citation, Event, EventType, Language
from connectors.slack.blocks.confirming import answer_of, confirmation_blocks
from connectors.slack.blocks.home import AtHome, Recent, home_view
from connectors.slack.blocks.prompts import Role, prompts_for, role_of
from connectors.slack.blocks.sealing import ForeignPress, Press, Seal
from connectors.slack.blocks.slots import Slot, open_block, slot_modal, slots_of
from connectors.slack.blocks.sources import source_blocks
from connectors.slack.blocks.tasks import task_block, task_chunk, task_of
from connectors.slack.choices import choices_block
from connectors.slack.phrases import language_of, say

PACKAGE = Path(__file__).parents[3] / "connectors" / "slack"
SEAL = Seal("k" * 40)
NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
LIMITS = {"plain_text": 3000, "mrkdwn": 3000}
LONG = {"en": "A very long text indeed. " * 200, "zh": "很长很长的一段文字，" * 400}


def checked(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """As sent: valid by the SDK, which reads it back to the same, and within what Slack takes."""
    sent = [json.loads(json.dumps(block.to_dict())) for block in blocks]
    assert 0 < len(sent) <= 50
    for block in sent:
        again = Block.parse(block)
        assert again is not None
        assert again.to_dict() == block
        _check(block)
    return sent


def _check(node: Any) -> None:
    for inner in _nodes(node):
        kind = inner.get("type")
        if kind in LIMITS:
            assert 1 <= len(inner["text"]) <= LIMITS[kind]
        if kind == "button":
            assert 1 <= len(inner["text"]["text"]) <= 75
            assert len(inner.get("value", "")) <= 2000
        if kind == "mrkdwn":
            assert "<!channel" not in inner["text"]
            assert "<@" not in inner["text"]


def _nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)


def checked_view(view: View) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(json.dumps(view.to_dict()))
    assert 0 < len(sent["blocks"]) <= 100
    _check(sent)
    return sent


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("final", [True, False])
def test_only_the_asker_confirms(language: Language, final: bool) -> None:
    blocks = confirmation_blocks(
        f"**Cancel** order 7 <!channel> {LONG[language]}", SEAL,
        team="T1", conversation="c1", user="U1", step="cancel:3", language=language, final=final,
    )  # fmt: skip
    sent = checked(blocks)
    yes, no = sent[1]["elements"]
    assert ("confirm" in yes) is final
    assert answer_of(SEAL.open(yes["value"], team="T1", user="U1")) == ("cancel:3", True)
    assert answer_of(SEAL.open(no["value"], team="T1", user="U1")) == ("cancel:3", False)
    with pytest.raises(ForeignPress) as refused:
        SEAL.open(yes["value"], team="T1", user="U2")
    assert refused.value.mine
    for value, team in ((yes["value"], "T2"), ("forged", "T1"), (Seal("x" * 40).close(_press()), "T1")):
        with pytest.raises(ForeignPress) as refused:
            SEAL.open(value, team=team, user="U1")
        assert not refused.value.mine


def _press() -> Press:
    return Press(team="T1", conversation="c1", what="cancel:yes", user="U1")


@given(st.lists(st.text(min_size=1, max_size=300), max_size=30))
def test_choices_are_buttons_that_name_the_reply_and_their_place(choices: list[str]) -> None:
    blocks = choices_block({"choices": choices}, "c1 12")
    buttons = [button for block in blocks for button in block["elements"]]
    assert [button["value"] for button in buttons] == [f"c1 12 {n}" for n in range(min(25, len(choices)))]
    assert all(1 <= len(button["text"]["text"]) <= 75 for button in buttons)
    assert len({button["action_id"] for button in buttons}) == len(buttons)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sources_are_links_where_they_lead_somewhere(language: Language) -> None:
    citations = [
        Citation(n=1, source_id="a", title="Returns <!channel>", url="https://x.example/a|b", quote="q", page=3),
        Citation(n=2, source_id="b", title=LONG[language], url=None, quote="q"),
        *(Citation(n=n, source_id=str(n), title="退货", url="javascript:x", quote="q") for n in range(3, 15)),
    ]
    (block,) = checked(source_blocks(citations, language))
    lines = block["elements"][0]["text"].splitlines()
    assert lines[1].startswith("[1] <https://x.example/a%7Cb|Returns &lt;!channel&gt;>")
    assert lines[1].endswith(f"({say('source_page', language, page=3)})")
    assert lines[-1] == say("more_sources", language, count=4)
    assert "javascript" not in block["elements"][0]["text"]
    assert source_blocks([], language) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_slots_are_asked_in_a_modal_and_read_back(language: Language) -> None:
    checked([open_block("sealed", language)])
    slots = [
        Slot(name="order", label="订单号", hint="on the receipt"),
        Slot(name="why", label=LONG[language], kind="long", required=False),
        Slot(name="amount", label="Amount", kind="number", given="4.5"),
        Slot(name="day", label="Day", kind="date", given="2026-03-01"),
        Slot(name="mail", label="Mail", kind="email"),
        Slot(name="size", label="Size", kind="choice", options=("S", LONG[language]), given="S"),
    ]
    view = checked_view(slot_modal(slots, "sealed", language, title=LONG[language]))
    assert view["private_metadata"] == "sealed"
    assert [block["optional"] for block in view["blocks"]] == [False, True, False, False, False, False]
    assert view["blocks"][5]["element"]["initial_option"]["value"] == "S"
    state = {
        "values": {
            "order": {"value": {"type": "plain_text_input", "value": " A1 "}},
            "why": {"value": {"type": "plain_text_input", "value": None}},
            "day": {"value": {"type": "datepicker", "selected_date": "2026-03-02"}},
            "size": {"value": {"type": "static_select", "selected_option": {"value": "S"}}},
        }
    }
    assert slots_of(state) == {"order": "A1", "day": "2026-03-02", "size": "S"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_home_shows_what_is_known_and_what_was_asked(language: Language) -> None:
    shown = AtHome(
        articles=1234,
        topics=["Returns", "保修 <@U1>", *[LONG[language]] * 30],
        recent=[Recent(title="<!channel> 退货", at=NOW, url="https://a.slack.com/archives/C1/p1")] * 20,
        questions=[LONG[language], "How?"] * 4,
        settings=[("Support", "#help")],
    )
    view = checked_view(home_view(shown, language))
    text = json.dumps(view, ensure_ascii=False)
    assert "1,234" in text
    assert "https://a.slack.com/archives/C1/p1" in text
    empty = json.dumps(checked_view(home_view(AtHome(articles=0), language)), ensure_ascii=False)
    assert say("home_no_recent", language)[:10] in empty


@dataclass(frozen=True, kw_only=True)
class Rule:
    channels: Sequence[str] = ()
    roles: Sequence[Role] = ()
    questions: Sequence[str] = ()
    questions_zh: Sequence[str] = ()


def test_prompts_follow_channel_role_and_language() -> None:
    rules = [
        Rule(channels=["#returns"], roles=["guest"], questions=["guest?"], questions_zh=["访客？"]),
        Rule(channels=["C9"], questions=["here?"]),
        Rule(roles=["admin"], questions=["a" * 100] * 9),
    ]
    usual = ["usual?"]
    assert _first(prompts_for(rules, usual, channel=["C1", "returns"], role="guest", language="zh")) == "访客？"
    assert _first(prompts_for(rules, usual, channel=["C9"], role="member", language="en")) == "here?"
    assert _first(prompts_for(rules, usual, channel=["C9"], role="member", language="zh")) == "usual?"
    many = prompts_for(rules, usual, channel=[], role="admin", language="en")
    assert len(many) == 4
    assert len(many[0]["title"]) == 75
    assert many[0]["message"] == "a" * 100


def _first(prompts: Sequence[Mapping[str, str]]) -> str:
    return prompts[0]["message"]


@pytest.mark.parametrize(
    ("user", "role"),
    [
        ({"team_id": "T1", "is_admin": True}, "admin"),
        ({"team_id": "T1"}, "member"),
        ({"team_id": "T1", "is_restricted": True}, "guest"),
        ({"team_id": "T2"}, "external"),
        ({"team_id": "T2", "enterprise_user": {"id": "W1"}}, "member"),
        ({"team_id": "T1", "is_stranger": True}, "external"),
    ],
)
def test_roles_are_told_by_slack(user: Mapping[str, Any], role: Role) -> None:
    assert role_of(user, "T1") == role


@pytest.mark.parametrize("language", ["en", "zh"])
def test_cards_tell_what_a_turn_does(language: Language) -> None:
    decided = _event(EventType.TURN_DECIDED, {"decision": "answer", "message": 3})
    evidence = [{"source_id": "a", "title": LONG[language]}, {"source_id": "b", "title": "退货"}]
    found = _event(EventType.TURN_RETRIEVED, {"evidence": evidence, "failed_arms": {}, "message": 3})
    failed = _event(EventType.TURN_RETRIEVED, {"evidence": [], "failed_arms": {"graph": "x"}, "message": 3})
    tasks = [task_of(event, language) for event in (decided, found, failed)]
    assert [task and task.status for task in tasks] == ["in_progress", "complete", "error"]
    assert len({task.id for task in tasks if task}) == 1
    tool = task_of(_event(EventType.TURN_DECIDED, {"decision": "act", "rule": "order", "message": 4}), language)
    for task in (*tasks, tool):
        assert task
        checked([task_block(task)])
        assert Chunk.parse(task_chunk(task).to_dict())
    assert task_of(_event(EventType.REPLY_DELTA, {"text": "x"}), language) is None


def _event(type: EventType, data: Mapping[str, Any]) -> Event:
    return Event(conversation_id="c1", n=1, type=type, at=NOW, data=data)


def test_every_text_is_in_both_languages_with_the_same_places() -> None:
    for name, texts in yaml.safe_load((PACKAGE / "phrases.yaml").read_text("utf-8")).items():
        assert set(texts) == {"en", "zh"}, name
        assert _places(texts["en"]) == _places(texts["zh"]), name


def test_every_text_is_said_somewhere() -> None:
    code = "".join(file.read_text("utf-8") for file in (PACKAGE).rglob("*.py"))
    for name in yaml.safe_load((PACKAGE / "phrases.yaml").read_text("utf-8")):
        assert f'"{name}"' in code or f"'{name}'" in code or name.startswith("people_mood_"), name


def _places(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def test_the_language_is_that_of_the_message_before_that_of_the_person() -> None:
    assert language_of("退货 please", "en-US") == "zh"
    assert language_of("refund", "zh-CN") == "en"
    assert language_of("👍", "zh-CN") == "zh"
    assert language_of("123") == "en"
