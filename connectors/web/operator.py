"""`/v1/operator`: what people of the company do in conversations, with the server's key."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse, JSONResponse, Response, StreamingResponse

from agent.conversations import Conversations
from agent.conversations.waiting import HandedOver
from agent.errors import UnknownConversation
from agent.store.tables import Handoff
from connectors.web.access import ServerKey
from connectors.web.bodies import (
    Colleague,
    ColleagueMessage,
    ConversationId,
    EventShown,
    FileId,
    HandedOverList,
    OperatorTranscript,
)
from connectors.web.conversations import STREAM, After, LastEventId
from connectors.web.files import ANY_FILE, stored
from connectors.web.problems import problems
from connectors.web.stream import EventStream, event_json, transcript_json


def operator_router(conversations: Conversations, key: ServerKey) -> APIRouter:
    """The routes over a running service."""
    router = APIRouter(prefix="/v1/operator/conversations", tags=["operator"], dependencies=[Depends(key)])

    async def there(conversation_id: ConversationId) -> str:
        if not await conversations.exists(conversation_id):
            raise UnknownConversation("There is no such conversation.")
        return conversation_id

    existing = Annotated[str, Depends(there)]

    @router.get("", response_model=HandedOverList, responses=problems(401, 422))
    async def handed_over(
        state: Handoff = Handoff.WAITING, limit: Annotated[int, Query(ge=1, le=200)] = 100
    ) -> Response:
        """The conversations that wait for a colleague, or are with one, longest first."""
        found = await conversations.colleagues.conversations(state, limit)
        return JSONResponse({"conversations": [_handed_over_json(one) for one in found]})

    @router.get("/{conversation_id}", response_model=OperatorTranscript, responses=problems(401, 404, 422))
    async def read(conversation_id: existing) -> Response:
        """Who it is, and all events so far."""
        customer, form = await conversations.customers.known(conversation_id)
        events = await conversations.events.read(conversation_id)
        return JSONResponse({**transcript_json(conversation_id, events), "customer": customer, "form": form})

    @router.get(
        "/{conversation_id}/events", response_class=StreamingResponse, responses={**problems(401, 404, 422), **STREAM}
    )
    async def follow(conversation_id: existing, after: After = 0, last_event_id: LastEventId = 0) -> Response:
        """What happens, as it happens."""
        return EventStream(conversations, conversation_id, max(after, last_event_id))

    @router.get(
        "/{conversation_id}/files/{file_id}",
        response_class=FileResponse,
        responses={**problems(401, 404, 422), **ANY_FILE},
    )
    async def download(conversation_id: existing, file_id: FileId) -> Response:
        """The bytes of a file that the customer sent."""
        return await stored(conversations, conversation_id, file_id)

    @router.post("/{conversation_id}/accept", response_model=dict[str, bool], responses=problems(401, 404, 409, 422))
    async def accept(conversation_id: existing, body: Colleague) -> dict[str, bool]:
        """Takes over: Parley is silent from now on."""
        await conversations.colleagues.accept(conversation_id, body.name)
        return {"accepted": True}

    @router.post(
        "/{conversation_id}/reply", status_code=201, response_model=EventShown, responses=problems(401, 404, 409, 422)
    )
    async def reply(conversation_id: existing, body: ColleagueMessage) -> Response:
        """Writes to the customer; the same client_id again is the same message."""
        event = await conversations.colleagues.reply(conversation_id, body.text, body.name, body.client_id)
        return JSONResponse(event_json(event), 201)

    @router.post(
        "/{conversation_id}/typing", status_code=204, response_class=Response, responses=problems(401, 404, 422)
    )
    async def typing(conversation_id: existing, body: Colleague) -> Response:
        """Shows the customer that somebody is typing; it is not stored."""
        await conversations.passing.publish(conversation_id, "agent.typing", {"name": body.name})
        return Response(status_code=204)

    @router.post("/{conversation_id}/return", response_model=dict[str, bool], responses=problems(401, 404, 409, 422))
    async def give_back(conversation_id: existing) -> dict[str, bool]:
        """Lets Parley answer again."""
        await conversations.colleagues.give_back(conversation_id)
        return {"returned": True}

    @router.post("/{conversation_id}/close", response_model=dict[str, bool], responses=problems(401, 404, 422))
    async def close(conversation_id: existing) -> dict[str, bool]:
        """Ends it."""
        await conversations.close(conversation_id)
        return {"closed": True}

    return router


def _handed_over_json(one: HandedOver) -> dict[str, object]:
    return {
        "id": one.id,
        "state": one.state.value,
        "since": one.since.isoformat(),
        "colleague": one.colleague,
        "language": one.language,
        "customer": one.customer,
        "form": one.form,
        "last_message": {"text": one.message[0], "at": one.message[1].isoformat()} if one.message else None,
        "sentiment": one.sentiment,
    }
