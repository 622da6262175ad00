"""How a graph's own keys are said to customers: as a mapping words them, else as the lexicon knows the concept."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from knowledge.graph.distances import distance_from, tells_distance
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.unit_names import bare_label
from knowledge.text.han import HAN
from knowledge.types import Wording

LANGUAGES = ("en", "zh")


class RelationWording(BaseModel):
    """How one relation is said. Each field: language → words; value holds "{}" where the value goes ("{}美元").

    holds, fails: what is said of a thing that the relation holds of, or does not ("waterproof", 不防水); of a relation to other
    things, what stands before them ("compatible with", 适配).
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


def wording_for(
    language: str, mapped: MappedWording, lexicon: Lexicon, names: Mapping[str, str], relations: Sequence[str]
) -> Wording:
    """All that is said otherwise than it is stored, in one language. names: entity → its name in this language."""
    labels, values, verdicts = {}, {}, {}
    for relation in relations:
        said = mapped.relations.get(relation, RelationWording())
        labels[relation] = said.label.get(language) or _concept(relation, language, lexicon) or _bare(relation)
        if language in said.value:
            values[relation] = said.value[language]
        if standing_before := lexicon.concept_holds(relation, language):
            verdicts[relation, True] = standing_before
        for holds, words in ((True, said.holds), (False, said.fails)):
            if language in words:
                verdicts[relation, holds] = words[language]
    types = {name: lexicon.type_label(name, language) for name in lexicon.type_names if _foreign(name, language)}
    types |= {name: said[language] for name, said in mapped.types.items() if language in said}
    terms = {term: said[language] for term, said in mapped.terms.items() if language in said}
    return Wording(labels=labels, values=values, verdicts=verdicts, terms={**terms, **types, **names})


def _concept(relation: str, language: str, lexicon: Lexicon) -> str:
    """The concept's name, for a relation that is named in the other language."""
    return lexicon.concept_label(relation, language) if _foreign(relation, language) else ""


def _bare(relation: str) -> str:
    """A relation by its own name, as a noun: 距地铁站(米) is 地铁站距离."""
    label = bare_label(relation)
    return f"{distance_from(label)}距离" if label.startswith(("距", "离")) and tells_distance([label]) else label


def _foreign(key: str, language: str) -> bool:
    return bool(HAN.search(key)) != (language == "zh")
