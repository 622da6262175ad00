"""What else customers call a name: with words left out, by the folder of its documents, without its hyphen."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from knowledge.text.words import is_stop_word

_SEVERAL = re.compile(r"[^s]s$")

_Name = tuple[str, ...]


def also_called(lexicon: Collection[_Name], by_folder: Mapping[_Name, _Name]) -> dict[_Name, _Name]:
    """Each other way to say a name, with the name."""
    found = {**by_folder, **_elided(lexicon)}
    return found | _without_hyphens([*lexicon, *found], found)


def by_folder(
    lexicon: Mapping[_Name, int], paths: Mapping[str, Sequence[str]], tails: Mapping[str, Sequence[str]]
) -> dict[_Name, _Name]:
    """What names are called by their folder, where that can only mean one.

    In "savings accounts / gold account" the account is "gold savings", too, and the "gold savings account"; so is a
    name of that kind by its first word alone ("gold credit card" for the Gold Rewards Card), where no other of the folder begins with it.
    """
    whole: dict[_Name, set[_Name]] = {}
    first: dict[_Name, set[_Name]] = {}
    of_a_kind: set[_Name] = set()
    for source_id, tail in tails.items():
        name, path = tuple(tail), paths[source_id]
        folder = path[: len(path) - len(tail)][-2:]
        if len(folder) < 2 or not _SEVERAL.search(folder[1]) or not name or name[0] in folder:
            continue
        thing, kind = folder[0], folder[1].removesuffix("s")
        _add(first, name[:1], thing, kind, name)
        if len(name) > 1 and name[-1] == kind:
            of_a_kind.add(name)
            _add(whole, name[:-1], thing, kind, name)
    only = {alias: names.pop() for alias, names in (first | whole).items() if len(names) == 1}
    return {alias: name for alias, name in only.items() if name in of_a_kind & lexicon.keys() and alias not in lexicon}


def _add(found: dict[_Name, set[_Name]], said: _Name, thing: str, kind: str, name: _Name) -> None:
    """Adds a name to what "gold savings" and "gold savings account" may mean."""
    found.setdefault((*said, thing), set()).add(name)
    found.setdefault((*said, thing, kind), set()).add(name)


def _elided(lexicon: Collection[_Name]) -> dict[_Name, _Name]:
    """What customers make of long names, with the name that it can only mean: the name before, and one word of the rest.

    ("gold", "card") is the Gold Rewards Card where no other card's name begins with "gold". The name before need be none by
    itself where others are called alike: beside a Platinum Rewards Card, "gold card" is no chance.
    """
    alike = Counter(name[1:] for name in lexicon)
    found: dict[_Name, _Name] = {}
    several: set[_Name] = set()
    for name in sorted(lexicon):  # a name stands before those that begin with it
        for length in range(1, len(name) - 1):
            known_before = name[:length] in lexicon
            rest = name[length + 1 :] if known_before else name[-1:] if length == 1 < alike[name[1:]] else ()
            for word in {word for word in rest if not is_stop_word(word)}:
                short = (*name[:length], word)
                known = found.setdefault(short, name)
                if name[: len(known)] != known:
                    several.add(short)
    return {short: name for short, name in found.items() if short not in several and short not in lexicon}


def _without_hyphens(names: Iterable[_Name], known: Mapping[_Name, _Name]) -> dict[_Name, _Name]:
    """Names written with a hyphen as they are written without one: "crypto cash back" for "crypto-cash back"."""
    apart = {name: tuple(part for word in name for part in word.split("-")) for name in names}
    return {split: known.get(name, name) for name, split in apart.items() if split != name}
