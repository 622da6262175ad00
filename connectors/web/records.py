"""`/v1/conversations/…`: what a customer may do with what is kept of them: read, take home, allow, delete."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from agent.conversations import Conversations
from agent.settings.web import WidgetSettings
from connectors.web.access import Opened, counted
from connectors.web.bodies import Consent, Lang, Transcript, language_of
from connectors.web.problems import fresh, problems
from connectors.web.rates import Rates
from connectors.web.stream import transcript_json
from connectors.web.transcripts import as_page, as_text, language_spoken
from connectors.web.widget import Speaker

_FORMATS = {"txt": "text/plain; charset=utf-8", "html": "text/html; charset=utf-8", "json": "application/json"}


def records_router(
    conversations: Conversations, opened: Opened, *, widget: WidgetSettings, rates: Rates, speaker: Speaker
) -> APIRouter:
    """The routes over a running service."""
    router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
    reading = Annotated[str, Depends(opened)]
    writing = Annotated[str, Depends(counted(opened, rates))]

    @router.get("/{conversation_id}", response_model=Transcript, responses=problems(404, 422))
    async def read(conversation_id: reading) -> Response:
        """All events so far."""
        events = await conversations.events.read(conversation_id)
        return fresh(transcript_json(conversation_id, events))

    @router.delete("/{conversation_id}", status_code=204, response_class=Response, responses=problems(404, 422))
    async def delete(conversation_id: reading) -> Response:
        """Deletes everything of it, files too; its stream ends."""
        await conversations.forget_conversation(conversation_id)
        return Response(status_code=204)

    @router.post("/{conversation_id}/consent", response_model=dict[str, bool], responses=problems(404, 422))
    async def consent(conversation_id: writing, body: Consent) -> Response:
        """The customer's word on being learned from."""
        await conversations.set_consent(conversation_id, may_learn=body.learning)
        return fresh({"learning": body.learning})

    @router.get(
        "/{conversation_id}/transcript",
        response_class=Response,
        responses={**problems(404, 422), 200: {"content": {kind.partition(";")[0]: {} for kind in _FORMATS.values()}}},
    )
    async def transcript(
        conversation_id: reading, format: Literal["txt", "html", "json"] = "txt", lang: Lang | None = None
    ) -> Response:
        """What was said, as a file, in the customer's language."""
        events = await conversations.events.read(conversation_id)
        if format == "json":
            answer: Response = fresh(transcript_json(conversation_id, events))
        else:
            begun = language_of(lang) if lang else await conversations.customers.language_of(conversation_id)
            language = begun or language_spoken(events)
            zone, company = ZoneInfo(widget.hours.time_zone), speaker.company(language)
            text = (as_text if format == "txt" else as_page)(events, language, company, zone)
            answer = Response(text, media_type=_FORMATS[format], headers={"Cache-Control": "no-store"})
        answer.headers["Content-Disposition"] = f'attachment; filename="conversation.{format}"'
        return answer

    return router
