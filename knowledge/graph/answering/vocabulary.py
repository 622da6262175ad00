"""How a graph's own keys are said to customers: as a mapping words them, else as the lexicon knows the concept."""

from collections.abc import Mapping, Sequence

from knowledge.graph.distances import distance_from, tells_distance
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.unit_names import bare_label
from knowledge.graph.wording import MappedWording, RelationWording
from knowledge.text.han import HAN
from knowledge.types import Wording

LANGUAGES = ("en", "zh")


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
        if standing_before := lexicon.file.concept_holds(relation, language):
            verdicts[relation, True] = standing_before
        for holds, words in ((True, said.holds), (False, said.fails)):
            if language in words:
                verdicts[relation, holds] = words[language]
    types = {name: lexicon.file.type_label(name, language) for name in lexicon.type_names if _foreign(name, language)}
    if language == "zh":  # by how names end; an English word out of a dictionary may be an odd one
        learnt = {name: words[0] for name, words in lexicon.type_labels.items() if words and HAN.search(words[0])}
        types |= {name: learnt[name] for name, said in types.items() if said == name and name in learnt}
    types |= {name: said[language] for name, said in mapped.types.items() if language in said}
    terms = {term: said[language] for term, said in mapped.terms.items() if language in said}
    return Wording(labels=labels, values=values, verdicts=verdicts, terms={**terms, **types, **names})


def _concept(relation: str, language: str, lexicon: Lexicon) -> str:
    """The concept's name, for a relation that is named in the other language."""
    return lexicon.file.concept_label(relation, language) if _foreign(relation, language) else ""


def _bare(relation: str) -> str:
    """A relation by its own name, as a noun: 距地铁站(米) is 地铁站距离."""
    label = bare_label(relation)
    return f"{distance_from(label)}距离" if label.startswith(("距", "离")) and tells_distance([label]) else label


def _foreign(key: str, language: str) -> bool:
    return bool(HAN.search(key)) != (language == "zh")
