"""What the given sources hold now: the files of folders, the pages of sitemaps, single files and pages."""

import os
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import UnreadableSource
from knowledge.loaders.formats import KNOWN
from knowledge.web.reading import Web
from knowledge.web.sitemap import is_sitemap, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file or page: its name for the customer (`source_id`), its place (`path`), and the sitemap that listed it."""

    source_id: str
    path: str
    root: str = ""

    @property
    def is_page(self) -> bool:
        return is_url(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one source holds. whole: whether all of it could be seen, so that what is not there is gone."""

    given: str
    items: tuple[Item, ...] = ()
    broken: tuple[UnreadableSource, ...] = ()
    whole: bool = True


def is_url(source: str) -> bool:
    """Whether a source is an address on the web."""
    return source.startswith(("https://", "http://"))


def look(given: str, web: Web) -> Found:
    """What a source holds; a source that cannot be seen whole says so and names what is wrong."""
    if is_url(given):
        return _listed(given, web) if is_sitemap(given) else _one(given, given)
    path = Path(given)
    if path.is_dir():
        return _in_folder(given, path)
    if not path.exists():
        return Found(given=given, broken=(UnreadableSource(given, "no such file or folder"),), whole=False)
    return _one(path.name, str(path.resolve()), given)


def _one(source_id: str, path: str, given: str = "") -> Found:
    return Found(given=given or path, items=(Item(source_id=source_id, path=path),))


def _listed(url: str, web: Web) -> Found:
    found = listed(url, web)
    items = tuple(Item(source_id=page, path=page, root=url) for page in found.pages)
    return Found(given=url, items=items, broken=tuple(found.broken), whole=found.whole)


def _in_folder(given: str, folder: Path) -> Found:
    """Files in a folder and below it, hidden ones aside; a folder below that cannot be opened is named."""
    broken: list[OSError] = []
    items = []
    for root, folders, files in os.walk(folder, onerror=broken.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            file = Path(root) / name
            if not name.startswith(".") and file.suffix.lower() in KNOWN and file.is_file():
                shown = f"{folder.resolve().name}/{file.relative_to(folder).as_posix()}"
                items.append(Item(source_id=shown, path=str(file.resolve())))
    return Found(
        given=given,
        items=tuple(sorted(items, key=lambda item: Path(item.path))),
        broken=tuple(UnreadableSource(str(one.filename), one.strerror or str(one)) for one in broken),
        whole=not broken,
    )
