"""Plain text: the first short line is the title."""

from knowledge.errors import UnreadableSource
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import decode
from knowledge.types import Document


def load_plain(source_id: str, data: bytes) -> Loaded:
    """One document; the title is the first line when it is short and stands alone, else the file's name."""
    text = decode(source_id, data).strip()
    if not text:
        raise UnreadableSource(source_id, "it is empty")
    first, _, rest = text.partition("\n")
    alone = bool(rest.strip()) and len(first) <= 100 and not first.rstrip().endswith((".", "。", ",", "，"))
    title = first.strip() if alone else title_of(source_id)
    yield Document(source_id=source_id, title=title, content=rest.strip() if alone else text)


def title_of(source_id: str) -> str:
    """A readable title from a path: `docs/opening-hours.txt` → `opening hours`."""
    name = source_id.rstrip("/").rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] or name
    return stem.replace("-", " ").replace("_", " ").strip() or source_id
