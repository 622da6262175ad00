"""Query expansion learnt from what customers wrote and what answered them: "lost" brings in "stolen" and "replace".

For each term of questions, the terms of their answers that come far more often than chance, and that the question itself
lacks (a lexical translation model, Berger & Lafferty 1999, with lift in place of EM, as pairs are few). What customers
call a thing is thus bridged to what the articles call it.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import KnowledgeError

_FILE = "expansion.json"
_FEWEST = 3
_LEAST_LIFT, _FULL_LIFT = 2.0, 8.0
_LEAST_SHARE = 0.2
_A_TERM, _A_QUESTION = 8, 15
_STRENGTH = 0.4

Pair = tuple[Collection[str], Collection[str]]
"""Index terms of a question, and of the passage that answered it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """associations: a question's term to terms that its answers hold, each with its weight 0…1."""

    associations: Mapping[str, Sequence[tuple[str, float]]] = field(default_factory=dict)

    def of(self, terms: Collection[str]) -> dict[str, float]:
        """Terms to look for besides, with weights below those of the question's own."""
        found: dict[str, float] = {}
        for asked in terms:
            for term, weight in self.associations.get(asked, ()):
                if term not in terms:
                    found[term] = max(found.get(term, 0.0), _STRENGTH * weight)
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_A_QUESTION])


def learn_expansion(pairs: Sequence[Pair]) -> Expansion:
    """The associations of pairs; none where pairs are few or say nothing."""
    asked, answered = _counted(terms for terms, _ in pairs), _counted(terms for _, terms in pairs)
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for question, answer in pairs:
        new = set(answer) - set(question)
        for term in set(question):
            if asked[term] >= _FEWEST:
                together[term].update(new)
    associations: dict[str, tuple[tuple[str, float], ...]] = {}
    for term, counts in together.items():
        weighed = [
            (other, weight)
            for other, count in counts.items()
            if count >= _FEWEST and (weight := _weight(count / asked[term], answered[other] / len(pairs)))
        ]
        if weighed:
            associations[term] = tuple(sorted(weighed, key=lambda one: (-one[1], one[0]))[:_A_TERM])
    return Expansion(associations=associations)


def load_expansion(folder: Path) -> Expansion:
    """What was learnt in this folder, nothing where nothing was. Raises KnowledgeError for a broken file."""
    path = folder / _FILE
    if not path.is_file():
        return Expansion()
    try:
        stored = json.loads(path.read_text("utf-8"))
        found = {str(term): [(str(other), float(weight)) for other, weight in row] for term, row in stored.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise KnowledgeError(f"{path} is no file of associations ({error}). Remove it, or fit again.") from error
    return Expansion(associations=found)


def save_expansion(folder: Path, expansion: Expansion) -> None:
    """Keeps what was learnt for the next start, whole or not at all."""
    rows = {term: [(other, round(weight, 4)) for other, weight in row] for term, row in expansion.associations.items()}
    partial = folder / f"{_FILE}.partial"
    partial.write_text(json.dumps(rows, ensure_ascii=False, indent=0), "utf-8")
    partial.replace(folder / _FILE)


def _counted(texts: Iterable[Collection[str]]) -> Counter[str]:
    return Counter(term for terms in texts for term in set(terms))


def _weight(share: float, usual: float) -> float:
    """0…1 by how often a term comes with another, and how much more often than usual; 0 where that is nothing much."""
    lift = share / usual
    if share < _LEAST_SHARE or lift < _LEAST_LIFT:
        return 0.0
    return share * (1 - usual) * min(1.0, math.log(lift) / math.log(_FULL_LIFT))
