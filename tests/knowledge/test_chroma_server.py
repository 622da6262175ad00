"""Vectors on a real Chroma server (`chroma run`) on this machine."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from knowledge.errors import KnowledgeError
from knowledge.library import Library, SearchTuning

_PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, folder = free_port(), tmp_path_factory.mktemp("chroma")
    run = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"
    arguments = ["run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    output = (folder / "log").open("wb")
    process = subprocess.Popen([sys.executable, "-c", run, *arguments], stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(_PATIENCE_S * 10):
            assert process.poll() is None, (folder / "log").read_text("utf-8", "replace")
            try:
                if httpx.get(f"{url}/api/v2/heartbeat", trust_env=False).is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)
        output.close()


def test_a_library_keeps_its_vectors_on_the_server(server: str, tmp_path: Path, docs: Path) -> None:
    tuning = SearchTuning(chroma_url=server)
    library = Library.open(tmp_path / "library", "corpus", tuning)
    library.ingest([docs])
    found = library.search("how long do I have to send something back?", 1)
    assert found.passages[0].passage.source_id == "docs/returns.md"
    assert not found.failed_arms
    (docs / "delivery.md").unlink()
    library.ingest([docs], prune=True)
    assert library._indexing.vectors().index.count() == library.size
    library.close()
    rebuilt = Library.rebuild(tmp_path / "library", "corpus", tuning)
    assert rebuilt.search("return shipping", 1).passages[0].passage.source_id == "docs/returns.md"
    assert rebuilt._indexing.vectors().index.count() == rebuilt.size
    assert not list((tmp_path / "library").rglob("chroma.sqlite3"))
    rebuilt.close()


def test_a_server_that_is_not_there_leaves_the_words(tmp_path: Path, docs: Path, server: str) -> None:
    library = Library.open(tmp_path / "library", "corpus", SearchTuning(chroma_url=server))
    library.ingest([docs])
    library.close()
    away = Library.open(tmp_path / "library", "corpus", SearchTuning(chroma_url=f"http://127.0.0.1:{free_port()}"))
    found = away.search("return shipping", 1)
    assert found.passages[0].passage.source_id == "docs/returns.md"
    assert "knowledge.chroma_url" in found.failed_arms["vector"]
    (docs / "new.md").write_text("# New\n\nSomething new.\n", "utf-8")
    with pytest.raises(KnowledgeError, match="chroma run"):
        away.ingest([docs])
    away.close()
