"""csv, json and jsonl: articles (`{"id","title","content",…}`) and rows, each row a small document of its own."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from knowledge.errors import UnreadableSource
from knowledge.loaders.limits import MAX_COLUMNS, MAX_FIELD_CHARS
from knowledge.loaders.naming import NAMES, named, naming_field
from knowledge.loaders.per_unit import with_units
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import clean, decode
from knowledge.release import governs
from knowledge.types import Document

_ARTICLE = ("id", "title", "content", "url", "language")


def load_csv(source_id: str, data: bytes) -> Loaded:
    """One document a row; the first row names the columns; comma, semicolon and tab are told apart."""
    text = decode(source_id, data)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(MAX_FIELD_CHARS)
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), dialect), start=1))
    except csv.Error as error:
        raise UnreadableSource(source_id, f"it is no csv ({error}); is a quotation mark left open?") from error
    rows = [(place, row) for place, row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise UnreadableSource(source_id, "it has no rows under a header")
    header = [cell.strip() for cell in rows[0][1]]
    name = naming_field(dict(zip(header, row, strict=False)) for _, row in rows[1:])
    for number, (place, row) in enumerate(rows[1:], start=1):
        if len(row) > len(header):
            yield UnreadableSource(f"{source_id}#{number}", f"{len(row)} cells under {len(header)} columns")
            continue
        yield from record_document(source_id, number, dict(zip(header, row, strict=False)), row=place, name=name)


def load_json(source_id: str, data: bytes) -> Loaded:
    """A list of records, one record, or an object with one list of records in it."""
    try:
        loaded = json.loads(decode(source_id, data))
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(source_id, f"it is no JSON ({error})") from error
    if isinstance(loaded, dict):
        lists = [value for value in loaded.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        loaded = lists[0] if len(lists) == 1 and "content" not in loaded else [loaded]
    if not isinstance(loaded, list) or not loaded:
        raise UnreadableSource(source_id, "it holds no records")
    name = _naming_field(loaded)
    for number, record in enumerate(loaded, start=1):
        yield from record_document(source_id, number, record, name=name)


def load_jsonl(source_id: str, data: bytes) -> Loaded:
    """One record a line; a broken line is reported and the rest is read."""
    lines = [(number, line) for number, line in enumerate(decode(source_id, data).split("\n"), 1) if line.strip()]
    if not lines:
        raise UnreadableSource(source_id, "it is empty")
    name = _naming_field(_readable(line for _, line in lines))
    for number, line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield UnreadableSource(f"{source_id}#{number}", f"it is no JSON ({error})")
            continue
        yield from record_document(source_id, number, record, name=name)


def _readable(lines: Iterable[str]) -> Iterator[object]:
    """The records of lines that hold one, as they are asked for."""
    for line in lines:
        with suppress(ValueError, RecursionError):
            yield json.loads(line)


def _naming_field(records: Iterable[object]) -> str | None:
    return naming_field(dict(_flat(record)) for record in records if isinstance(record, dict))


def record_document(
    source_id: str, number: int, record: object, *, row: int | None = None, name: str | None = None
) -> Iterator[Document | UnreadableSource]:
    """The document of one record: an article as it is, another record as `field: value` lines.

    row: its place in the file as people count, the header's row too; the record's number where nothing else is said.
    name: the field that names it, where none is called "name" or "title".
    """
    where = f"{source_id}#{number}"
    if not isinstance(record, dict):
        yield UnreadableSource(where, "it is no record (an object with fields)")
        return
    if isinstance(record.get("content"), str) and record.get("id") not in (None, ""):
        yield from _article(where, record)
        return
    fields = dict(_flat(record))
    if not fields:
        yield UnreadableSource(where, "the record is empty")
        return
    folded = {key.lower(): value for key, value in fields.items()}
    title = next((folded[key] for key in NAMES if folded.get(key)), "")
    title = title or (named(name, fields[name]) if name and fields.get(name) else folded.get("id", ""))
    identity = folded.get("id") or str(number)
    yield Document(
        source_id=f"{source_id}#{identity}",
        title=title or f"{title_of(source_id)} {number}",
        content="\n".join(f"- {key}: {text}" for key, text in with_units(fields).items() if governs(key) != "audience"),
        url=fields.get("url"),
        row=row or number,
        metadata={key: value for key, value in fields.items() if governs(key)},
    )


def _article(where: str, record: Mapping[str, object]) -> Iterator[Document | UnreadableSource]:
    identity, title, content, url, language = (clean(_text(record.get(key))) for key in _ARTICLE)
    if not content.strip():
        yield UnreadableSource(where, "the article has no content")
        return
    rest = {key: clean(_text(value)) for key, value in record.items() if key not in _ARTICLE and value is not None}
    yield Document(
        source_id=identity,
        title=title or identity,
        content=content.strip(),
        url=url or None,
        language=language if language in {"en", "zh"} else "",
        metadata={key: value for key, value in rest.items() if value},
    )


def _flat(record: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Fields as text, nested objects as `outer.inner`, lists joined."""
    for count, (key, value) in enumerate(record.items()):
        name = clean(f"{prefix}{key}").strip()
        if isinstance(value, dict) and prefix.count(".") < 4:
            yield from _flat(value, f"{name}.")
        elif (text := clean(_text(value)).strip()) and name and count < MAX_COLUMNS:
            yield name, text.replace("\n", " ")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(item) for item in value)))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
