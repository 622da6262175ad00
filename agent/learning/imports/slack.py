"""A Slack export: folders of channels with a file a day, and the list of users.

A thread is a conversation. What stands in a channel outside threads is one conversation as long as no pause in it is
longer than half an hour. Who begins is the customer, unless the workspace has guests (or people of other workspaces):
then those are the customers and its members are the company's people. Bots are the assistant.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from agent.errors import CallerError
from agent.learning.imports.fields import time_of
from agent.learning.imports.shapes import Broken, Imported, Reading, Spoken
from agent.learning.imports.slack_text import plain_slack, text_of_blocks
from agent.learning.imports.sources import Source
from agent.types import Role

_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
_SPOKEN = {None, "", "bot_message", "thread_broadcast", "me_message", "file_share", "file_comment"}
_PAUSE_S = 1800.0


@dataclass(frozen=True, slots=True)
class _Message:
    at: float
    thread: str
    speaker: str
    is_bot: bool
    text: str
    feedback: int


@dataclass(frozen=True, slots=True)
class _People:
    bots: frozenset[str]
    guests: frozenset[str]


def is_slack(members: Sequence[Source]) -> bool:
    """Whether the files are those of a Slack export."""
    names = [PurePosixPath(one.name) for one in members]
    days = any(_DAY.fullmatch(name.name) and len(name.parts) > 1 for name in names)
    return days and any(name.name in {"users.json", "channels.json", "dms.json", "groups.json"} for name in names)


def read_slack(members: Sequence[Source]) -> Reading:
    """All conversations, a channel after the other."""
    people = _people(members)
    channels: dict[str, list[Source]] = defaultdict(list)
    for member in members:
        path = PurePosixPath(member.name)
        if _DAY.fullmatch(path.name) and len(path.parts) > 1:
            channels[path.parts[-2]].append(member)
    for channel, days in sorted(channels.items()):
        messages: list[_Message] = []
        for day in sorted(days, key=lambda one: one.name):
            for found in _messages(day, people):
                if isinstance(found, Broken):
                    yield found
                else:
                    messages.append(found)
        yield from _conversations(channel, messages, people)


def _people(members: Sequence[Source]) -> _People:
    users = next((one for one in members if PurePosixPath(one.name).name == "users.json"), None)
    try:
        listed = users.document() if users else []
    except CallerError:
        listed = []
    known = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    outside = ("is_restricted", "is_ultra_restricted", "is_stranger")
    return _People(
        bots=frozenset(str(one.get("id")) for one in known if one.get("is_bot") or one.get("id") == "USLACKBOT"),
        guests=frozenset(str(one.get("id")) for one in known if any(one.get(name) for name in outside)),
    )


def _messages(day: Source, people: _People) -> Iterator[_Message | Broken]:
    try:
        listed = day.document()
    except CallerError as error:
        yield Broken(day.name, str(error))
        return
    if not isinstance(listed, list):
        yield Broken(day.name, "no list of messages")
        return
    for number, one in enumerate(listed, 1):
        if not isinstance(one, Mapping):
            yield Broken(f"{day.name}, message {number}", "no object")
        elif one.get("type", "message") == "message" and one.get("subtype") in _SPOKEN and not one.get("hidden"):
            try:
                message = _message(one, people)
            except ValueError:
                yield Broken(f"{day.name}, message {number}", "no time (ts)")
                continue
            if message.text.strip():
                yield message


def _message(one: Mapping[str, object], people: _People) -> _Message:
    speaker = str(one.get("user") or one.get("bot_id") or one.get("username") or "")
    text = one.get("text")
    shown = plain_slack(text) if isinstance(text, str) and text.strip() else text_of_blocks(one.get("blocks"))
    if not shown:
        attached = one.get("attachments")
        texts = [part.get("text") or part.get("fallback") for part in attached] if isinstance(attached, list) else []
        shown = "\n".join(plain_slack(part) for part in texts if isinstance(part, str))
    ts = str(one.get("ts") or "")
    return _Message(
        at=float(ts),
        thread=str(one.get("thread_ts") or ""),
        speaker=speaker,
        is_bot=bool(one.get("bot_id")) or one.get("subtype") == "bot_message" or speaker in people.bots,
        text=shown,
        feedback=_reactions(one.get("reactions")),
    )


def _reactions(listed: object) -> int:
    names = (
        {str(one.get("name", "")).split("::")[0] for one in listed if isinstance(one, Mapping)}
        if isinstance(listed, list)
        else set()
    )
    return int(bool(names & {"+1", "thumbsup"})) - int(bool(names & {"-1", "thumbsdown"}))


def _conversations(channel: str, messages: list[_Message], people: _People) -> Iterator[Imported]:
    threads: dict[str, list[_Message]] = {}
    run, last = "", float("-inf")
    for message in sorted(messages, key=lambda one: one.at):
        if message.thread:
            key = message.thread
        else:
            run = run if message.at - last <= _PAUSE_S else f"{message.at:.6f}"
            key, last = run, message.at
        threads.setdefault(key, []).append(message)
    for key, said in sorted(threads.items(), key=lambda pair: pair[1][0].at):
        yield _conversation(f"{channel}/{key}", channel, said, people)


def _conversation(id: str, channel: str, said: list[_Message], people: _People) -> Imported:
    persons = [one.speaker for one in said if not one.is_bot]
    guests = [speaker for speaker in persons if speaker in people.guests]
    customers = set(guests) if people.guests else set(persons[:1])
    turns = [
        Spoken(
            role=_role(one, customers),
            text=one.text,
            at=time_of(one.at),
            feedback=1 if one.feedback > 0 else -1 if one.feedback < 0 else None,
        )
        for one in said
    ]
    customer = (guests or persons or [""])[0]
    return Imported(id=id, turns=tuple(turns), customer=customer or None, channel=f"slack:{channel}")


def _role(one: _Message, customers: set[str]) -> Role:
    if one.is_bot:
        return "assistant"
    return "user" if one.speaker in customers else "agent"
