"""Makes the home that a suite asks for, once: another suite text, data file or embedder makes another folder."""

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from filelock import FileLock

from agent.home import Home
from agent.homes import new_home, open_documents, open_graph, sample_home
from agent.samples import sample_path
from agent.settings import load_settings
from agent.training.bundle import write_bundle
from agent.training.data import read_labelled
from agent.training.train import train
from agent.training.versions import versions_of
from evals.suites.public_sets import clinc150_train, cmrc2018_articles, mtrag_articles
from evals.suites.suite import CasesOf, HomeOf, LoadedSuite, TrainOf
from knowledge.embedders import corpus, minilm
from knowledge.progress import Progress

_ARTICLES: dict[str, Callable[[Path], Iterator[dict[str, str]]]] = {
    "cmrc2018": cmrc2018_articles,
    "mtrag": mtrag_articles,
}
_READY = "ready"


def prepare_home(loaded: LoadedSuite, wanted: HomeOf, work: Path, progress: Progress) -> Path:
    """The home's folder within `work`, one for all suites that want the same; made anew where an earlier making was cut off."""
    root = work / f"home-{_version(loaded, wanted)}"
    work.mkdir(parents=True, exist_ok=True)
    with FileLock(root.with_suffix(".lock")):  # suites that run side by side may want the same
        if not (root / _READY).exists():
            shutil.rmtree(root, ignore_errors=True)
            _make(loaded, wanted, root, progress)
            (root / _READY).touch()
    return root / "home"


def _make(loaded: LoadedSuite, wanted: HomeOf, root: Path, progress: Progress) -> None:
    root.mkdir(parents=True)
    today = wanted.now.date() if wanted.now else None
    home = sample_home(root / "home", progress, today) if wanted.sample else new_home(root / "home")
    if wanted.settings:
        home.settings_file.write_text(wanted.settings, "utf-8")
    if wanted.ingest:
        paths = [_articles(loaded, one, root) for one in wanted.ingest]
        with open_documents(home, load_settings(home.root)) as library:
            library.ingest(paths, progress=progress)
    for name in wanted.graph:
        with contextlib.closing(open_graph(home)) as graph:
            graph.import_file(loaded.path(name), progress=progress)
    for one in wanted.train:
        _train(loaded, one, home, root, progress)


def _train(loaded: LoadedSuite, wanted: TrainOf, home: Home, root: Path, progress: Progress) -> None:
    """Trains a bundle and lets it speak in the home."""
    path = loaded.path(wanted.file)
    data = clinc150_train(path) if wanted.format == "clinc150" else read_labelled(path)
    folder = root / f"trained-{wanted.task.value}"
    bundle = train(wanted.task, data, sources=(path.name,), with_sentences=wanted.sentences, progress=progress)
    write_bundle(bundle, folder)
    versions = versions_of(home, wanted.task)
    versions.promote(versions.add(folder), why="evaluation")
    shutil.rmtree(folder)


def _articles(loaded: LoadedSuite, given: CasesOf, root: Path) -> Path:
    path = loaded.path(given.file)
    if given.format not in _ARTICLES:
        return path
    made = root / f"{path.stem}.jsonl"
    made.write_bytes(b"".join(orjson.dumps(article) + b"\n" for article in _ARTICLES[given.format](path)))
    return made


def _version(loaded: LoadedSuite, wanted: HomeOf) -> str:
    digest = hashlib.sha256(wanted.model_dump_json(exclude={"now"}).encode())
    digest.update(minilm.SEARCHING.encode() if minilm.is_available() else corpus.NAME.encode())
    named = (*(one.file for one in wanted.ingest), *(one.file for one in wanted.train), *wanted.graph)
    for path in [*map(loaded.path, named), *([sample_path()] if wanted.sample else ())]:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"\n{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:12]
