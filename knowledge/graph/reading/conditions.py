"""The conditions by which a question says which things are wanted."""

from dataclasses import dataclass

from knowledge.graph.reading.bounds import Bound
from knowledge.graph.reading.flags import Flag
from knowledge.graph.reading.scales import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Which things are wanted; false where nothing says so.

    superlative: what the best of them is best by.
    bounds:   what numbers they must have.
    equals:   (relation, value) that they must have; excluded: that they must not have.
    beside:   relations of which they must state one: what they are near to ("near a metro station").
    flags:    what they must be, or must not be.
    """

    superlative: Scale | None
    bounds: tuple[Bound, ...]
    equals: tuple[tuple[str, str], ...]
    excluded: tuple[tuple[str, str], ...]
    beside: tuple[str, ...]
    flags: tuple[Flag, ...]

    def __bool__(self) -> bool:
        return bool(self.superlative or self.limited)

    @property
    def limited(self) -> bool:
        """Whether not all things are wanted, whichever is the best of them."""
        return bool(self.bounds or self.equals or self.excluded or self.beside or self.flags)

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """All values that are named, with their relations."""
        return (*self.equals, *self.excluded)

    @property
    def flagged(self) -> frozenset[str]:
        """The relations that must hold, or must not."""
        return frozenset(flag.relation for flag in self.flags)

    @property
    def relations(self) -> frozenset[str]:
        """The relations that a thing must have to be judged by them, the likeliest where there are several."""
        of_values = (relation for relation, _ in self.values)
        of_bounds = (bound.relations[0] for bound in self.bounds if bound.relations)
        ranked = self.superlative.relations[:1] if self.superlative else ()
        return frozenset((*of_values, *self.flagged, *of_bounds, *ranked))
