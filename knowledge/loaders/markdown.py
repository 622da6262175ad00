"""Markdown, with an optional YAML front matter: title, url, language, id; other plain values become metadata."""

import re

import yaml

from knowledge.errors import UnreadableSource
from knowledge.loaders.limits import MAX_FRONT_MATTER_CHARS
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import decode
from knowledge.release import governs
from knowledge.types import Document

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")


def load_markdown(source_id: str, data: bytes) -> Loaded:
    """One document; its title is the front matter's, else the first level-one heading, else the file's name."""
    text = decode(source_id, data)
    fields: dict[str, str] = {}
    if match := _FRONT_MATTER.match(text):
        fields = _fields(source_id, match[1])
        text = text[match.end() :]
    heading = _TITLE.match(text)
    if heading and fields.get("title", heading[1]) == heading[1]:
        text = text[heading.end() :]
    if not text.strip():
        raise UnreadableSource(source_id, "it is empty")
    yield Document(
        source_id=fields.pop("id", source_id),
        title=fields.pop("title", "") or (heading[1] if heading else title_of(source_id)),
        content=text.strip(),
        url=fields.pop("url", None),
        language=fields.pop("language", ""),
        metadata=fields,
    )


def _fields(source_id: str, block: str) -> dict[str, str]:
    if len(block) > MAX_FRONT_MATTER_CHARS:
        raise UnreadableSource(source_id, f"its front matter is longer than {MAX_FRONT_MATTER_CHARS:,} characters")
    try:
        # An alias repeats what stands elsewhere: of no use in a dozen lines, and bombs are made of them.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(block)):
            raise UnreadableSource(source_id, "its front matter uses YAML aliases; write the values out")
        loaded = yaml.safe_load(block)
    except RecursionError as error:
        raise UnreadableSource(source_id, "its front matter is nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableSource(source_id, f"its front matter is not YAML ({str(error).splitlines()[0]})") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise UnreadableSource(source_id, "its front matter is not a list of `name: value` lines")
    return {
        str(key): str(value)
        for key, value in loaded.items()
        if value is not None and (governs(str(key)) or not isinstance(value, list | dict))
    }
