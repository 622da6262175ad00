"""Tells what a file is by what it holds, and hands it to the reader of that form."""

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

import orjson

from agent.errors import CallerError
from agent.learning.imports.documents import read_document
from agent.learning.imports.fields import TEXT, TURNS
from agent.learning.imports.lines import read_json_lines, read_table
from agent.learning.imports.own import EVENTS
from agent.learning.imports.shapes import Broken, Imported, Reading, Speakers
from agent.learning.imports.slack import is_slack, read_slack
from agent.learning.imports.sources import Source

SHAPES = (
    'lines of JSON with a conversation each ({"id", "turns": [{"role", "text"}]} or {"messages": [{"role", "content"}]}), '
    "with a message each (conversation_id, role, text) or with an utterance each (text, label); a JSON document of such, or Parley's own transcripts; "
    "a csv with the columns conversation_id, role, text, or with text and perhaps label; a Slack export (folder or zip); "
    "a zip of any of these"
)
_READABLE = {".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt"}
_MOST_MEMBERS = 100_000


def read_import(path: Path, speakers: Speakers) -> Reading:
    """The conversations of a file or folder. Raises CallerError where its form is not understood, at the latest with the first."""
    if path.is_dir():
        members = [_file(file, str(file.relative_to(path))) for file in sorted(path.rglob("*")) if file.is_file()]
        return _members(path.name, members, speakers)
    if not path.is_file():
        raise CallerError(f"no such file or folder: {path}")
    if not zipfile.is_zipfile(path):
        return _one(_file(path, path.name), speakers)
    return _archive(path, speakers)


def _archive(path: Path, speakers: Speakers) -> Reading:
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > _MOST_MEMBERS:
            raise CallerError(f"{path.name} holds more than {_MOST_MEMBERS:,} files; split it up")
        yield from _members(path.name.split(".")[0], [_member(archive, info) for info in infos], speakers)


def _members(name: str, members: list[Source], speakers: Speakers) -> Reading:
    if is_slack(members):
        yield from read_slack(members)
        return
    readable = [
        one for one in members if PurePosixPath(one.name).suffix.lower() in _READABLE and "__MACOSX" not in one.name
    ]
    if not readable:
        raise CallerError(f"{name} holds nothing to read; understood are {SHAPES}")
    for member in readable:
        try:
            for one in _one(member, speakers):
                yield one if len(readable) == 1 else _placed(one, member)
        except CallerError as error:
            if len(readable) == 1:
                raise
            yield Broken(member.name, str(error))


def _placed(one: Imported | Broken, member: Source) -> Imported | Broken:
    """The same, with the member that it stands in."""
    if isinstance(one, Broken):
        return Broken(f"{member.name}, {one.where}", one.reason)
    return Imported(
        id=f"{member.stem}/{one.id}", turns=one.turns, consent=one.consent, customer=one.customer, channel=one.channel
    )


def _one(source: Source, speakers: Speakers) -> Reading:
    head = source.head().lstrip()
    if "\x00" in head:
        raise CallerError(f"{source.name} is no text; understood are {SHAPES}")
    if head.startswith("[") or (head.startswith("{") and not _is_lines(head)):
        return read_document(source, speakers)
    if head.startswith("{"):
        return read_json_lines(source, speakers)
    if re.search(r"[,;\t]|^\w+\s*$", head.split("\n", 1)[0]):
        return read_table(source, speakers)
    raise CallerError(f"{source.name} is not understood; understood are {SHAPES}")


def _is_lines(head: str) -> bool:
    """Whether the first line is a whole value, or the second begins one (then the first may be the broken one)."""
    lines = head.split("\n")
    try:
        value = orjson.loads(lines[0])
    except orjson.JSONDecodeError:
        return len(lines) > 1 and len(lines[0].strip()) > 1 and lines[1].startswith("{")
    # One line alone is a document, unless it is itself a conversation or a message.
    return bool("".join(lines[1:]).strip()) or not {str(name).lower() for name in value}.isdisjoint(
        (*TURNS, *TEXT, EVENTS)
    )


def _file(path: Path, name: str) -> Source:
    return Source(name=name, stem=path.name.split(".")[0], size=path.stat().st_size, open=lambda: path.open("rb"))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Source:
    def opened() -> IO[bytes]:
        return archive.open(info)

    return Source(
        name=info.filename, stem=PurePosixPath(info.filename).name.split(".")[0], size=info.file_size, open=opened
    )
