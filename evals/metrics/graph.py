"""Whether an answer from the graph names what it should."""

from collections.abc import Sequence

from evals.metrics.text import f1_of_sets, plain

Fact = Sequence[str]
"""Head, relation, tail."""


def graph_exact(facts: Sequence[Fact], gold: Sequence[Fact]) -> float:
    """1 when the facts are just the gold ones, in any order, else 0; case, width and spaces aside."""
    return float(set(map(_plain, facts)) == set(map(_plain, gold)))


def graph_f1(facts: Sequence[Fact], gold: Sequence[Fact]) -> float:
    """F1 of the facts against the gold ones (as Berant et al. 2013 score sets of answers), 0…1."""
    return f1_of_sets(list(map(_plain, facts)), list(map(_plain, gold)))


def _plain(fact: Fact) -> tuple[str, ...]:
    return tuple(plain(str(part)) for part in fact)
