"""What a person accepts: added to `HOME/learning/accepted/utterances.csv`, from which the next model is trained."""

import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from agent.errors import CallerError, reason_of
from agent.home import Home
from agent.learning.intents.records import Cluster, Suspect
from agent.training.bundle import Task
from agent.training.data import Labelled

_LONGEST_LABEL = 80
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of it. added: new texts; changed: texts that had another label; known: those that had it already."""

    added: int = 0
    changed: int = 0
    known: int = 0


def accepted_file(home: Home, task: Task = Task.INTENT) -> Path:
    """Where accepted examples lie."""
    return home.root / "learning" / "accepted" / ("utterances.csv" if task is Task.INTENT else f"{task.value}.csv")


def read_accepted(home: Home, task: Task = Task.INTENT) -> Labelled:
    """All that was accepted, possibly nothing. Raises CallerError when the file is damaged."""
    held = _read(accepted_file(home, task))
    return Labelled(tuple(text for text, _ in held.values()), tuple(label for _, label in held.values()))


def accept(home: Home, pairs: Iterable[tuple[str, str]], task: Task = Task.INTENT) -> Taken:
    """Takes texts with their labels; of a text that is there already, the later label counts.

    The file is replaced whole, one writer at a time. Raises CallerError for a text or label that can't be one.
    """
    new = [(_text(text), check_label(label)) for text, label in pairs]
    file = accepted_file(home, task)
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f".{file.stem}.lock")):
        held = _read(file)
        added = changed = known = 0
        for text, label in new:
            before = held.get(same_text(text))
            added += before is None
            changed += before is not None and before[1] != label
            known += before is not None and before[1] == label
            held[same_text(text)] = (before[0] if before else text, label)
        if added or changed:
            _write(file, held)
    return Taken(added=added, changed=changed, known=known)


def accept_clusters(
    home: Home, named: Sequence[tuple[Cluster, str]], texts: Mapping[str, str], *, without: Sequence[str] = ()
) -> Taken:
    """Takes the members of clusters, each under the name of an intent; all or none. texts: of the run's utterances by id.

    Raises CallerError when `without` names what is no member, or the run no longer has a member's text.
    """
    strangers = sorted(set(without) - {member for cluster, _ in named for member in cluster.members})
    if strangers:
        one = named[0][0].id
        raise CallerError(f"{one} has no member {', '.join(strangers)}; see parley learn clusters {one}")
    kept = [(member, name) for cluster, name in named for member in cluster.members if member not in set(without)]
    lost = [member for member, _ in kept if member not in texts]
    if lost:
        raise CallerError(f"the run has no utterance {lost[0]} any more; make the clusters anew: parley learn intents")
    return accept(home, [(texts[member], name) for member, name in kept])


def accept_suspects(home: Home, suspects: Sequence[Suspect], *, labels: Mapping[str, str]) -> Taken:
    """Takes the right labels of suspects. labels: by the suspect's id. Raises CallerError for an unknown id."""
    known = {suspect.id: suspect for suspect in suspects}
    strangers = sorted(set(labels) - set(known))
    if strangers:
        raise CallerError(f"no suspect is called {', '.join(strangers)}; see parley learn suspects")
    return accept(home, [(known[one].text, label) for one, label in labels.items()])


def check_label(label: str) -> str:
    """The label, trimmed. Raises CallerError for one that is empty, too long or holds control characters."""
    trimmed = label.strip()
    if not trimmed or len(trimmed) > _LONGEST_LABEL or _UNPRINTABLE.search(trimmed):
        raise CallerError(f"{label[:40]!r} can't be the name of an intent; give 1 to {_LONGEST_LABEL} characters")
    return trimmed


def _text(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise CallerError("an utterance without text can't be accepted")
    return line


def same_text(text: str) -> str:
    """What texts have in common that count as one: neither case nor width of letters tells them apart."""
    return unicodedata.normalize("NFKC", " ".join(text.split())).casefold()


def _read(file: Path) -> dict[str, tuple[str, str]]:
    if not file.is_file():
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = [(row["text"].strip(), row["label"].strip()) for row in csv.DictReader(stream)]
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error) as error:
        raise CallerError(
            f"{file} can't be read ({reason_of(error)}); expected a csv in UTF-8 with text,label"
        ) from error
    return {same_text(text): (text, label) for text, label in rows if text and label}


def _write(file: Path, held: Mapping[str, tuple[str, str]]) -> None:
    draft = file.with_name(f".{file.name}.new")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("text", "label"))
        writer.writerows(held.values())
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
