"""The wording of a graph's own keys that a mapping gives: how customers are told of them, and how they ask for them."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field


class RelationWording(BaseModel):
    """How one relation is said. Each field: language → words; value holds "{}" where the value goes ("{}美元").

    holds, fails: what is said of a thing that the relation holds of, or does not ("waterproof", 不防水); of a relation to other
    things, what stands before them ("compatible with", 适配). Customers are understood by both: "with sugar" denies "sugar-free".
    cues: other words by which customers ask for it ("fits", 能用在), besides those that the lexicon knows.
    """

    model_config = ConfigDict(extra="forbid")

    label: dict[str, str] = Field(default_factory=dict)
    value: dict[str, str] = Field(default_factory=dict)
    holds: dict[str, str] = Field(default_factory=dict)
    fails: dict[str, str] = Field(default_factory=dict)
    cues: dict[str, list[str]] = Field(default_factory=dict)


class MappedWording(BaseModel):
    """The wording that a mapping gives. types, terms: type or value → language → words."""

    model_config = ConfigDict(extra="forbid")

    relations: dict[str, RelationWording] = Field(default_factory=dict)
    types: dict[str, dict[str, str]] = Field(default_factory=dict)
    terms: dict[str, dict[str, str]] = Field(default_factory=dict)

    def spoken(self) -> dict[str, list[str]]:
        """Value → other words for it, by which a question may name it."""
        return {term: [words for words in said.values() if words] for term, said in self.terms.items()}

    def labels(self) -> dict[str, list[str]]:
        """Relation → its labels, by which a question may ask for it."""
        return {relation: [w for w in said.label.values() if w] for relation, said in self.relations.items()}

    def cues(self) -> dict[str, list[str]]:
        """Relation → other words by which a question may ask for it: its cues, and what is said where it holds."""
        return {
            r: [
                *(word for words in said.cues.values() for word in words),
                *(word for word in said.holds.values() if word),
            ]
            for r, said in self.relations.items()
        }

    def denials(self) -> dict[str, list[str]]:
        """Relation → words that say that it does not hold."""
        return {
            relation: [words for words in said.fails.values() if words] for relation, said in self.relations.items()
        }

    def listing(self) -> list[str]:
        """Relations of which it is said what stands before the things that they lead to."""
        return [relation for relation, said in self.relations.items() if said.holds]


def together(wordings: Iterable[MappedWording]) -> MappedWording:
    """The wordings of several sources as one; the last that words a key is taken."""
    found = MappedWording()
    for wording in wordings:
        found.relations.update(wording.relations)
        found.types.update(wording.types)
        found.terms.update(wording.terms)
    return found
