"""The rules of the shipped policy that a home's own lacks, as it was made before they came; and these put where they stand there."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

import yaml

from agent.errors import SettingsError, reason_of
from agent.home import Home
from agent.policy_of_home import flow_names, policy_of
from agent.samples.shipped import shipped_policy
from agent.tools.record_lookup import load_tools


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyUpdate:
    """missing: names of the shipped rules that the home lacks; otherwise: of those that read otherwise there, which stay as
    they are; text: of the policy with those missing put in, "" where rules don't stand one below the other.
    """

    missing: tuple[str, ...]
    otherwise: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Block:
    """A rule as it is written, with the comments above it: lines start to end, end exclusive, and the column of its dash, -1
    where none stands right before it.
    """

    name: str
    rule: Mapping[str, object]
    start: int
    end: int
    column: int

    def uses(self, what: str) -> str:
        """The tool or flow that it needs, "" for none."""
        return str(self.rule.get(what, ""))


def policy_update(home: Home) -> PolicyUpdate:
    """What the shipped policy (the sample company's in a home that holds it) has that the home's does not; rules for
    tools and flows that the home lacks are none of its own.

    Raises SettingsError where the home's policy can't be read.
    """
    path, shipped = home.policy_file, shipped_policy(home)
    own, theirs = _read(path), _read(shipped)
    usable = {*load_tools(home.tools_file), *flow_names(home), ""}
    blocks = [block for block in _blocks(theirs, shipped) if {block.uses("tool"), block.uses("flow")} <= usable]
    return _update(own, _blocks(own, path), theirs, blocks)


def write_update(home: Home, update: PolicyUpdate) -> Path:
    """Puts the update in place, once it is known to load; returns where the policy of before is kept.

    Raises SettingsError, and changes nothing, where it does not load, as a policy that was wrong before.
    """
    path = home.policy_file
    if not update.text:
        raise SettingsError(
            f"{path}: a rule can't be put in there; write the rules one below the other, each after a '- '"
        )
    draft = path.with_suffix(".new.yaml")
    draft.write_text(update.text, "utf-8")
    try:
        policy_of(home, draft)
    except SettingsError:
        draft.unlink()
        raise
    kept = path.with_suffix(".before.yaml")
    shutil.copyfile(path, kept)
    draft.replace(path)
    return kept


def _update(own: str, mine: Sequence[_Block], shipped: str, theirs: Sequence[_Block]) -> PolicyUpdate:
    lines, known, column = own.splitlines(), {block.name: block for block in mine}, mine[0].column
    always = next((block.start for block in mine if not block.rule.get("when")), len(lines))
    otherwise = tuple(one.name for one in theirs if one.name in known and known[one.name].rule != one.rule)
    before: dict[int, list[str]] = {}
    missing: list[str] = []
    for number, block in enumerate(theirs):
        if block.name not in known:
            missing.append(block.name)
            written = _written(shipped, block)
            place = _place(number, theirs, known, len(lines))
            place = (
                min(place, always) if block.rule.get("when") else place
            )  # none is reached below one that always fits
            before.setdefault(place, []).append(indent(written, " " * column))
    if any(block.column < 0 for block in mine):
        return PolicyUpdate(missing=tuple(missing), otherwise=otherwise, text="")
    found: list[str] = []
    for number in range(len(lines) + 1):
        for written in before.get(number, ()):
            found += [*written.splitlines(), ""]
        found += lines[number : number + 1]
    return PolicyUpdate(missing=tuple(missing), otherwise=otherwise, text="\n".join(found).rstrip() + "\n")


def _place(number: int, theirs: Sequence[_Block], known: Mapping[str, _Block], end: int) -> int:
    """The line before which a rule belongs, as the first that fits decides: above the next shipped one that is there, else
    below the one before it.
    """
    below = (known[block.name].start for block in theirs[number + 1 :] if block.name in known)
    above = (known[block.name].end for block in reversed(theirs[:number]) if block.name in known)
    return next(below, next(above, end))


def _written(text: str, block: _Block) -> str:
    return dedent("\n".join(text.splitlines()[block.start : block.end])).strip("\n")


def _blocks(text: str, path: Path) -> list[_Block]:
    """The rules of a policy, in order."""
    try:
        root, loaded = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
        rules = next(value for key, value in root.value if key.value == "rules")  # type: ignore[union-attr]
        items = [(item.start_mark.line, item.start_mark.column) for item in rules.value]
        names = [str(rule["name"]) for rule in loaded["rules"]]
    except (yaml.YAMLError, StopIteration, AttributeError, KeyError, TypeError) as error:
        raise SettingsError(f"{path}: it can't be read as rules, one below the other: {error}") from error
    lines = text.splitlines()
    starts = [_with_comments(lines, line) for line, _ in items]
    columns = [lines[line].rfind("- ", 0, column) for line, column in items]
    return [
        _Block(*made) for made in zip(names, loaded["rules"], starts, [*starts[1:], len(lines)], columns, strict=True)
    ]


def _with_comments(lines: Sequence[str], line: int) -> int:
    """The first of the lines of comment right above one."""
    while line and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {reason_of(error)}") from error
