"""Tells a thread of people what happens in its conversation: each event once, also after a restart."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from agent.conversations import Conversations
from agent.conversations.history import for_others, standing
from agent.types import Event, EventType, Language
from connectors.slack.blocks.sealing import Seal
from connectors.slack.people.blocks import first_blocks, first_text, said_blocks
from connectors.slack.people.cases import Case, case_of, state_of, suggestion
from connectors.slack.people.desks import Desk, Desks
from connectors.slack.phrases import say
from connectors.slack.posting import surely
from connectors.slack.workspaces import TRANSPORT, Workspace, error_name

_LOG = logging.getLogger(__name__)
_FIRST = 0  # the number under which the thread's first message is written down
_LOOKED_AT = 100
EVENT_TYPE = "parley_desk"

_NEVER = frozenset(
    {
        "cant_update_message",
        "edit_window_closed",
        "invalid_blocks",
        "message_not_found",
        "msg_blocks_too_long",
        "msg_too_long",
    }
)

CLIENT = "slack-desk"
"""What the ids of messages begin with that colleagues write in a thread."""

_RESTATES = frozenset(
    {
        EventType.HANDOFF_REQUESTED,
        EventType.HANDOFF_ACCEPTED,
        EventType.HANDOFF_CLOSED,
        EventType.CONVERSATION_CLOSED,
        EventType.MESSAGE_RECEIVED,
    }
)


class DeskTelling:
    """One conversation's thread. language: of the people; None takes the customer's."""

    def __init__(
        self, conversations: Conversations, desks: Desks, seal: Seal, workspace: Workspace, language: Language | None
    ) -> None:
        self._conversations = conversations
        self._desks = desks
        self._seal = seal
        self._workspace = workspace
        self._language = language

    async def run(self, desk: Desk) -> None:
        """Tells all that was not told yet; returns when nothing is left. Raises what Slack goes on to refuse."""
        try:
            await self._run(desk)
        except SlackClientError as error:
            if error_name(error) != "thread_not_found":
                raise
            _LOG.warning("somebody deleted the thread of a conversation: it gets another one")
            await self._desks.reopen(desk.conversation_id)
            again = await self._desks.get(desk.conversation_id)
            if again is not None:
                await self._run(again)

    async def _run(self, desk: Desk) -> None:
        events = for_others(await self._conversations.events.read(desk.conversation_id))
        if not events:
            return
        if desk.thread is None:
            await self._open(desk, events)
            return
        for event in [event for event in events if event.n > desk.delivered_n]:
            upto = events[: events.index(event) + 1]
            if event.type is EventType.HANDOFF_REQUESTED:
                await self._suggest(desk, upto)
            await self._fitting(partial(self._tell, desk, event, upto))
            if event.type in _RESTATES:
                await self._fitting(partial(self._restate, desk.conversation_id, events))
            await self._desks.delivered(desk.conversation_id, event.n)

    async def _fitting(self, call: Callable[[], Awaitable[None]]) -> None:
        """What Slack will never take, as its message was deleted there, holds up nothing else."""
        try:
            await call()
        except SlackClientError as error:
            if error_name(error) not in _NEVER:
                raise
            _LOG.error("Slack does not take a message for the support channel: %s", error_name(error))

    async def _open(self, desk: Desk, events: Sequence[Event]) -> None:
        """Posts the first message, which says what happened so far."""
        suggested = await self._suggest(desk, events)
        case = await self._case(desk.conversation_id, events)
        thread = await self._once(desk, _FIRST, self._first(desk, case, suggested), first_text(case))
        await self._desks.opened(desk.conversation_id, thread, events[-1].n)

    async def _suggest(self, desk: Desk, events: Sequence[Event]) -> str:
        """What may be sent with one press, from now on."""
        suggested = await suggestion(self._conversations.runner, desk.conversation_id, events)
        await self._desks.suggested(desk.conversation_id, suggested)
        return suggested

    async def _case(self, conversation_id: str, events: Sequence[Event]) -> Case:
        return case_of(await self._desks.asking(conversation_id), events, self._language)

    def _first(self, desk: Desk, case: Case, suggested: str) -> list[dict[str, Any]]:
        return first_blocks(case, suggested, self._seal, team=desk.team, conversation=desk.conversation_id)

    async def _restate(self, conversation_id: str, events: Sequence[Event]) -> None:
        """The first message shows how the case stands now."""
        desk = await self._desks.get(conversation_id)
        if desk is None or desk.thread is None:
            return
        case = await self._case(conversation_id, events)
        blocks, text = self._first(desk, case, desk.suggested), first_text(case)
        await self._workspace.client.chat_update(channel=desk.channel, ts=desk.thread, text=text, blocks=blocks)

    async def _tell(self, desk: Desk, event: Event, events: Sequence[Event]) -> None:
        if event.type in {EventType.MESSAGE_CHANGED, EventType.MESSAGE_DELETED}:
            await self._correct(desk, event, events)
            return
        if event.type in {EventType.MESSAGE_RECEIVED, EventType.REPLY_COMPLETED} and state_of(events)[0] == "back":
            return  # Parley is with the customer again
        language = (await self._case(desk.conversation_id, events)).language
        said = said_blocks(event, language, client=CLIENT)
        if said is None:
            return
        blocks, text = said
        if (earlier := await self._earlier(desk, event, events)) is not None:
            await self._update(desk, earlier, blocks, f"{text} {say('people_edited', language)}")
            await self._desks.posted(desk.conversation_id, event.n, earlier)
            return
        await self._once(desk, event.n, blocks, text)

    async def _earlier(self, desk: Desk, event: Event, events: Sequence[Event]) -> str | None:
        """The message that shows what the customer said before they changed it (its id is then `EARLIER/…`)."""
        original, changed, _ = str(event.data.get("client_id", "")).partition("/")
        if event.type is not EventType.MESSAGE_RECEIVED or not changed:
            return None
        same = [one for one in events if str(one.data.get("client_id", "")).partition("/")[0] == original]
        for one in reversed(same):
            if one.n != event.n and (ts := (await self._desks.post_of(desk.conversation_id, one.n))[1]):
                return ts
        return None

    async def _correct(self, desk: Desk, event: Event, events: Sequence[Event]) -> None:
        """What a colleague wrote elsewhere, and changed or took back there."""
        n = event.data.get("event")
        ts = (await self._desks.post_of(desk.conversation_id, n))[1] if isinstance(n, int) else None
        if ts is None:
            return
        language = (await self._case(desk.conversation_id, events)).language
        now = next((one for one in standing(events) if one.n == n), None)
        said = said_blocks(now, language, client=CLIENT) if now else None
        blocks, text = said or taken_back(language)
        await self._update(desk, ts, blocks, text)

    async def _update(self, desk: Desk, ts: str, blocks: list[dict[str, Any]], text: str) -> None:
        await self._workspace.client.chat_update(channel=desk.channel, ts=ts, text=text, blocks=blocks)

    async def _once(self, desk: Desk, n: int, blocks: list[dict[str, Any]], text: str) -> str:
        """Posts a message and writes down its time stamp; what may have arrived is looked for before it is sent again."""
        tried, ts = await self._desks.post_of(desk.conversation_id, n)
        if ts is None and tried:
            ts = await self._look_for(desk, n)
        if ts is None:
            await self._desks.posted(desk.conversation_id, n, None)
            ts = await surely(partial(self._post, desk, n, blocks, text), partial(self._look_for, desk, n))
        await self._desks.posted(desk.conversation_id, n, ts)
        return ts

    async def _post(self, desk: Desk, n: int, blocks: list[dict[str, Any]], text: str) -> AsyncSlackResponse:
        return await self._workspace.sure.chat_postMessage(
            channel=desk.channel,
            thread_ts=desk.thread,
            text=text,
            blocks=blocks,
            metadata=_metadata(desk, n),
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _look_for(self, desk: Desk, n: int) -> str | None:
        """The message that shows event n, where Slack has it; a look costs much of what an app may ask, so it is rare."""
        client = self._workspace.client
        wanted = _metadata(desk, n)["event_payload"]
        try:
            if desk.thread is None:
                found = await client.conversations_history(
                    channel=desk.channel, include_all_metadata=True, limit=_LOOKED_AT
                )
            else:
                found = await client.conversations_replies(
                    channel=desk.channel, ts=desk.thread, include_all_metadata=True, limit=2 * _LOOKED_AT
                )
        except (SlackClientError, *TRANSPORT) as error:
            _LOG.warning("Slack does not say what arrived: %s", error_name(error) or type(error).__name__)
            return None
        for message in found["messages"]:
            if (message.get("metadata") or {}).get("event_payload") == wanted:
                return str(message["ts"])
        return None


def taken_back(language: Language) -> tuple[list[dict[str, Any]], str]:
    """What stands where a message was."""
    text = say("people_deleted", language)
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}], text


def _metadata(desk: Desk, n: int) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"shows": f"{desk.conversation_id} {n}"}}
