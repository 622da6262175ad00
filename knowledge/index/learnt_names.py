"""Names as they were learnt, kept between starts: learning those of a hundred thousand passages takes ten seconds."""

import json
from pathlib import Path

from knowledge.index.names import Name, Names

_FORMAT = "names-2"


def save_names(path: Path, names: Names, upto: int) -> None:
    """Writes the names of the passages up to a change, whole or not at all."""
    lexicon = list(names.lexicon)
    at = {name: number for number, name in enumerate(lexicon)}
    stored = {
        "format": _FORMAT,
        "upto": upto,
        "lexicon": [[*name] for name in lexicon],
        "counts": [names.lexicon[name] for name in lexicon],
        "passages": {id_: sorted(at[name] for name in under) for id_, under in names.passage_names.items() if under},
        "aliases": [[[*alias], [*name]] for alias, name in names.aliases.items()],
    }
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(stored, ensure_ascii=False), "utf-8")
    partial.replace(path)


def load_names(path: Path) -> tuple[int, Names] | None:
    """The last change that they know of, and the names; None where there are none that can be read."""
    try:
        stored = json.loads(path.read_text("utf-8"))
        if stored["format"] != _FORMAT:
            return None
        lexicon: list[Name] = [tuple(map(str, name)) for name in stored["lexicon"]]
        counts = dict(zip(lexicon, stored["counts"], strict=True))
        under = {id_: frozenset(lexicon[number] for number in found) for id_, found in stored["passages"].items()}
        aliases = {tuple(map(str, alias)): tuple(map(str, name)) for alias, name in stored["aliases"]}
        return int(stored["upto"]), Names(counts, under, aliases)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
