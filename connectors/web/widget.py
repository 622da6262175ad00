"""`GET /v1/widget`: all that the widget must know before it says a word."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from agent.opening_hours import opening
from agent.settings.web import FormField, WidgetSettings
from agent.types import JsonValue, Language
from connectors.web.bodies import Lang, WidgetConfig, language_of
from connectors.web.problems import problems

_VERSION = version("parley")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks: the company's name, and questions to begin with, by language; people: whether anybody can take over."""

    company: Callable[[Language], str] = lambda _: "Parley"
    suggestions: Callable[[Language], tuple[str, ...]] = lambda _: ()
    people: bool = True


def widget_router(widget: WidgetSettings, speaker: Speaker) -> APIRouter:
    """The route over the settings."""
    router = APIRouter(prefix="/v1", tags=["widget"])

    @router.get("/widget", response_model=WidgetConfig, responses=problems(422))
    async def configuration(lang: Lang = "en") -> Response:
        """What the widget shows and asks, in the language nearest to `lang`."""
        return JSONResponse(
            widget_json(widget, speaker, language_of(lang), datetime.now(UTC)), headers={"Cache-Control": "no-cache"}
        )

    return router


def widget_json(widget: WidgetSettings, speaker: Speaker, language: Language, now: datetime) -> dict[str, JsonValue]:
    """The settings as the widget reads them, in one language."""
    zh, consent, uploads = language == "zh", widget.consent, widget.uploads
    state = opening(widget.hours, now)
    return {
        "version": _VERSION,
        "company": speaker.company(language),
        "suggestions": list(speaker.suggestions(language)),
        "consent": {
            "required": consent.required or consent.learning,  # what is not asked before the chat is never asked
            "learning": consent.learning,
            "text": consent.text_zh if zh else consent.text,
            "privacy_url": (consent.privacy_url_zh if zh else "") or consent.privacy_url,
        },
        "form": [_field_json(field, zh=zh) for field in widget.form],
        "uploads": {"types": list(uploads.types), "max_bytes": uploads.max_bytes} if uploads.types else None,
        "images": list(widget.images),
        "hours": None
        if state is None
        else {
            "open": state.open,
            "opens_at": state.opens_at.isoformat() if state.opens_at else None,
            "time_zone": widget.hours.time_zone,
        },
        "people": speaker.people,
        "rating": widget.rating,
    }


def _field_json(field: FormField, *, zh: bool) -> dict[str, JsonValue]:
    return {
        "name": field.name,
        "label": (field.label_zh if zh else "") or field.label,
        "type": field.type,
        "required": field.required,
        "options": (field.options_zh if zh else []) or field.options,
    }
