"""Who may read a document, and from when until when: what its own fields say, else what was said of the whole source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from knowledge.errors import UnreadableSource
from knowledge.types import Audience, Document

_FIELDS: Mapping[str, str] = {
    "audience": "audience",
    "受众": "audience",
    "可见范围": "audience",
    "valid_from": "valid_from",
    "生效日期": "valid_from",
    "valid_until": "valid_until",
    "失效日期": "valid_until",
}
"""Names that a field may have, as `_plain` writes them, and what each means."""
AUDIENCES: Mapping[str, Audience] = {"public": "public", "公开": "public", "internal": "internal", "内部": "internal"}
_ALWAYS = frozenset({"", "-", "none", "always", "长期", "长期有效", "永久", "永久有效"})
_INTERNAL = re.compile(
    r"^\W*(?:internal(?:[ -]only|[ ]use(?: only)?)?|staff only|employees only|内部(?:资料|文件|使用|文档)?|仅限内部(?:使用)?)\s*[:：|\])】）–—-]"
    r"|[\[(（【]\s*(?:internal(?: only| use(?: only)?)?|staff only|employees only|内部(?:资料|文件|使用|文档)?|仅限内部(?:使用)?)\s*[\])）】]",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What is said of everything in a source; None leaves it to the documents, which are public and always valid.

    by_title: whether a document whose title calls it internal, and which names no audience itself, is.
    """

    audience: Audience | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    by_title: bool = False

    def __str__(self) -> str:
        """Names it, so that a source is read again when another release is given."""
        named = f"{self.audience or ''}/{self.valid_from or ''}/{self.valid_until or ''}"
        return f"{named}/by title" if self.by_title else named


def governs(field: str) -> str:
    """What a field says of a document's release: "audience", "valid_from", "valid_until", or "" for nothing."""
    return _FIELDS.get(_plain(field), "")


def released(document: Document, given: Release) -> Document | UnreadableSource:
    """The document with its audience and dates; the complaint where its own fields say what cannot be understood.

    A document that may have been meant for few is not read at all rather than shown to all.
    """
    own = {meaning: value.strip() for name, value in document.metadata.items() if (meaning := governs(name))}
    rest = {name: value for name, value in document.metadata.items() if not governs(name)}
    try:
        audience = parse_audience(own["audience"]) if own.get("audience") else _given(document, given)
        start = _date_of(own, "valid_from") or given.valid_from
        end = _date_of(own, "valid_until") or given.valid_until
    except ValueError as error:
        return UnreadableSource(document.source_id, str(error))
    if start and end and end < start:
        return UnreadableSource(document.source_id, f"it is valid until {end}, before it is valid at all ({start})")
    if len(rest) == len(document.metadata) and (audience, start, end) == (document.audience, None, None):
        return document
    return replace(document, metadata=rest, audience=audience, valid_from=start, valid_until=end)


def calls_itself_internal(title: str) -> bool:
    """Whether a title says that it is for the company's own people: "Internal: …", "… (Internal)", 内部：…, （仅限内部）."""
    return bool(_INTERNAL.search(title))


def _given(document: Document, given: Release) -> Audience:
    if given.by_title and calls_itself_internal(document.title):
        return "internal"
    return given.audience or document.audience


def parse_audience(text: str) -> Audience:
    """The audience that a word names. Raises ValueError, saying what is allowed."""
    found = AUDIENCES.get(text.strip().lower())
    if found is None:
        raise ValueError(f"audience: {_shown(text)} is none of {', '.join(AUDIENCES)}")
    return found


def parse_date(name: str, text: str) -> date | None:
    """The day that a text names, None for "always". Raises ValueError, saying how to write it."""
    if text.strip().lower() in _ALWAYS:
        return None
    match = _DATE.fullmatch(text.strip())
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{name}: {_shown(text)} is no date; write it as 2026-01-31 or 2026年1月31日") from None


def _date_of(fields: Mapping[str, str], name: str) -> date | None:
    return parse_date(name, fields[name]) if name in fields else None


def _plain(field: str) -> str:
    return re.sub(r"[\s-]+", "_", field.strip().lower())


def _shown(text: str) -> str:
    return repr(text.strip()[:40])
