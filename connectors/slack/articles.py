"""The home's articles, for what stands beside conversations in Slack: previews of links, and articles from messages."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from urllib.parse import urldefrag

import yaml

from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.settings import Settings
from agent.stated import forget_hidden
from connectors.slack.surfaces import Article
from knowledge.errors import UnreadableSource

COLLECTION = "slack"
"""What came from Slack is filed under this name, so that it can be taken out again as a whole."""


class HomeArticles:
    """Implements `Knowledge` over a home."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home = home
        self._settings = settings
        self._adding = asyncio.Lock()

    async def article(self, url: str) -> Article | None:
        """The article at an address, of those that anybody may read today."""
        return await asyncio.to_thread(self._find, url)

    async def add(self, title: str, text: str, source: str) -> None:
        """Writes an article into the home's `articles` and reads it as `parley ingest` does; again, it is the same one.

        Raises KnowledgeError where it cannot be read or indexed.
        """
        async with self._adding:
            await asyncio.to_thread(self._write, title, text, source)

    def _find(self, url: str) -> Article | None:
        with open_documents(self._home, self._settings) as library:
            for address in _spellings(url):
                if passages := library.passages_at(address):
                    return Article(title=passages[0].title, text=passages[0].text)
        return None

    def _write(self, title: str, text: str, source: str) -> None:
        name = sha256(source.encode()).hexdigest()[:16]
        file = self._home.articles / f"{name}.md"
        about = yaml.safe_dump({"title": title, "id": f"articles/{file.name}"}, allow_unicode=True, sort_keys=False)
        file.parent.mkdir(exist_ok=True)
        draft = file.with_suffix(".new")
        draft.write_text(f"---\n{about}---\n\n{text}\n", "utf-8")
        draft.replace(file)
        with (
            open_documents(self._home, self._settings) as library,
            closing(open_graph(self._home)) as graph,
        ):
            report = library.ingest([file], collection=COLLECTION)
            forget_hidden(graph, library)
        if report.broken:
            file.unlink()
            raise UnreadableSource(title, report.broken[0].reason)


def _spellings(url: str) -> Iterator[str]:
    """An address as it was written, then without what leads to a place in the page, each with and without its slash."""
    seen = []
    bare = urldefrag(url).url
    for one in (url, bare, bare.partition("?")[0]):
        for spelled in (one, one.rstrip("/"), f"{one.rstrip('/')}/"):
            if spelled not in seen:
                seen.append(spelled)
    yield from seen
