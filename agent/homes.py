"""Opens what lies in a home: its settings, documents and graph; makes a home, and brings or removes the sample."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from pathlib import Path

import yaml

from agent.errors import HomeError
from agent.home import Home, new_folder
from agent.samples.install import install_sample, remove_sample, sample_settings
from agent.samples.shipped import mark_sample
from agent.settings import Settings, load_settings
from agent.settings.file import commented_settings, with_defaults
from agent.types import Language
from knowledge.embedders.choose import EmbedderChoice
from knowledge.graph import KnowledgeGraph
from knowledge.library import Library, SearchTuning
from knowledge.progress import Progress
from knowledge.rerankers.reranker import RerankerChoice


def new_home(root: Path) -> Home:
    """An empty home with commented settings and the default policy."""
    with (
        as_file(files("agent") / "policy.yaml") as policy,
        new_folder(root, settings=commented_settings(), policy=policy) as home,
    ):
        return home


def sample_home(root: Path, progress: Progress, today: date | None = None) -> Home:
    """A home with the sample company in it; one that was interrupted is finished.

    today: the day by which its orders are dated, None for what day it is.
    Raises HomeError, and changes nothing, where somebody's own home is.
    """
    refuse_own(root)
    today = today or datetime.now(UTC).date()
    settings = commented_settings(sample_settings())
    with as_file(files("agent") / "policy.yaml") as policy, new_folder(root, settings=settings, policy=policy) as home:
        mark_sample(home, today)
        with open_documents(home, load_settings(root, must_exist=False)) as documents:
            install_sample(home, documents, progress, today)
        return home


def refuse_own(root: Path, *, sample: bool = True) -> None:
    """Raises HomeError where a home is that a new one, with the sample or empty, would spoil."""
    home = Home(root)
    if home.settings_file.is_file() and not (sample and home.holds_sample):
        raise HomeError(f"{root} is a home already; it was left as it is. For a new one choose another folder.")
    if sample and not home.holds_sample and (home.documents.exists() or (root / "parley.db").exists()):
        raise HomeError(
            f"{root} holds documents or conversations and no parley.toml; it was left as it is. To have that file again: "
            f"parley init --empty {root}"
        )


def set_sample_aside(home: Home, documents: Library) -> tuple[str, ...] | None:
    """Takes the sample company out of a home, its name and settings too; None when it holds none.

    Names the files of it that stay: somebody changed one of them, and each may need the others.
    """
    if not home.holds_sample:
        return None
    stay = remove_sample(home, documents)
    kept = with_defaults(home.settings_file.read_text("utf-8"), sample_settings())
    home.settings_file.write_text(kept, "utf-8")
    return stay


def home_for_knowledge(root: Path) -> tuple[Home, Settings]:
    """The home in `root`, made empty when there is none yet, and its settings."""
    home = Home(root) if (root / "parley.toml").is_file() else new_home(root)
    return home, load_settings(root)


@contextmanager
def open_documents(home: Home, settings: Settings) -> Iterator[Library]:
    """The documents of a home, closed at the end."""
    library = Library.open(home.documents, _choice(settings), _tuning(settings))
    try:
        yield library
    finally:
        library.close()


def rebuild_documents(home: Home, settings: Settings, progress: Progress) -> None:
    """Makes the indexes of a home anew by the embedder that its settings name; no document is read again."""
    Library.rebuild(home.documents, _choice(settings), _tuning(settings), progress).close()


def _choice(settings: Settings) -> EmbedderChoice:
    wanted = settings.knowledge
    return EmbedderChoice(kind=wanted.embedder, base_url=wanted.embedding_base_url, model=wanted.embedding_model)


def _tuning(settings: Settings) -> SearchTuning:
    wanted = settings.knowledge
    reranker = RerankerChoice(
        base_url=wanted.reranker_base_url, model=wanted.reranker_model, timeout_s=wanted.reranker_timeout_s
    )
    return SearchTuning(chroma_url=wanted.chroma_url, diversity=wanted.diversity, reranker=reranker)


def open_graph(home: Home) -> KnowledgeGraph:
    """The knowledge graph of a home."""
    return KnowledgeGraph.open(home.graph)


def load_suggestions(home: Home, language: Language = "en") -> tuple[str, ...]:
    """Questions to offer to someone who has not asked anything yet."""
    if not home.suggestions_file.is_file():
        return ()
    return tuple(yaml.safe_load(home.suggestions_file.read_text("utf-8")).get(language, ()))
