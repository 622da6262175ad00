"""What the HTTP API takes and gives, as `/openapi.json` shows it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from agent.types import Language

MOST = 2**53 - 1  # the largest number that JavaScript and every database can count to
PLAIN = r"^[^\x00-\x1f\x7f]+$"  # without control characters
_TAG = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"  # of a language (BCP 47)
_HEX_ID = {"pattern": "^[0-9a-f]{32}$"}  # shown, not checked: what does not match is not there, which is a 404

ConversationId = Annotated[str, Path(json_schema_extra=_HEX_ID)]
FileId = Annotated[str, Path(json_schema_extra=_HEX_ID)]
Lang = Annotated[str, Query(pattern=_TAG, max_length=35, description="Such as en, zh or zh-CN; others get English.")]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN)]
ClientId = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]


def language_of(tag: str) -> Language:
    """The language nearest to a tag."""
    return "zh" if tag.lower().partition("-")[0] == "zh" else "en"


class NewConversation(BaseModel):
    """Body of `POST /v1/conversations`; may be absent.

    learning: whether the customer agrees to being learned from. consent: to the conversation at all. identity: a token
    that the site has signed. form: answers by the names of the form's fields.
    """

    learning: StrictBool | None = None
    consent: StrictBool = False
    identity: str | None = Field(None, max_length=8192)
    form: dict[str, StrictStr] = Field(default_factory=dict, max_length=40)
    lang: str | None = Field(None, pattern=_TAG, max_length=35)


class Identity(BaseModel):
    """Body of `POST …/identify`."""

    identity: str = Field(min_length=1, max_length=8192)


class Consent(BaseModel):
    """Body of `POST …/consent`. learning: whether this conversation may be learned from, from now on."""

    learning: StrictBool


class NewMessage(BaseModel):
    """Body of `POST …/messages`. client_id: the sender's own id of the message; twice the same is one message.

    files: ids of files sent before; text may then be empty. again: number of an earlier message that is to be answered
    once more; its text is taken.
    """

    text: StrictStr = ""
    client_id: ClientId
    files: list[Annotated[str, Field(max_length=64)]] = Field(default_factory=list, max_length=10)
    again: int | None = Field(None, ge=1, le=MOST)


class NewFeedback(BaseModel):
    """Body of `POST …/feedback`. event: number of the reply it is about."""

    event: int = Field(ge=1, le=MOST)
    value: int = Field(ge=-1, le=1)
    comment: str = Field("", max_length=4000)


class NewRating(BaseModel):
    """Body of `POST …/rating`. score: 1 (bad) to 5 (good), of the whole conversation."""

    score: StrictInt = Field(ge=1, le=5)
    comment: str = Field("", max_length=4000)


class Colleague(BaseModel):
    """Body of `POST /v1/operator/…/accept` and `…/typing`."""

    name: Name


class ColleagueMessage(BaseModel):
    """Body of `POST /v1/operator/…/reply`."""

    text: StrictStr
    name: Name
    client_id: ClientId


class CustomerShown(BaseModel):
    """Who a conversation belongs to."""

    id: str
    name: str | None = None


class Created(BaseModel):
    """A new conversation. token: opens it and no other; it is shown only now."""

    id: str
    token: str
    customer: CustomerShown | None = None


class Identified(BaseModel):
    """Answer of `POST …/identify`."""

    customer: CustomerShown


class EventShown(BaseModel):
    """One event: `data` depends on the type."""

    n: int
    type: str
    at: datetime
    data: dict[str, Any]


class Transcript(BaseModel):
    """All events of a conversation."""

    id: str
    events: list[EventShown]


class OperatorTranscript(Transcript):
    """The same for people of the company, who see, too, who the customer is and what they filled in."""

    customer: dict[str, Any] | None
    form: dict[str, Any] | None


class FileShown(BaseModel):
    """A file that was stored."""

    id: str
    name: str
    type: str
    bytes: int


class MessageShown(BaseModel):
    """A customer's message in a list."""

    text: str
    at: datetime


class HandedOverShown(BaseModel):
    """A conversation that waits for a colleague, or is with one. since: for how long.

    customer: whom the site has vouched for; form: what the customer filled in before the chat.
    """

    id: str
    state: str
    since: datetime
    colleague: str | None
    language: str | None
    customer: dict[str, Any] | None
    form: dict[str, Any] | None
    last_message: MessageShown | None
    sentiment: dict[str, Any] | None


class HandedOverList(BaseModel):
    """Those that have waited longest come first."""

    conversations: list[HandedOverShown]


class ConsentShown(BaseModel):
    """What the widget asks before a conversation begins; text "": in its own words."""

    required: bool
    learning: bool
    text: str
    privacy_url: str


class FieldShown(BaseModel):
    """A question of the form before the chat."""

    name: str
    label: str
    type: str
    required: bool
    options: list[str]


class UploadsShown(BaseModel):
    """Which files are taken."""

    types: list[str]
    max_bytes: int


class HoursShown(BaseModel):
    """Whether people are there, and from when on; time_zone: the company's, such as Europe/Berlin."""

    open: bool
    opens_at: datetime | None
    time_zone: str


class WidgetConfig(BaseModel):
    """All that the widget must know before it says a word; null uploads: none are taken, null hours: always.

    people: whether anybody can take over.
    """

    version: str
    company: str
    suggestions: list[str]
    consent: ConsentShown
    form: list[FieldShown]
    uploads: UploadsShown | None
    images: list[str]
    hours: HoursShown | None
    people: bool
    rating: bool
