"""Lines of JSON: a conversation each, or a message each with the id of its conversation; and tables of messages."""

import csv
from collections.abc import Iterable, Iterator, Mapping

import orjson

from agent.errors import CallerError
from agent.learning.imports.fields import (
    CONVERSATION,
    ROLE,
    TEXT,
    TURNS,
    Record,
    consent_of,
    conversation_of,
    customer_of,
    first,
    lowered,
    spoken_of,
)
from agent.learning.imports.grouping import Grouping
from agent.learning.imports.own import EVENTS
from agent.learning.imports.shapes import Broken, Imported, Reading, Speakers
from agent.learning.imports.sources import Source


def read_json_lines(source: Source, speakers: Speakers) -> Reading:
    """A record a line."""
    return read_records(_records(source), speakers)


def read_table(source: Source, speakers: Speakers) -> Reading:
    """A csv, by commas, semicolons or tabs, with a head. Raises CallerError where it has no column of text."""
    return read_records(_rows(source), speakers)


def read_records(records: Iterable[tuple[str, object]], speakers: Speakers) -> Reading:
    """Records with the places where they stand; messages of one conversation need not stand together."""
    with Grouping() as grouping:
        for where, record in records:
            if isinstance(record, Broken):
                yield record
                continue
            try:
                if not isinstance(record, Mapping):
                    raise ValueError("no object")
                found = _taken(record, where, speakers, grouping)
            except ValueError as error:
                yield Broken(where, str(error))
                continue
            if found is not None:
                yield found
        yield from grouping.conversations()


def _taken(record: Record, where: str, speakers: Speakers, grouping: Grouping) -> Imported | None:
    """A whole conversation; None where the record is a message, which goes to the others of its conversation."""
    fields = lowered(record)
    name = first(fields, CONVERSATION)
    whole = any(isinstance(fields.get(field), list) for field in (*TURNS, EVENTS))
    if whole or name is None or not isinstance(name, str | int) or first(fields, ROLE) is None:
        if not whole and first(fields, TEXT) is None:
            raise ValueError(f"neither messages nor a text; its fields are {', '.join(map(str, record)) or 'none'}")
        if not whole and first(fields, ROLE) is not None:
            raise ValueError("a message with a speaker, but without the id of its conversation (conversation_id)")
        return conversation_of(record, where.replace(" ", "-"), speakers)
    turn = spoken_of(fields, speakers)
    if turn is not None:
        grouping.add(str(name), turn, consent_of(fields), customer_of(fields))
    return None


def _records(source: Source) -> Iterator[tuple[str, object]]:
    for number, line in source.lines():
        if not line.strip():
            continue
        try:
            yield f"line {number}", orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield "", Broken(f"line {number}", f"no JSON ({error})")


def _rows(source: Source) -> Iterator[tuple[str, object]]:
    head = source.head().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(1 << 24)
    reader = csv.DictReader((line for _, line in source.lines()), delimiter=delimiter)
    names = [str(name).strip().lower() for name in reader.fieldnames or ()]
    if not set(names) & set(TEXT):
        raise CallerError(
            f"{source.name}: no column of text ({', '.join(TEXT[:4])}); its columns are {', '.join(names)}"
        )
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield "", Broken(f"line {reader.line_num}", f"no row of a csv ({error})")
            continue
        where = f"line {reader.line_num}"
        if None in row or None in row.values():
            yield "", Broken(where, f"{'more' if None in row else 'fewer'} cells than the head has")
        else:
            yield where, row
