"""What a reply asks for as a form: who asked opens it, and what is filled in is taken as if they had written it."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from agent.conversations import Conversations
from agent.types import Event, JsonValue
from connectors.slack.blocks.slots import Slot, SlotKind, slot_modal
from connectors.slack.inbox import Item
from connectors.slack.phrases import language_of, say
from connectors.slack.questions import Questions
from connectors.slack.reading import team_of
from connectors.slack.replies import as_written, named_in, reply_at
from connectors.slack.surfaces import notice, open_form
from connectors.slack.threads import Thread, Threads
from connectors.slack.workspaces import Workspace

_LOG = logging.getLogger(__name__)
_KINDS: Mapping[str, SlotKind] = {"date": "date", "email": "email", "number": "number"}


class Forms:
    """Opening and sending. Which reply it is about travels with the form, and is looked up in the log again."""

    def __init__(self, conversations: Conversations, threads: Threads, questions: Questions) -> None:
        self._conversations = conversations
        self._threads = threads
        self._questions = questions

    async def opened(self, body: Mapping[str, Any], workspace: Workspace) -> None:
        """Opens the form; its trigger holds for three seconds."""
        value, user = str(body["actions"][0].get("value") or ""), str(body["user"]["id"])
        found = await self._reply(value, team_of(body))
        if found is None:
            _LOG.warning("refused: a form of another place, opened by %s of %s", user, team_of(body))
            return
        thread, reply = found
        language = language_of(str(reply.data.get("text", "")))
        if thread.asker == user:
            about = f"{value} {(body.get('message') or {}).get('ts') or thread.thread}"
            view = slot_modal(fields_of(reply.data), about, language).to_dict()
        else:
            _LOG.warning("refused: %s of %s opened what only the asker may", user, team_of(body))
            view = notice(say("not_yours", language))
        await open_form(body, workspace, view)

    async def sent(self, item: Item, workspace: Workspace) -> None:
        """The form came back."""
        about, _, ts = item.text("about").rpartition(" ")
        found = await self._reply(about, item.team)
        if found is None or found[0].asker != item.text("user"):
            _LOG.warning("refused: a form of another place, sent by %s of %s", item.text("user"), item.team)
            return
        thread, reply = found
        given = item.data.get("given")
        filled = given if isinstance(given, Mapping) else {}
        words = [str(filled[slot.name]) for slot in fields_of(reply.data) if filled.get(slot.name)]
        await self._questions.take(as_written(workspace, thread, f"{ts}/{item.text('view')}", ", ".join(words)))

    async def _reply(self, about: str, team: str) -> tuple[Thread, Event] | None:
        """The reply that a form is of; None where it asked for none, or in another workspace."""
        named = named_in(about)
        thread = await self._threads.get(named[0]) if named else None
        if named is None or thread is None or thread.team != team:
            return None
        reply = await reply_at(self._conversations, thread.conversation_id, named[1][0])
        return (thread, reply) if reply and fields_of(reply.data) else None


def fields_of(reply: Mapping[str, JsonValue]) -> Sequence[Slot]:
    """What a reply in the log asks for that a form can hold."""
    found = reply.get("fields")
    return [
        Slot(name=str(one["name"]), label=str(one["label"]), kind=_KINDS.get(str(one.get("type")), "text"))
        for one in (found if isinstance(found, list | tuple) else ())
        if isinstance(one, Mapping)
    ]
