"""`/v1/conversations`: create, identify, send, follow, stop, rate, close."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import Response, StreamingResponse

from agent.conversations import Beginning, Conversations, Customer
from agent.settings.web import WidgetSettings
from agent.types import InboundMessage
from connectors.web.access import Opened, address_of, counted
from connectors.web.bodies import (
    MOST,
    Created,
    EventShown,
    Identified,
    Identity,
    NewConversation,
    NewFeedback,
    NewMessage,
    NewRating,
    language_of,
)
from connectors.web.forms import checked_form
from connectors.web.identity import Identities
from connectors.web.problems import Refused, fresh, problems
from connectors.web.rates import Rates
from connectors.web.stream import EventStream, event_json

After = Annotated[int, Query(ge=0, le=MOST, description="Number of the last event seen.")]
LastEventId = Annotated[int, Header(ge=0, le=MOST, description="The same, as browsers send it.")]
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Server-sent events, until the reader leaves.", "content": {"text/event-stream": {}}}
}


def conversations_router(
    conversations: Conversations,
    opened: Opened,
    *,
    widget: WidgetSettings,
    identities: Identities,
    rates: Rates,
) -> APIRouter:
    """The routes over a running service."""
    router = APIRouter(prefix="/v1/conversations", tags=["conversations"])

    reading = Annotated[str, Depends(opened)]
    writing = Annotated[str, Depends(counted(opened, rates))]

    @router.post("", status_code=201, response_model=Created, responses=problems(401, 422))
    async def create(request: Request, body: NewConversation | None = None) -> Response:
        """Begins a conversation."""
        wanted = body or NewConversation()
        rates.begin(address_of(request))
        if widget.consent.required and not wanted.consent:
            raise Refused(
                403, "Consent is missing", "Nothing is stored before the customer agreed: send consent: true."
            )
        beginning = Beginning(
            customer=identities.check(wanted.identity) if wanted.identity else None,
            form=checked_form(widget.form, wanted.form),
            language=language_of(wanted.lang) if wanted.lang else None,
            site=request.scope["site"],
            consented=wanted.consent,
        )
        conversation_id, token = await conversations.create("web", may_learn=wanted.learning, beginning=beginning)
        shown = {"customer": _customer_json(beginning.customer)} if beginning.customer else {}
        return fresh({"id": conversation_id, "token": token, **shown}, 201)

    @router.post("/{conversation_id}/identify", response_model=Identified, responses=problems(401, 404, 409, 422))
    async def identify(conversation_id: writing, body: Identity) -> Response:
        """Says whose it is, by a token that the site has signed."""
        customer = identities.check(body.identity)
        await conversations.customers.identify(conversation_id, customer)
        return fresh({"customer": _customer_json(customer)})

    @router.post(
        "/{conversation_id}/messages", status_code=202, response_model=EventShown, responses=problems(404, 409, 422)
    )
    async def send(conversation_id: writing, body: NewMessage) -> Response:
        """Sends a message; the answer comes over the stream."""
        message = InboundMessage(
            conversation_id=conversation_id,
            channel="web",
            channel_message_id=body.client_id,
            text=body.text,
            files=tuple(body.files),
            again=body.again,
        )
        return fresh(event_json(await conversations.receive(message)), 202)

    @router.get(
        "/{conversation_id}/events",
        response_class=StreamingResponse,
        responses={**problems(404, 422), **STREAM},
    )
    async def follow(conversation_id: reading, after: After = 0, last_event_id: LastEventId = 0) -> Response:
        """What happens, as it happens; resumes where a stream broke."""
        return EventStream(conversations, conversation_id, max(after, last_event_id))

    @router.post("/{conversation_id}/stop", response_model=dict[str, bool], responses=problems(404, 422))
    async def stop(conversation_id: reading) -> Response:
        """Stops the answer that is being given."""
        return fresh({"stopped": await conversations.stop(conversation_id)})

    @router.post(
        "/{conversation_id}/feedback", status_code=201, response_model=EventShown, responses=problems(404, 422)
    )
    async def feedback(conversation_id: writing, body: NewFeedback) -> Response:
        """A verdict on one reply."""
        event = await conversations.feedback(conversation_id, body.event, body.value, body.comment)
        return fresh(event_json(event), 201)

    @router.post("/{conversation_id}/rating", status_code=201, response_model=EventShown, responses=problems(404, 422))
    async def rate(conversation_id: writing, body: NewRating) -> Response:
        """A verdict on the whole; the last one counts."""
        return fresh(event_json(await conversations.rate(conversation_id, body.score, body.comment)), 201)

    @router.post("/{conversation_id}/close", response_model=dict[str, bool], responses=problems(404, 422))
    async def close(conversation_id: reading) -> Response:
        """Ends it."""
        await conversations.close(conversation_id)
        return fresh({"closed": True})

    return router


def _customer_json(customer: Customer) -> dict[str, str]:
    return {"id": customer.id, **({"name": customer.name} if customer.name else {})}
