"""Which loader reads which file, and what to do with files that none reads."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from knowledge.loaders.reading import Loader

# Names and not functions: only the worker imports parsers, so that no command waits for them.
LOADERS: Mapping[str, str] = {
    ".md": "knowledge.loaders.markdown:load_markdown",
    ".markdown": "knowledge.loaders.markdown:load_markdown",
    ".txt": "knowledge.loaders.plain:load_plain",
    ".html": "knowledge.loaders.html:load_html",
    ".htm": "knowledge.loaders.html:load_html",
    ".pdf": "knowledge.loaders.pdf:load_pdf",
    ".docx": "knowledge.loaders.word:load_docx",
    ".xlsx": "knowledge.loaders.excel:load_xlsx",
    ".csv": "knowledge.loaders.records:load_csv",
    ".tsv": "knowledge.loaders.records:load_csv",
    ".json": "knowledge.loaders.records:load_json",
    ".jsonl": "knowledge.loaders.records:load_jsonl",
}

ARCHIVE = ".zip"

INSTEAD: Mapping[str, str] = {
    **dict.fromkeys((".doc", ".docm", ".rtf", ".odt", ".pages", ".wps"), "save it as .docx"),
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".et"), "save it as .xlsx"),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".key", ".dps"), "save it as .pdf"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "unpack it, or pack it as .zip"),
    **dict.fromkeys((".epub", ".mobi", ".chm"), "save it as .html"),
}
"""Files that people put among articles and none reads: named with what to do, not passed over in silence."""

KNOWN = frozenset({*LOADERS, ARCHIVE, *INSTEAD})
"""Endings of the files that are looked at in a folder."""


def loader_of(suffix: str) -> Loader:
    """The loader for a file's ending, one of `LOADERS`."""
    module, _, name = LOADERS[suffix].partition(":")
    return cast(Loader, getattr(import_module(module), name))


def unknown(suffix: str) -> str:
    """Why a file with another ending is not read, and what to do."""
    if suffix in INSTEAD:
        return f"{suffix} is not read; {INSTEAD[suffix]}"
    return f"{suffix or 'a file without an ending'} is not one of {', '.join([*LOADERS, ARCHIVE])}"
