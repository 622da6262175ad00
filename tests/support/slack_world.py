"""What Slack holds, for the fake: workspaces with their people, channels and messages, by a clock that tests move."""

import itertools
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

STREAM_S = 300.0
"""How long a stream lives without a word."""
RESPONSE_URL_USES = 5


@dataclass
class User:
    id: str
    team: str
    name: str = "Ada"
    locale: str = "en-US"
    is_admin: bool = False
    is_bot: bool = False

    @property
    def dm(self) -> str:
        """The channel in which this person talks with the app alone."""
        return f"D{self.id}"


@dataclass
class Team:
    """A workspace that has installed the app. tokens: those that open it; the last one is the newest."""

    id: str
    enterprise: str | None = None
    tokens: list[str] = field(default_factory=list)
    refresh: str = ""
    bot_user: str = ""
    bot_id: str = ""

    @property
    def token(self) -> str:
        return self.tokens[-1]


@dataclass
class Channel:
    id: str
    team: str
    kind: str = "channel"
    app_is_member: bool = True


@dataclass
class Stream:
    """A message that is being streamed. until: when it ends by itself; tasks: cards by id."""

    until: float
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    open: bool = True


@dataclass
class World:
    """Everything there is. messages: by channel, oldest first; a message is as Slack shows it.

    codes: of workspaces that install the app; grants: of people who let it read as them; readers: by their tokens, and by
    those that renew these.
    """

    now: float = field(default_factory=time.time)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    sessions: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    prompts: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    modals: list[dict[str, Any]] = field(default_factory=list)
    unfurls: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    responses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    triggers: dict[str, float] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    grants: dict[str, User] = field(default_factory=dict)
    readers: dict[str, User] = field(default_factory=dict)
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def team(self, id: str = "T1", enterprise: str | None = None) -> Team:
        """The workspace, made where it is not there yet."""
        if id not in self.teams:
            team = Team(id, enterprise, [f"xoxb-{id}-{secrets.token_hex(4)}"], bot_user=f"UBOT{id}", bot_id=f"BBOT{id}")
            self.teams[id] = team
        return self.teams[id]

    def user(self, id: str = "U1", team: str = "T1", **about: Any) -> User:
        """A person of a workspace, with a channel to talk with the app alone."""
        self.team(team)
        if id not in self.users:
            self.users[id] = User(id, team, **about)
            self.channels[f"D{id}"] = Channel(f"D{id}", team, "im")
        return self.users[id]

    def channel(self, id: str = "C1", team: str = "T1", *, app_is_member: bool = True) -> str:
        """A public channel."""
        self.channels.setdefault(id, Channel(id, self.team(team).id, app_is_member=app_is_member))
        return id

    def ts(self) -> str:
        """A time stamp that no other message has; later ones are greater."""
        return f"{int(self.now)}.{next(self._count):06d}"

    def number(self) -> int:
        return next(self._count)

    def add(self, channel: str, message: dict[str, Any]) -> dict[str, Any]:
        """Puts a message into a channel, under a time stamp of its own unless it has one."""
        whole = {"type": "message", "ts": self.ts(), **message}
        self.messages[channel].append(whole)
        if whole.get("bot_id") and whole.get("thread_ts"):
            self.statuses.pop((channel, whole["thread_ts"]), None)
        return whole

    def find(self, channel: str, ts: str) -> dict[str, Any] | None:
        return next((message for message in self.messages[channel] if message["ts"] == ts), None)

    def thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """A message and the answers in its thread, oldest first."""
        return [one for one in self.messages[channel] if ts in {one["ts"], one.get("thread_ts")}]

    def answers(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """What the app said in a thread, oldest first."""
        return [message for message in self.thread(channel, ts) if message.get("bot_id")]

    def stream(self, channel: str, ts: str) -> Stream | None:
        """The stream of a message while it lives."""
        stream = self.streams.get((channel, ts))
        if stream and stream.open and stream.until <= self.now:
            stream.open = False
        return stream if stream and stream.open else None

    def reader(self, user: User) -> str:
        """A new token that reads as somebody."""
        token = f"xoxp-{user.id}-{secrets.token_hex(4)}"
        self.readers = {one: whose for one, whose in self.readers.items() if whose.id != user.id}
        self.readers |= {token: user, f"xoxe-1-{user.id}": user}
        return token

    def team_of(self, token: str) -> Team | None:
        return next((team for team in self.teams.values() if token in team.tokens), None)

    def response_url(self, base: str) -> str:
        """An address that takes five answers to an interaction."""
        name = f"r{self.number()}"
        self.responses[name] = []
        return f"{base}/response/{name}"

    def trigger(self) -> str:
        """Opens one modal, within three seconds."""
        name = f"trigger.{self.number()}"
        self.triggers[name] = self.now + 3.0
        return name
