"""Which files of a home are still as Parley shipped them: those alone may be replaced or taken out."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from agent.home import SAMPLE_MARK, Home
from agent.samples import sample_path
from agent.samples.dated import as_of

_ORDERS = "orders.csv"
_WORKING = ("tools.yaml", _ORDERS, "policy.yaml")
"""One needs the other: rules name flows, flows name operations, and these read the orders."""
_APART = ("suggestions.yaml",)


def mark_sample(home: Home, today: date) -> None:
    """Marks a home as the sample's, and keeps the digest of all that it ships, by which a later version knows it."""
    mark = home.root / SAMPLE_MARK
    known = _marked(home) | {f"{_digest(content)} {name}" for name, content in _contents(today)}
    draft = mark.with_suffix(".new")
    draft.write_text("\n".join(sorted(known)) + "\n", "utf-8")
    draft.replace(mark)


def copy_shipped(home: Home, today: date) -> None:
    """Writes the sample's files, its orders as of today; one that somebody changed is left as it is."""
    home.flows.mkdir(exist_ok=True)
    for name, content in _contents(today):
        there = home.root / name
        if not there.exists() or _is_shipped(home, name):
            there.write_bytes(content)


def remove_shipped(home: Home) -> tuple[str, ...]:
    """Takes the sample's files out; names those that stay, because somebody changed them or what is changed needs them."""
    own = [name for name in _at_work(home) if not _is_shipped(home, name)]
    leaving = [*_APART, *(() if own else _at_work(home))]
    for name in leaving:
        if _is_shipped(home, name):
            (home.root / name).unlink(missing_ok=True)
    if not home.policy_file.exists():
        home.policy_file.write_bytes(_default_policy().read_bytes())
    return tuple(_at_work(home)) if own else ()


def _at_work(home: Home) -> Iterator[str]:
    """Files there by which the bot acts, own ones among the flows too."""
    names = [*_WORKING, *(f"flows/{file.name}" for file in sorted(home.flows.glob("*.yaml")))]
    return (name for name in names if (home.root / name).is_file())


def _is_shipped(home: Home, name: str) -> bool:
    """Whether a file is as this version or the one that made the home shipped it; no file is nobody's."""
    there = home.root / name
    if not there.is_file():
        return False
    known = _marked(home) | {f"{_digest(file.read_bytes())} {of}" for of, file in _shipped()}
    known.add(f"{_digest(_default_policy().read_bytes())} policy.yaml")
    return f"{_digest(there.read_bytes())} {name}" in known


def _shipped() -> Iterator[tuple[str, Path]]:
    """Name in the home, and the file that ships."""
    source = sample_path()
    yield from ((name, source / name) for name in (*_WORKING, *_APART) if (source / name).is_file())
    yield from ((f"flows/{file.name}", file) for file in sorted((source / "flows").glob("*.yaml")))


def _contents(today: date) -> Iterator[tuple[str, bytes]]:
    """Name in the home, and what is written there."""
    for name, file in _shipped():
        content = file.read_bytes()
        yield name, as_of(today, content.decode()).encode() if name == _ORDERS else content


def shipped_policy(home: Home) -> Path:
    """The policy that ships for a home: the sample company's where it holds that."""
    return sample_path() / "policy.yaml" if home.holds_sample else _default_policy()


def _default_policy() -> Path:
    return Path(str(files("agent"))) / "policy.yaml"


def _marked(home: Home) -> set[str]:
    mark = home.root / SAMPLE_MARK
    return set(mark.read_text("utf-8").splitlines()) if mark.is_file() else set()


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
