"""Which loader reads which file."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from knowledge.errors import UnreadableSource
from knowledge.loaders.html import load_html
from knowledge.loaders.markdown import load_markdown
from knowledge.loaders.plain import load_plain
from knowledge.loaders.reading import MAX_DOCUMENT_CHARS, MAX_FILE_BYTES, Loaded, Loader
from knowledge.loaders.records import load_csv, load_json, load_jsonl
from knowledge.release import Release, released
from knowledge.types import Document

LOADERS: Mapping[str, Loader] = {
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".txt": load_plain,
    ".html": load_html,
    ".htm": load_html,
    ".csv": load_csv,
    ".json": load_json,
    ".jsonl": load_jsonl,
}


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableSource when it cannot be read, is empty or too large."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise UnreadableSource(str(path), f"{size >> 20} MiB is more than {MAX_FILE_BYTES >> 20} MiB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(str(path), error.strerror or str(error)) from error
    if not data.strip():
        raise UnreadableSource(str(path), "it is empty")
    return data


def load(source_id: str, suffix: str, data: bytes, release: Release | None = None) -> Loaded:
    """Documents of one source, in order, with an UnreadableSource in place of each broken record.

    release: what is said of all of them. Raises UnreadableSource when the whole source is broken or its kind is unknown.
    """
    loader = LOADERS.get(suffix.lower())
    if loader is None:
        raise UnreadableSource(source_id, f"{suffix or 'a file without an ending'} is not one of {', '.join(LOADERS)}")
    for found in loader(source_id, data):
        if isinstance(found, Document) and len(found.content) > MAX_DOCUMENT_CHARS:
            yield UnreadableSource(found.source_id, f"longer than {MAX_DOCUMENT_CHARS:,} characters; split it")
        elif isinstance(found, Document):
            language = found.language or language_of(f"{found.title}\n{found.content}")
            yield released(replace(found, language=language), release or Release())
        else:
            yield found


_CHINESE, _LATIN = re.compile("[\u3400-\u9fff]+"), re.compile("[A-Za-z]+")


def language_of(text: str) -> str:
    """`zh` where Chinese characters carry at least as much as the Latin words around them, else `en`."""
    sample = text[:4000]
    chinese = len(sample) - len(_CHINESE.sub("", sample))
    latin = len(sample) - len(_LATIN.sub("", sample))
    return "zh" if chinese * 4 >= latin and chinese else "en"
