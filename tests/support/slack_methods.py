"""The methods of Slack's Web API over the fake's world: arguments in, Slack's answer out."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.slack_world import STREAM_S, Stream, Team, User, World

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


class SlackError(Exception):
    """Becomes `{"ok": false, "error": …}`."""


class Methods:
    """One function a method. sockets: makes the address of a new WebSocket."""

    def __init__(self, world: World, sockets: Callable[[], str]) -> None:
        self._world = world
        self._sockets = sockets
        self._by_name: dict[str, Callable[[Team, Arguments], Answer]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.startStream": self._start_stream,
            "chat.appendStream": self._append_stream,
            "chat.stopStream": self._stop_stream,
            "chat.unfurl": self._unfurl,
            "assistant.threads.setStatus": self._set_status,
            "assistant.threads.setSuggestedPrompts": self._set_prompts,
            "agents.sessions.setStatus": self._set_session,
            "agents.sessions.rename": self._rename_session,
            "reactions.add": self._react,
            "reactions.remove": self._unreact,
            "views.open": self._open_view,
            "views.publish": self._publish_view,
            "users.info": self._user,
            "conversations.replies": self._replies,
            "conversations.history": self._history,
            "auth.revoke": self._revoke,
        }

    def answer(self, method: str, team: Team, arguments: Arguments) -> Answer:
        """What the method answers. Raises SlackError."""
        if method not in self._by_name:
            raise SlackError("unknown_method")
        return self._by_name[method](team, arguments)

    def open_connection(self) -> Answer:
        """`apps.connections.open`."""
        return {"url": self._sockets()}

    def exchange(self, arguments: Arguments) -> Answer:
        """`oauth.v2.access`: a code for a token, or a refresh token for the next pair."""
        if (user := self._world.grants.pop(str(arguments.get("code")), None)) is not None:
            return self._granted(user)
        if (user := self._world.readers.get(str(arguments.get("refresh_token")))) is not None:
            return {**self._granted(user)["authed_user"], "token_type": "user"}
        if arguments.get("grant_type") == "refresh_token":
            team = next((one for one in self._world.teams.values() if one.refresh == arguments["refresh_token"]), None)
            if team is None:
                raise SlackError("invalid_refresh_token")
        else:
            workspace = self._world.codes.pop(str(arguments.get("code")), None)
            if workspace is None:
                raise SlackError("invalid_code")
            team = self._world.team(workspace)
        number = self._world.number()
        team.tokens.append(f"xoxe.xoxb-{team.id}-{number}")
        team.refresh = f"xoxe-1-{team.id}-{number}"
        return {
            "access_token": team.token,
            "refresh_token": team.refresh,
            "expires_in": 43_200,
            "token_type": "bot",
            "scope": "chat:write",
            "bot_user_id": team.bot_user,
            "app_id": "A1",
            "team": {"id": team.id, "name": team.id},
            "enterprise": {"id": team.enterprise, "name": team.enterprise} if team.enterprise else None,
            "is_enterprise_install": False,
            "authed_user": {"id": "UADMIN"},
        }

    def _granted(self, user: User) -> Answer:
        """Somebody's own token, without one of the bot's."""
        own = {"access_token": self._world.reader(user), "refresh_token": f"xoxe-1-{user.id}", "expires_in": 43_200}
        workspace = {"id": user.team, "name": user.team}
        return {
            "app_id": "A1",
            "authed_user": {"id": user.id, "scope": "search:read.public", "token_type": "user", **own},
            "team": workspace,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _auth_test(self, team: Team, _: Arguments) -> Answer:
        return {
            "url": "https://example.slack.com/",
            "team": team.id,
            "team_id": team.id,
            "enterprise_id": team.enterprise,
            "user": "parley",
            "user_id": team.bot_user,
            "bot_id": team.bot_id,
        }

    def _revoke(self, team: Team, _: Arguments) -> Answer:
        team.tokens.clear()
        return {"revoked": True}

    def _in(self, team: Team, channel: str, *, member: bool = True) -> str:
        if channel in self._world.users:  # Slack takes a person for the channel with them alone
            channel = self._world.users[channel].dm
        found = self._world.channels.get(channel)
        if found is None or found.team != team.id:
            raise SlackError("channel_not_found")
        if member and not found.app_is_member:
            raise SlackError("not_in_channel")
        return channel

    def _by_app(self, team: Team) -> dict[str, Any]:
        return {"user": team.bot_user, "bot_id": team.bot_id, "app_id": "A1", "team": team.id}

    def _post(self, team: Team, given: Arguments) -> Answer:
        channel = self._in(team, given["channel"])
        thread = given.get("thread_ts")
        if thread and self._world.find(channel, thread) is None:
            raise SlackError("thread_not_found")
        said = {name: given[name] for name in ("blocks", "metadata", "thread_ts", "username") if given.get(name)}
        text = given.get("markdown_text") or given.get("text") or ""
        message = self._world.add(channel, {**self._by_app(team), "text": text, **said})
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _post_ephemeral(self, team: Team, given: Arguments) -> Answer:
        self._in(team, given["channel"])
        self._world.ephemerals.append(dict(given))
        return {"message_ts": self._world.ts()}

    def _own(self, team: Team, given: Arguments, otherwise: str) -> dict[str, Any]:
        message = self._world.find(self._in(team, given["channel"], member=False), given["ts"])
        if message is None:
            raise SlackError("message_not_found")
        if message.get("bot_id") != team.bot_id:
            raise SlackError(otherwise)
        return message

    def _update(self, team: Team, given: Arguments) -> Answer:
        message = self._own(team, given, "cant_update_message")
        if self._world.stream(given["channel"], given["ts"]):
            raise SlackError("streaming_state_conflict")
        message["text"] = given.get("markdown_text") or given.get("text") or ""
        for name in ("blocks", "metadata"):
            if name in given:
                message[name] = given[name]
        if "blocks" not in given:
            message.pop("blocks", None)
        message["edited"] = {"user": team.bot_user, "ts": self._world.ts()}
        return {"channel": given["channel"], "ts": given["ts"], "text": message["text"], "message": message}

    def _delete(self, team: Team, given: Arguments) -> Answer:
        message = self._own(team, given, "cant_delete_message")
        self._world.messages[given["channel"]].remove(message)
        return {"channel": given["channel"], "ts": given["ts"]}

    def _start_stream(self, team: Team, given: Arguments) -> Answer:
        channel = self._in(team, given["channel"])
        if self._world.find(channel, given["thread_ts"]) is None:
            raise SlackError("thread_not_found")
        if self._world.channels[channel].kind != "im":
            for needed in ("recipient_user_id", "recipient_team_id"):
                if not given.get(needed):
                    raise SlackError(f"missing_{needed}")
        about = {"text": "", "thread_ts": given["thread_ts"], "streaming_state": "in_progress"}
        message = self._world.add(channel, {**self._by_app(team), **about})
        stream = self._world.streams[(channel, message["ts"])] = Stream(self._world.now + STREAM_S)
        self._write(message, stream, given)
        return {"channel": channel, "ts": message["ts"]}

    def _streaming(self, team: Team, given: Arguments) -> tuple[dict[str, Any], Stream]:
        message = self._own(team, given, "message_not_owned_by_app")
        stream = self._world.stream(given["channel"], given["ts"])
        if stream is None:
            message.pop("streaming_state", None)
            raise SlackError("message_not_in_streaming_state")
        return message, stream

    def _append_stream(self, team: Team, given: Arguments) -> Answer:
        message, stream = self._streaming(team, given)
        self._write(message, stream, given)
        stream.until = self._world.now + STREAM_S
        return {"channel": given["channel"], "ts": given["ts"]}

    def _stop_stream(self, team: Team, given: Arguments) -> Answer:
        message, stream = self._streaming(team, given)
        self._write(message, stream, given)
        stream.open = False
        message.pop("streaming_state")
        for name in ("blocks", "metadata"):
            if given.get(name):
                message[name] = given[name]
        session = self._world.sessions.get((given["channel"], message["thread_ts"]))
        if session:
            session["status"] = given.get("session_status") or "active"
        return {"channel": given["channel"], "ts": given["ts"], "message": message}

    def _write(self, message: dict[str, Any], stream: Stream, given: Arguments) -> None:
        message["text"] += given.get("markdown_text") or ""
        for chunk in given.get("chunks") or []:
            if chunk["type"] == "markdown_text":
                message["text"] += chunk["text"]
            elif chunk["type"] == "task_update":
                stream.tasks[chunk["id"]] = chunk
            elif chunk["type"] == "blocks":
                message.setdefault("blocks", []).extend(chunk["blocks"])

    def _unfurl(self, team: Team, given: Arguments) -> Answer:
        if not (given.get("unfurl_id") or (given.get("channel") and given.get("ts"))):
            raise SlackError("missing_channel")
        self._world.unfurls.append({"team": team.id, **given})
        return {}

    def _set_status(self, team: Team, given: Arguments) -> Answer:
        if len(given.get("loading_messages") or ()) > 10:
            raise SlackError("invalid_arguments")
        where = (self._in(team, given["channel_id"]), given["thread_ts"])
        self._world.statuses[where] = given["status"]
        if not given["status"]:
            del self._world.statuses[where]
        return {}

    def _set_prompts(self, team: Team, given: Arguments) -> Answer:
        if not 1 <= len(given["prompts"]) <= 4 or any(set(one) != {"title", "message"} for one in given["prompts"]):
            raise SlackError("invalid_arguments")
        self._world.prompts[self._in(team, given["channel_id"])] = given["prompts"]
        return {}

    def _set_session(self, team: Team, given: Arguments) -> Answer:
        if given["status"] not in {"active", "processing", "suspended", "closed"}:
            raise SlackError("invalid_status")
        where = (self._in(team, given["channel_id"]), given.get("thread_ts") or "")
        session = self._world.sessions.setdefault(where, {"title": given.get("title") or ""})
        if len(session["title"]) > 200:
            raise SlackError("invalid_arguments")
        session["status"] = given["status"]
        return dict(session)

    def _rename_session(self, team: Team, given: Arguments) -> Answer:
        session = self._world.sessions.get((self._in(team, given["channel_id"]), given.get("thread_ts") or ""))
        if session is None:
            raise SlackError("session_not_found")
        if not 1 <= len(given["title"]) <= 200:
            raise SlackError("invalid_arguments")
        session["title"] = given["title"]
        return dict(session)

    def _reactions(self, team: Team, given: Arguments) -> list[str]:
        """The app's own marks on a message."""
        message = self._world.find(self._in(team, given["channel"]), given["timestamp"])
        if message is None:
            raise SlackError("message_not_found")
        found: list[str] = message.setdefault("reactions", [])
        return found

    def _react(self, team: Team, given: Arguments) -> Answer:
        marks = self._reactions(team, given)
        if given["name"] in marks:
            raise SlackError("already_reacted")
        marks.append(given["name"])
        return {}

    def _unreact(self, team: Team, given: Arguments) -> Answer:
        marks = self._reactions(team, given)
        if given["name"] not in marks:
            raise SlackError("no_reaction")
        marks.remove(given["name"])
        return {}

    def _open_view(self, team: Team, given: Arguments) -> Answer:
        until = self._world.triggers.pop(str(given.get("trigger_id")), None)
        if until is None:
            raise SlackError("invalid_trigger_id")
        if until < self._world.now:
            raise SlackError("expired_trigger_id")
        view = {**given["view"], "id": f"V{self._world.number()}", "team_id": team.id, "hash": "1"}
        self._world.modals.append(view)
        return {"view": view}

    def _publish_view(self, team: Team, given: Arguments) -> Answer:
        user = self._world.users.get(given["user_id"])
        if user is None or user.team != team.id:
            raise SlackError("user_not_found")
        self._world.homes[user.id] = given["view"]
        return {"view": given["view"]}

    def _user(self, team: Team, given: Arguments) -> Answer:
        user = self._world.users.get(given["user"])
        if user is None or user.team != team.id:
            raise SlackError("user_not_found")
        about = {"id": user.id, "team_id": user.team, "name": user.name, "real_name": user.name, "locale": user.locale}
        return {"user": {**about, "is_admin": user.is_admin, "is_bot": user.is_bot, "profile": {"email": ""}}}

    def _replies(self, team: Team, given: Arguments) -> Answer:
        channel = self._in(team, given["channel"])
        found = self._world.thread(channel, given["ts"])
        if not found:
            raise SlackError("thread_not_found")
        with_metadata = str(given.get("include_all_metadata", "0")) in {"1", "true", "True"}
        shown = [{k: v for k, v in one.items() if with_metadata or k != "metadata"} for one in found]
        oldest = str(given.get("oldest") or "0")
        return {"messages": [one for one in shown if one["ts"] >= oldest], "has_more": False}

    def _history(self, team: Team, given: Arguments) -> Answer:
        messages = self._world.messages[self._in(team, given["channel"])]
        shown = [one for one in messages if one.get("thread_ts") in {None, one["ts"]}]
        return {"messages": shown[::-1][: int(given.get("limit") or 100)], "has_more": False}
