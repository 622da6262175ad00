"""Settings of the web: the server, its limits, and the chat widget on the company's sites."""

import re
from datetime import date, time
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator

from agent.settings.parts import Origin, Section, ServerUrl

_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_SITE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_LEAST_SECRET = 32  # characters; a shorter secret of HMAC-SHA256 can be guessed (RFC 7518, 3.2)

FileType = Literal[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]
"""Types of files whose content can be told from the bytes."""


def _network(text: str) -> str:
    ip_network(text)  # raises ValueError
    return text


def _opening(text: str) -> str:
    """Raises ValueError for what is no span of a day."""
    found = _HOURS.fullmatch(text.strip())
    if not found or time.fromisoformat(found[1]) >= _closing(found[2]):
        raise ValueError(f"{text!r} is not a time of a day such as 09:00-17:30 (until midnight: 24:00)")
    return text.strip()


def _closing(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # a folder of zones is an OSError
        raise ValueError(f"{name!r} is not a time zone such as Europe/Berlin or Asia/Shanghai") from error
    return name


Opening = Annotated[str, AfterValidator(_opening)]


class LimitSettings(Section):
    """How much the server takes from one source before it answers 429; 0 is no limit."""

    address_per_minute: int = Field(
        300, ge=0, description="Requests of one address (IPv6: of one /64). Behind a proxy, set trusted_proxies first."
    )
    new_conversations_per_minute: int = Field(30, ge=0, description="New conversations of one address.")
    conversation_per_minute: int = Field(30, ge=0, description="Messages, files and verdicts in one conversation.")
    site_per_minute: int = Field(6000, ge=0, description="Requests from the pages of one site ([widget.sites.NAME]).")


class ServerSettings(Section):
    """The HTTP server."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8700, ge=0, le=65535, description="Port; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; one uses about one core.")
    secret: SecretStr = Field(SecretStr(""), description="Key for signing tokens; empty: one kept in the home.")
    api_key: SecretStr = Field(
        SecretStr(""), description="Bearer key for /v1/chat/completions, /v1/operator and /metrics."
    )
    max_message_chars: int = Field(8000, ge=1, description="Longest message accepted, in characters.")
    allowed_origins: list[Origin] = Field(
        default_factory=list,
        description='Web origins, such as "https://shop.example", that may call the API besides its own and the sites\'.',
    )
    trusted_proxies: list[Annotated[str, AfterValidator(_network)]] = Field(
        default_factory=list,
        description='Addresses or networks of your proxies, such as "10.0.0.0/8": their X-Forwarded-For is believed.',
    )
    limits: LimitSettings = Field(default_factory=LimitSettings)


class ConsentSettings(Section):
    """What the widget asks before a conversation begins."""

    required: bool = Field(False, description="Nothing is stored or sent before the customer has agreed.")
    learning: bool = Field(False, description="Ask before the chat, too, whether the conversation may be learned from.")
    text: str = Field("", max_length=4000, description="What is asked; empty: the widget's own words.")
    text_zh: str = Field("", max_length=4000, description="The same in Chinese.")
    privacy_url: ServerUrl = Field("", description="Address of your privacy notice.")
    privacy_url_zh: ServerUrl = Field("", description="The same in Chinese; empty: privacy_url.")


class UploadSettings(Section):
    """Files that customers may send."""

    types: list[FileType] = Field(
        default_factory=list,
        description='Their types, such as ["image/png", "image/jpeg", "application/pdf"]; none: no files are taken.',
    )
    max_bytes: int = Field(5 * 1024 * 1024, ge=1, le=64 * 1024 * 1024, description="Largest file.")
    max_total_bytes: int = Field(25 * 1024 * 1024, ge=1, description="Most that one conversation may hold.")


class HoursSettings(Section):
    """When people are there; no times at all: always."""

    time_zone: Annotated[str, AfterValidator(_zone)] = Field("UTC", description="Such as Europe/Berlin, Asia/Shanghai.")
    monday: list[Opening] = Field(
        default_factory=list, description='Such as ["09:00-12:30", "13:30-18:00"]; [] is a day off.'
    )
    tuesday: list[Opening] = Field(default_factory=list, description="The same.")
    wednesday: list[Opening] = Field(default_factory=list, description="The same.")
    thursday: list[Opening] = Field(default_factory=list, description="The same.")
    friday: list[Opening] = Field(default_factory=list, description="The same.")
    saturday: list[Opening] = Field(default_factory=list, description="The same.")
    sunday: list[Opening] = Field(default_factory=list, description="The same.")
    closed: list[date] = Field(default_factory=list, description='Days off, such as ["2026-12-25"].')

    def spans(self, day: date) -> list[tuple[time, time]]:
        """Opening and closing times of a day, in order."""
        if day in self.closed:
            return []
        texts: list[str] = getattr(self, _DAYS[day.weekday()])
        return sorted((time.fromisoformat(text[:5]), _closing(text[6:])) for text in texts)

    @property
    def always(self) -> bool:
        """Whether no times are given."""
        return not any(getattr(self, day) for day in _DAYS)


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class FormField(Section):
    """A question of the form before the chat."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Under which it is stored.")
    label: str = Field(min_length=1, max_length=200, description="What is asked.")
    label_zh: str = Field("", max_length=200, description="The same in Chinese.")
    type: Literal["text", "email", "tel", "select"] = Field("text", description="What may be entered.")
    required: bool = Field(False, description="Whether it must be filled in.")
    options: list[str] = Field(default_factory=list, description="Of a select.")
    options_zh: list[str] = Field(default_factory=list, description="The same in Chinese, in the same order.")

    @model_validator(mode="after")
    def _has_options(self) -> "FormField":
        if (self.type == "select") != bool(self.options):
            raise ValueError(f"{self.name}: options are for a select, and a select needs some")
        if self.options_zh and len(self.options_zh) != len(self.options):
            raise ValueError(f"{self.name}: options_zh must be as many as options")
        return self


class SiteSettings(Section):
    """A site with the widget on its pages."""

    origins: list[Origin] = Field(default_factory=list, description='Such as ["https://shop.example"].')
    keys: dict[str, SecretStr] = Field(
        default_factory=dict,
        description="Secrets that sign identities, by key id; environment only: PARLEY_WIDGET__SITES__SHOP__KEYS__K1.",
    )
    key_files: dict[str, Path] = Field(
        default_factory=dict,
        description="PEM files with public keys (Ed25519, P-256, RSA) by key id, in the home or with their whole path.",
    )

    @model_validator(mode="after")
    def _secrets_are_long(self) -> "SiteSettings":
        for kid, secret in self.keys.items():
            if len(secret.get_secret_value()) < _LEAST_SECRET:
                raise ValueError(f"key {kid} is too short: a secret needs {_LEAST_SECRET} characters or more")
        return self


class WidgetSettings(Section):
    """The chat widget."""

    rating: bool = Field(True, description="Ask for a rating at the end.")
    images: list[Origin] = Field(
        default_factory=list, description="Origins from which images in answers may be shown; none: no images."
    )
    form: list[FormField] = Field(
        default_factory=list,
        description='Asked before the chat, such as [{name = "email", label = "E-mail", label_zh = "邮箱", type = "email"}];'
        " type: text, email, tel or select (with options and options_zh); also required = true.",
    )
    consent: ConsentSettings = Field(default_factory=ConsentSettings)
    uploads: UploadSettings = Field(default_factory=UploadSettings)
    hours: HoursSettings = Field(default_factory=HoursSettings)
    sites: dict[str, SiteSettings] = Field(default_factory=dict, description="Sites with the widget, by name.")

    @model_validator(mode="after")
    def _sites_have_names(self) -> "WidgetSettings":
        for name in self.sites:
            if not _SITE.fullmatch(name):
                raise ValueError(f"{name!r} is no name of a site: lower-case letters, digits, single - or _")
        return self
