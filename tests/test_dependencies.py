"""What the product imports, it declares and pins: what only the tools for tests bring is not there for who installs it."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_ROOMS = ("agent", "connectors", "evals", "knowledge")
_ASIDE = ("evals/benchmarks", "evals/fits")  # measure the product, with whatever that takes


def project() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found


def plain(requirement: str) -> str:
    """The name of a distribution, as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]).lower()


def declared() -> dict[str, set[str]]:
    """Name of an extra, or "core", to the distributions that it declares."""
    told = project()
    extras = told["optional-dependencies"]
    assert isinstance(extras, dict)
    lists = {"core": told["dependencies"], **{name: of for name, of in extras.items() if name != "dev"}}
    return {name: set(map(plain, of)) for name, of in lists.items() if isinstance(of, list)}


def imported(source: str) -> Iterator[str]:
    """Packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.split(".")[0]


def test_every_package_that_is_imported_is_declared() -> None:
    known = set().union(*declared().values())
    of = packages_distributions()
    undeclared = {
        f"{file.relative_to(_ROOT)}: {name}"
        for room in _ROOMS
        for file in sorted((_ROOT / room).rglob("*.py"))
        if not file.relative_to(_ROOT).as_posix().startswith(_ASIDE)
        for name in imported(file.read_text("utf-8"))
        if name not in sys.stdlib_module_names and name not in _ROOMS
        if known.isdisjoint(map(plain, of.get(name, [name])))
    }
    assert not undeclared


@pytest.mark.parametrize("extra", ["core", "slack", "postgres", "mcp"])
def test_what_is_declared_is_pinned_in_the_files_that_are_installed(extra: str) -> None:
    files = ("core", extra)
    pinned = {
        plain(line)
        for name in files
        for line in (_ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    assert not declared()[extra] - pinned


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import a.b, c as d", ["a", "c"]),
        ("from .e import f", []),
        ("from g.h import i", ["g"]),
        ("def j():\n    import k", ["k"]),
        ("if TYPE_CHECKING:\n    from l import m", ["l"]),
    ],
)
def test_imports_are_found_wherever_they_stand(source: str, found: list[str]) -> None:
    assert list(imported(source)) == found
