"""What kind of thing an entity is, as articles speak of it: the Birka Table is a table, and of oak."""

from collections.abc import Sequence
from itertools import islice

from knowledge.graph.facts import GraphFacts
from knowledge.graph.truth import is_truth
from knowledge.text.han import HAN
from knowledge.types import OfKind, Wording

_OTHERS = 200  # other things of the kind, whose names are told
_LEAST = 2  # characters of a name, and letters of a trait


def of_kind(facts: GraphFacts, wording: Wording, language: str, nodes: Sequence[str]) -> OfKind:
    """The kind that entities share, in words of a language; "" where they share none or it has no word there."""
    types = list(dict.fromkeys(map(facts.type, nodes)))
    word = wording.terms.get(types[0], types[0]).replace("_", " ").lower() if len(types) == 1 else ""
    kind = word if bool(HAN.search(word)) is (language == "zh") else ""
    siblings = (node for type_ in types for node in facts.by_type.get(type_, ()) if node not in nodes)
    own = {begun for node in nodes for begun in _begun(facts.all_names(node), kind)}
    others = {begun for node in islice(siblings, _OTHERS) for begun in _begun(facts.all_names(node), kind)}
    return OfKind(kind=kind, types=tuple(types), traits=_traits(facts, nodes), others=tuple(sorted(others - own)))


def _begun(names: Sequence[str], kind: str) -> list[str]:
    """What tells names from others of their kind: their first word, or all of a Chinese one but the word for the kind."""
    found = (name.removesuffix(kind).strip() if HAN.search(name) else name.split(" ", 1)[0] for name in names)
    return [begun for begun in found if len(begun) >= _LEAST]


def _traits(facts: GraphFacts, nodes: Sequence[str]) -> tuple[str, ...]:
    """Words that are stated of all of them and of other things as well: of oak, in black."""
    told: list[dict[str, None]] = []
    for node in nodes:
        values = {r: facts.values(node, r) for r in facts.stated(node) if r in facts.categories}
        told.append(dict.fromkeys(v for own in values.values() for v in own if isinstance(v, str) and not is_truth(v)))
    return tuple(value for value in told[0] if all(value in one for one in told[1:]) and len(value) >= _LEAST)
