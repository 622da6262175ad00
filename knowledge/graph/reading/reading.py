"""A question put to the graph, taken apart."""

from dataclasses import dataclass, replace

from knowledge.graph.reading.conditions import Conditions
from knowledge.graph.reading.phrasing import Phrasing
from knowledge.graph.reading.rest import Rest
from knowledge.graph.reading.scales import Scale
from knowledge.graph.reading.variants import Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question asks, of what, under which conditions.

    asked:       relations asked for, the likeliest first; () when none is named.
    near:        whether things near the entity are wanted.
    type:        type of the things wanted ("附近的酒店"), "" for none.
    anything:    whether things of any type are wanted ("which products").
    boolean:     what is asked to be there ("会议室"), "" for none.
    comparative: what things are compared by ("closer").
    conditions:  which things are wanted.
    denied:      whether what stands before the first entity named denies it ("not on the Team plan").
    aside:       whether it is about something that is not the entity but of it, or done with it ("insurance for the P5").
    said:        what it says of period, currency and time.
    days:        the days that it speaks of ("on Sundays", 春节).
    variants:    numbers beside a name that tell one variant from another (3段).
    goes_on:     whether an unexplained word right behind a name makes it another (防晒喷雾).
    beyond:      the last word of a name behind which an unexplained noun stands: "sofa", where the leg of a sofa is meant.
    phrasing:    how it is put.
    rest:        what of it is not understood.
    """

    asked: tuple[str, ...]
    near: bool
    type: str
    anything: bool
    boolean: str
    comparative: Scale | None
    conditions: Conditions
    denied: bool
    aside: bool
    said: frozenset[str]
    days: frozenset[str]
    variants: tuple[Variant, ...]
    goes_on: bool
    beyond: str
    phrasing: Phrasing
    rest: Rest

    def without(self, relation: str) -> "Reading":
        """The same, with a relation no longer asked for."""
        return replace(self, asked=tuple(r for r in self.asked if r != relation))

    def put(self, *, polar: bool) -> "Reading":
        """The same, put as a question for yes or no, or as one that is none."""
        return replace(self, phrasing=replace(self.phrasing, polar=polar))
