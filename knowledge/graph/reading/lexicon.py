"""How people ask, fitted to the relations and types that a graph has."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from knowledge.graph.distances import distance_from, names_neighbour, names_place, tells_distance
from knowledge.graph.reading.days import days_in, without_days
from knowledge.graph.reading.expressions import naming_type, one_or_several, whole_words
from knowledge.graph.reading.lexicon_file import LexiconFile, load_lexicon_file
from knowledge.graph.reading.opposites import opposite_expressions
from knowledge.graph.reading.scales import Scale, first_scale
from knowledge.graph.type_words import TypesInChinese
from knowledge.graph.unit_names import bare_label
from knowledge.graph.wording import MappedWording
from knowledge.text.folding import folded

_LOOKS_AHEAD = re.compile(r"\(\?=(?:[^()]|\([^()]*\))*\)$")
"""What an expression only looks at makes it no longer: "how much" asks for a price where nothing else says for what."""


@dataclass(frozen=True)
class Lexicon:
    """Cues of one graph. labels, type_labels: relation or type → its names, which are cues too; cues: relation → other words for it;
    denials: relation → words that say that it does not hold.
    """

    file: LexiconFile
    relation_names: Collection[str]
    type_names: Collection[str]
    labels: Mapping[str, Sequence[str]]
    type_labels: Mapping[str, Sequence[str]]
    cues: Mapping[str, Sequence[str]]
    denials: Mapping[str, Sequence[str]]

    @cached_property
    def relation_cues(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        """Expressions and the relations each asks for, the longest expressions first."""
        cues: dict[str, list[str]] = {}
        for concept in self.file.concepts.values():
            meant = self.relations_of(concept.relations)
            for cue in concept.cues if meant else ():
                cues.setdefault(cue, []).extend(meant)
        for relation in self.relation_names:
            for cue in self._own_cues(relation):
                cues.setdefault(cue, []).insert(0, relation)
        for relation in self.distances:
            said = self._said_of_distance(relation)
            for cue, asked_by in cues.items():
                if relation not in asked_by and any(re.fullmatch(cue, words, re.IGNORECASE) for words in said):
                    asked_by.append(relation)
        ordered = sorted(cues.items(), key=lambda item: -len(_LOOKS_AHEAD.sub("", item[0])))
        return [(re.compile(cue, re.IGNORECASE), tuple(dict.fromkeys(meant))) for cue, meant in ordered]

    def _own_cues(self, relation: str) -> Iterator[str]:
        """A relation's own name and labels, and the other words that ask for it."""
        names = [relation, relation.replace("_", " "), bare_label(relation), *self.labels.get(relation, ())]
        names += [bare for name in names[1:] if days_in(name) and len(bare := without_days(name)) > 1]
        if relation in self.distances:
            names += filter(None, map(distance_from, names[2:]))
        for name in dict.fromkeys(names):
            yield one_or_several(folded(name.lower()))
        for words in self.cues.get(relation, ()):
            yield whole_words(one_or_several(words.lower())).pattern

    def _said_of_distance(self, relation: str) -> list[str]:
        """What names a neighbour, which stands in for what is measured from it."""
        targets = filter(None, map(distance_from, (bare_label(relation), *self.labels.get(relation, ()))))
        return [f"{before}{target}" for target in targets for before in ("", "离", "距", "near ", "close to ")]

    @cached_property
    def lead_ins(self) -> tuple[str, ...]:
        """Chinese words for relations, behind which a short name may stand (治疗发热)."""
        words = (word for own in (*self.labels.values(), *self.cues.values()) for word in own)
        return tuple(dict.fromkeys(folded(word) for word in words if len(word) > 1 and not word.isascii()))

    @cached_property
    def opposite_cues(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        """Expressions that say that a relation does not hold ("sold out"), and the relations, the longest first."""
        found = [
            (cue, meant)
            for concept in self.file.concepts.values()
            if (meant := self.relations_of(concept.relations))
            for cue in concept.opposites
        ]
        for relation in self.relation_names:
            affirming = (relation.replace("_", " "), *self.labels.get(relation, ()), *self.cues.get(relation, ()))
            own = opposite_expressions(affirming, self.denials.get(relation, ()))
            found.extend((cue, (relation,)) for cue in own)
        found.sort(key=lambda item: -len(item[0]))
        return [(re.compile(cue, re.IGNORECASE), meant) for cue, meant in found]

    @cached_property
    def near(self) -> re.Pattern[str]:
        """What asks for something near."""
        return re.compile("|".join(self.file.nearby.cues), re.IGNORECASE)

    @cached_property
    def near_relations(self) -> tuple[str, ...]:
        """Relations that lead to what is near."""
        return self.relations_of(self.file.nearby.relations)

    @cached_property
    def distances(self) -> frozenset[str]:
        """Relations that tell how far something is from what stands near it."""
        return frozenset(r for r in self.relation_names if tells_distance((r, *self.labels.get(r, ()))))

    def distances_among(self, relations: Iterable[str]) -> tuple[str, ...]:
        """Those of the relations that are distances."""
        return tuple(relation for relation in relations if relation in self.distances)

    @cached_property
    def neighbours(self) -> frozenset[str]:
        """Relations that name what stands near ("metro station")."""
        return frozenset(r for r in self.relation_names if names_neighbour((r, *self.labels.get(r, ()))))

    @cached_property
    def places(self) -> frozenset[str]:
        """Relations whose values are places, near which something may be ("near Mill Lane")."""
        return self.neighbours | {r for r in self.relation_names if names_place((r, *self.labels.get(r, ())))}

    @cached_property
    def type_cues(self) -> list[tuple[re.Pattern[str], str]]:
        """Expressions and the type each names."""
        cues = [(naming_type(one_or_several(name)), name) for name in self.type_names]
        for name, labels in self.type_labels.items():
            cues.extend((naming_type(one_or_several(label)), name) for label in labels if name in self.type_names)
        for entry in self.file.types:
            meant = [name for name in self.type_names if re.search(entry.names, name, re.IGNORECASE)]
            expression = "|".join(sorted(entry.cues, key=len, reverse=True))
            cues.extend((naming_type(expression), name) for name in meant)
        return cues

    @cached_property
    def types_in_chinese(self) -> TypesInChinese:
        """What Chinese words mean of the types that have English names."""
        return TypesInChinese(self.type_names)

    @cached_property
    def fillers(self) -> re.Pattern[str]:
        """Words that ask for nothing."""
        words = sorted(self.file.fillers.split(), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)))

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """English words that ask for nothing."""
        return frozenset(self.file.fillers_en.split())

    @cached_property
    def spelled(self) -> frozenset[str]:
        """English words by which a question is read, as they are spelled."""
        names = [*self.type_names, *(label for labels in self.type_labels.values() for label in labels)]
        # Of "smart home" neither word names the type.
        types = {name.lower() for name in names if " " not in name}
        many = {f"{name.lower()}s" for name in self.type_names if " " not in name}
        labels = [*self.labels.values(), *self.cues.values(), [name.replace("_", " ") for name in self.relation_names]]
        text = " ".join((self.file.spelled, *types, *many, *(words for said in labels for words in said))).lower()
        return frozenset(re.findall(r"[a-z]+", text))

    @cached_property
    def not_slips(self) -> frozenset[str]:
        """Words that are as they should be, though they are one letter from another."""
        return frozenset(self.file.not_slips.split())

    def is_free(self, word: str) -> bool:
        """Whether a word asks for no relation or type, and is none that asks for nothing: it may then name something else."""
        said = folded(word.lower())
        cues = (cue for cue, _ in (*self.relation_cues, *self.type_cues))
        return said not in self._dull and said not in self.plain_words and not any(cue.fullmatch(said) for cue in cues)

    def is_unheard(self, word: str) -> bool:
        """Whether a word in small letters is free, and no word of what asks for a relation either ("made", of "made in")."""
        return word not in self.spelled and self.is_free(word)

    @cached_property
    def _dull(self) -> frozenset[str]:
        return frozenset(self.file.fillers.split())

    def relations_of(self, expression: str) -> tuple[str, ...]:
        """The graph's relations whose name fits an expression."""
        return tuple(name for name in self.relation_names if re.search(expression, name, re.IGNORECASE))

    def superlative(self, text: str) -> Scale | None:
        """The first superlative in a text."""
        return first_scale(text, self.file.superlatives, self.concept_relations)

    def comparative(self, text: str) -> Scale | None:
        """The first comparative in a text."""
        return first_scale(text, self.file.comparatives, self.concept_relations)

    def concept_relations(self, concept: str) -> tuple[str, ...]:
        """The graph's relations for a concept, () for none."""
        return self.relations_of(self.file.concepts[concept].relations) if concept else ()


def lexicon_for(
    relations: Collection[str],
    types: Mapping[str, Sequence[str]],
    labels: Mapping[str, Sequence[str]],
    mapped: MappedWording,
) -> Lexicon:
    """The packaged lexicon for a graph with these relations and types. types: type → other words for it, labels: relation → its
    names, besides those mapped.
    """
    mapped_labels = {relation: [*own, *labels.get(relation, ())] for relation, own in mapped.labels().items()}
    type_labels = {name: [*mapped.types.get(name, {}).values(), *words] for name, words in types.items()}
    all_labels = {**labels, **mapped_labels}
    return Lexicon(load_lexicon_file(), relations, types, all_labels, type_labels, mapped.cues(), mapped.denials())
