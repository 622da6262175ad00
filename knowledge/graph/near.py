"""The names around a question: of the things that it names, and of those that one edge joins to them."""

from collections.abc import Iterator, Sequence
from itertools import chain

from knowledge.graph.memory import GraphMemory
from knowledge.retrieval.neighbours import ITSELF, JOINED

_MOST = 30  # neighbours: what hangs on a hub says little about it


def names_near(memory: GraphMemory, nodes: Sequence[str]) -> dict[str, float]:
    """Name → how close it is; the same of its aliases and its names in other languages."""
    found = {name: ITSELF for node in nodes if node in memory.graph for name in _names(memory, node)}
    for node in nodes:
        if node not in memory.graph:
            continue
        joined = dict.fromkeys(chain(memory.graph.successors(node), memory.graph.predecessors(node)))
        for neighbour in joined if len(joined) <= _MOST else ():
            for name in _names(memory, neighbour):
                found.setdefault(name, JOINED)
    return found


def _names(memory: GraphMemory, node: str) -> Iterator[str]:
    entity = memory.entity(node)
    yield entity.name
    yield from entity.aliases
    yield from (name for stated in entity.statements.values() for name in stated.names.values())
