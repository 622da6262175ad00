"""Finds how two entities are connected: the shortest path along edges in either direction."""

import re
from collections.abc import Iterator
from itertools import pairwise

from knowledge.graph.facts import GraphFacts
from knowledge.graph.memory import GraphMemory
from knowledge.types import Fact, GraphAnswer, GraphStatus

_ASKS = re.compile(
    r"(?:什么|何|啥|哪些)(?:样的)?(?:关系|联系|关联)|(?:有没有|有无)(?:什么)?(?:关系|联系|关联)|有(?:关系|联系|关联)[吗么]"
    r"|怎(?:么|样)(?:关联|联系|连接)(?:起来|在一起|的)?|之间的(?:关系|联系|路径)"
    r"|\b(?:connected|connection|related|relationship|relation|linked|link) (?:to|with|between)|\bpath (?:from|between)"
    r"|\bhow (?:is|are)\b.{0,120}\b(?:connected|related|linked)|\bwhat (?:connects|links|relates)",
    re.IGNORECASE,
)
_HOPS = 4
_NODES = 50_000  # nodes that are looked at before the search is given up: a question is answered in bounded time


class Connections:
    """Answers how two entities are connected."""

    def __init__(self, memory: GraphMemory, facts: GraphFacts) -> None:
        self._graph = memory.graph
        self._facts = facts

    @staticmethod
    def asked(question: str) -> bool:
        """Whether a question asks how things are connected."""
        return bool(_ASKS.search(question))

    def between(self, first: str, second: str) -> GraphAnswer:
        """The shortest path from one entity to the other, as facts in reading order."""
        path = self._path(first, second)
        names = (self._facts.name(first), self._facts.name(second))
        facts = tuple(self._edge(a, b) for a, b in pairwise(path))
        return GraphAnswer(
            status=GraphStatus.ANSWERED if facts else GraphStatus.MISSING,
            form="path",
            subjects=names,
            results=tuple(map(self._facts.name, path)),
            facts=facts,
            score=0.9,
        )

    def _edge(self, a: str, b: str) -> Fact:
        """One edge between neighbours, whichever way it leads."""
        for head, tail in ((a, b), (b, a)):
            if stated := self._graph.get_edge_data(head, tail):
                return self._facts.link(head, next(iter(stated)), tail)
        raise AssertionError("a path runs along edges")  # pragma: no cover

    def _path(self, first: str, second: str) -> list[str]:
        """Breadth first from both ends, a step at a time from the smaller; [] where the ends do not meet."""
        before: dict[str, str] = {first: ""}
        after: dict[str, str] = {second: ""}
        edges = ([first], [second])
        for _ in range(_HOPS):
            if first == second or len(before) + len(after) > _NODES or not all(edges):
                break
            forward = len(edges[0]) <= len(edges[1])
            seen, other = (before, after) if forward else (after, before)
            found: list[str] = []
            for node in edges[0] if forward else edges[1]:
                for near in self._around(node):
                    if near in seen:
                        continue
                    seen[near] = node
                    if near in other:
                        return [*reversed(list(_back(before, near))), *list(_back(after, near))[1:]]
                    found.append(near)
            edges = (found, edges[1]) if forward else (edges[0], found)
        return []

    def _around(self, node: str) -> Iterator[str]:
        yield from self._graph.adj[node]
        yield from self._graph.pred[node]


def _back(came_from: dict[str, str], node: str) -> Iterator[str]:
    while node:
        yield node
        node = came_from[node]
