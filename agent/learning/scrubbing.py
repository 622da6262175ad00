"""Takes what certain conversations left out of files of any step: lines, rows, members of lists, samples in reports."""

import csv
import html
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from agent.learning.report import BETWEEN, as_markdown

_PREFIX = 60  # characters by which a sample that a report shows clipped is known
_HTML_ROW = re.compile(r"<tr>.*?(?=<tr>|<tbody>|</table>)|<p>.*?</p>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What to look for. conversations: ids; texts: what was said in them, as it may stand in later steps' files."""

    conversations: Collection[str]
    texts: Collection[str]

    def in_value(self, value: object) -> bool:
        """Whether this is an id of one of the conversations or of an utterance of one, or what was said there."""
        if not isinstance(value, str):
            return False
        if value in self.conversations or value.rpartition("#")[0] in self.conversations:
            return True
        return any(text in self.texts for text in (value, value.removeprefix("'"), *value.split(BETWEEN)))

    def in_record(self, record: object) -> bool:
        """Whether a value, or a field of an object, is one."""
        if isinstance(record, Mapping):
            return any(self.in_value(value) for value in record.values())
        return self.in_value(record)


def scrub(file: Path, traces: Traces) -> int:
    """Takes them out of a file, whose new form appears whole; returns how many lines, rows, members or samples went."""
    scrubbed = _BY_SUFFIX.get(file.suffix)
    if scrubbed is None or not file.is_file():
        return 0
    draft = file.with_name(f".{file.name}.scrubbed")
    removed = scrubbed(file, draft, traces)
    if removed:
        draft.replace(file)
    else:
        draft.unlink()
    return removed


def _lines(file: Path, draft: Path, traces: Traces) -> int:
    removed = 0
    with file.open("rb") as lines, draft.open("wb") as out:
        for line in lines:
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError:
                out.write(line)
                continue
            left, count = _without(record, traces)
            removed += count
            if not count:
                out.write(line)
            elif left is not None:
                out.write(orjson.dumps(left) + b"\n")
    return removed


def _without(record: object, traces: Traces) -> tuple[object, int]:
    """The record without members that hold traces, and how many went; None where it is itself one, or has none left."""
    if traces.in_record(record):
        return None, 1
    if isinstance(record, Mapping):
        kept: dict[str, object] = {}
        count = 0
        for name, value in record.items():
            if name in traces.conversations or traces.in_value(name):
                count += 1
                continue
            left, gone = _without(value, traces)
            if gone and left is None:
                return None, count + gone
            kept[name], count = left, count + gone
        return kept, count
    if isinstance(record, list):
        pairs = [_without(one, traces) for one in record]
        left = [one for one, gone in pairs if not (gone and one is None)]
        count = sum(gone for _, gone in pairs)
        return (None if count and not left else left), count
    return record, 0


def _document(file: Path, draft: Path, traces: Traces) -> int:
    try:
        left, count = _without(orjson.loads(file.read_bytes()), traces)
    except orjson.JSONDecodeError:
        left, count = None, 0
    draft.write_bytes(orjson.dumps(left, option=orjson.OPT_INDENT_2))
    return count


def _rows(file: Path, draft: Path, traces: Traces) -> int:
    text = file.read_text("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    kept = [row for number, row in enumerate(rows) if number == 0 or not any(traces.in_value(cell) for cell in row)]
    with draft.open("w", encoding="utf-8", newline="") as out:
        out.write(mark)
        csv.writer(out, lineterminator="\n").writerows(kept)
    return len(rows) - len(kept)


def _markdown(file: Path, draft: Path, traces: Traces) -> int:
    found = _Shown.of(traces, as_markdown)
    lines = file.read_text("utf-8").split("\n")
    kept = [line for line in lines if not found.by(re.split(r"(?<!\\)\|", line))]
    draft.write_text("\n".join(kept), "utf-8")
    return len(lines) - len(kept)


def _page(file: Path, draft: Path, traces: Traces) -> int:
    found = _Shown.of(traces, lambda text: html.escape(" ".join(text.split())))
    removed = 0

    def left(match: re.Match[str]) -> str:
        nonlocal removed
        gone = found.by(re.split(r"<[^>]*>", match.group()))
        removed += gone
        return "" if gone else match.group()

    draft.write_text(_HTML_ROW.sub(left, file.read_text("utf-8")), "utf-8")
    return removed


@dataclass(frozen=True, slots=True)
class _Shown:
    """Texts as a report shows them: whole, or by their beginning."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, traces: Traces, shown: Callable[[str], str]) -> "_Shown":
        texts = {shown(text) for text in (*traces.texts, *traces.conversations)}
        # Cut before a mark that is shown escaped, so that half an escape is no part of it.
        return cls(frozenset(texts), tuple(text[:_PREFIX].rstrip("\\") for text in texts if len(text) > _PREFIX))

    def by(self, cells: list[str]) -> bool:
        """Whether one of the cells shows one of them."""
        said = [text.strip() for cell in cells for text in (cell, *cell.split(BETWEEN))]
        return any(text in self.whole or text.startswith(self.beginnings) for text in said)


_BY_SUFFIX: Mapping[str, Callable[[Path, Path, Traces], int]] = {
    ".jsonl": _lines,
    ".json": _document,
    ".csv": _rows,
    ".md": _markdown,
    ".html": _page,
}


def files_below(folder: Path) -> Iterator[Path]:
    """Files that may hold traces; a trained bundle is not among them: it is trained anew, never edited."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in _BY_SUFFIX and file.name != "step.json" and not (file.parent / "bundle.json").is_file():
            yield file
