"""What was collected and must not be kept: of who withdrew their agreement, and of who was deleted.

Data files are scrubbed at once. A trained bundle holds no conversation, but what it learned from them: those that were
trained from scrubbed data are named, to be trained anew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from filelock import FileLock

from agent.conversations.consent import Consents
from agent.conversations.files import remove_files
from agent.errors import BundleError, CallerError
from agent.forgotten import Digests, Forgettable, digests_of
from agent.home import Home
from agent.learning.event_log import read_agreement
from agent.learning.records import CleanUtterance, read_records
from agent.learning.runs import Run, StepName, runs_of
from agent.learning.scrubbing import Traces, files_below, scrub
from agent.learning.waiting import waited
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.training.bundle import Card, read_card
from agent.training.data import fingerprint, read_labelled

IsGone = Callable[[str, str | None], bool]
"""Tells by the id of a conversation and the digest of its customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A bundle that was trained from what is forgotten. certain: its data's fingerprint says so; else it may have been."""

    folder: Path
    card: Card
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlearned:
    """What was taken out. conversations: their ids; places: lines, rows, members of lists and samples in reports."""

    conversations: tuple[str, ...] = ()
    places: int = 0
    files: tuple[Path, ...] = ()
    stale: tuple[Stale, ...] = ()


def left_out(settings: Settings) -> IsGone:
    """Tells which conversations must not be learned from, as the store stands now."""
    return waited(read_agreement(settings)).forbids


def honour(home: Home, settings: Settings) -> Unlearned:
    """Scrubs all runs of conversations that the store no longer lets anybody learn from; for the begin of every step."""
    return unlearn(home, left_out(settings)) if runs_of(home) else Unlearned()


def unlearn_ids(home: Home, ids: Sequence[str]) -> None:
    """The same for these conversations of the store alone; what `Conversations` calls when somebody withdraws."""
    gone = frozenset(ids)
    unlearn(home, lambda name, _: name in gone)


def forget(home: Home, settings: Settings, kind: Forgettable, id: str, *, delete: bool) -> tuple[list[str], Unlearned]:
    """Keeps a customer or a conversation from learning for good, and unlearns what was collected of them.

    delete: takes their conversations out of the store, too. id: of a conversation also as `file/id`, of an import.
    Returns the ids of the store's conversations, and what went from the folders of learning.
    """
    digests = digests_of(home)
    ids = waited(_refuse(settings, digests, kind, id, delete=delete))
    if delete:
        remove_files(home.files, ids)
    key = digests.of(kind, id)

    def is_gone(name: str, customer: str | None) -> bool:
        own = {digests.of("conversation", name), digests.of("conversation", name.partition("/")[2])}
        return key in own or name in ids or (customer is not None and digests.salted(customer) == key)

    return ids, unlearn(home, is_gone)


async def _refuse(settings: Settings, digests: Digests, kind: Forgettable, id: str, *, delete: bool) -> list[str]:
    engine = await open_engine(settings.database_url)
    try:
        consents = Consents(engine, digests)
        if kind == "customer":
            ids = await consents.conversations_of(id)
        else:
            ids = [id] if await consents.exists(id) else []
        await (consents.delete if delete else consents.refuse)(kind, id, ids)
        return ids
    finally:
        await close_engine(engine)


def unlearn(home: Home, is_gone: IsGone) -> Unlearned:
    """Scrubs run folders, what was accepted and what of it was kept apart; returns what went, and the bundles that must be trained anew."""
    runs = runs_of(home)
    if not runs:
        return Unlearned()
    with FileLock(home.root / "learning" / ".forgetting.lock"):
        found = [(run, traces) for run in runs if (traces := _traces(run, is_gone)).conversations]
        if not found:
            return Unlearned()
        every = Traces(
            conversations={name for _, traces in found for name in traces.conversations},
            texts={text for _, traces in found for text in traces.texts},
        )
        accepted, frozen = home.root / "learning" / "accepted", home.root / "learning" / "frozen" / "kept"
        before = _fingerprints(accepted)
        changed = {file: count for run, traces in found for file, count in _scrub_run(run, traces)}
        below = [*files_below(accepted), *files_below(frozen)]
        kept = {file: count for file in below if (count := scrub(file, every))}
        files = (*changed, *kept)
        return Unlearned(
            conversations=tuple(sorted(every.conversations)),
            places=sum(changed.values()) + sum(kept.values()),
            files=files,
            stale=tuple(
                _stale(
                    home, [run for run, _ in found], {before.get(file, "") for file in kept if accepted in file.parents}
                )
            ),
        )


def _traces(run: Run, is_gone: IsGone) -> Traces:
    """The conversations of a run that must go, and what was said in them once it was cleaned."""
    collected = [run.folder(StepName.COLLECT), run.folder(StepName.COLLECT) / "parts", run.folder(StepName.CLEAN)]
    ids: set[str] = set()
    texts: set[str] = set()
    for folder in collected:
        for file in folder.glob("*.jsonl"):
            if file.name.startswith(("conversations", "log", "import-")) and not file.name.endswith(".broken.jsonl"):
                for name, spoken in _gone_in(file, is_gone):
                    ids.add(name)
                    texts.update(spoken)
    utterances = run.folder(StepName.CLEAN) / "utterances.jsonl"
    if ids and utterances.is_file():
        for said in read_records(utterances, CleanUtterance):
            if said.id.rpartition("#")[0] in ids:
                texts.update((said.text, *said.sentences))
    return Traces(conversations=ids, texts=texts)


def _gone_in(file: Path, is_gone: IsGone) -> Iterator[tuple[str, list[str]]]:
    """(id, what was said) of the conversations of a file that must go; each step looks, so the others are only skimmed."""
    with file.open("rb") as lines:
        for line in lines:
            record = orjson.loads(line)
            if is_gone(record["id"], record.get("customer")):
                yield record["id"], [turn["text"] for turn in record["turns"]]


def _scrub_run(run: Run, traces: Traces) -> Iterator[tuple[Path, int]]:
    """Files of a run that were changed. In the first two steps ids alone decide: others may have said the same."""
    by_id = Traces(conversations=traces.conversations, texts=())
    early = {run.folder(StepName.COLLECT), run.folder(StepName.CLEAN)}
    for file in files_below(run.root):
        in_early = not early.isdisjoint(file.parents)
        count = scrub(file, by_id if in_early and file.suffix == ".jsonl" else traces)
        if count:
            yield file, count


def _fingerprints(accepted: Path) -> dict[Path, str]:
    """What bundles that were trained from the accepted examples alone have as fingerprint of their data."""
    found: dict[Path, str] = {}
    for file in accepted.glob("*.csv"):
        try:
            found[file] = fingerprint(read_labelled(file))
        except CallerError:
            continue
    return found


def _stale(home: Home, runs: Sequence[Run], accepted: set[str]) -> Iterator[Stale]:
    """Bundles of these runs, those in use that have the same data, and, where accepted examples went, the others in use."""
    certain = set(accepted) - {""}
    for run in runs:
        for folder, card in _bundles(run.folder(StepName.TRAIN)):
            certain.add(card.data_sha256)
            yield Stale(folder=folder, card=card, certain=True)
    for folder, card in _bundles(home.root / "bundles"):
        if card.data_sha256 in certain or accepted:
            yield Stale(folder=folder, card=card, certain=card.data_sha256 in certain)


def _bundles(root: Path) -> Iterator[tuple[Path, Card]]:
    for file in sorted(root.rglob("bundle.json")):
        try:
            yield file.parent, read_card(file.parent)
        except BundleError:
            continue
