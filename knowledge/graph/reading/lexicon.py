"""How people ask, fitted to the relations and types that a graph has."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.graph.distances import distance_from, names_neighbour, names_place, tells_distance
from knowledge.graph.unit_names import bare_label
from knowledge.text.folding import folded
from knowledge.text.han import HAN

_NAMED = "　"
"""Stands in questions, and in expressions for them, for each character of a name."""

_LOOKS_AHEAD = re.compile(r"\(\?=(?:[^()]|\([^()]*\))*\)$")
"""What an expression only looks at makes it no longer: "how much" asks for a price where nothing else says for what."""


_ADJECTIVE = re.compile(r"(?:便宜|省钱|划算|[近远贵早晚新老旧轻重快慢高低多少大小长短好差])$")
_MAY_LEAD, _MAY_FOLLOW = "　的个哪么些家间几在属是啥和或", "　的是有吗呢啊吧和或与在怎多里内"
"""Characters beside which a word of one character is a word: 区 is one in 哪个区, and not in 区别 or 小区."""


class _Concept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    relations: str
    cues: list[str]
    better: str = ""
    opposites: list[str] = Field(default_factory=list)
    said: dict[str, str] = Field(default_factory=dict)
    holds: dict[str, str] = Field(default_factory=dict)


class _TypeCues(BaseModel):
    model_config = ConfigDict(extra="forbid")

    names: str
    cues: list[str]
    said: dict[str, str] = Field(default_factory=dict)


class _Scale(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cue: str
    concept: str
    end: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    concepts: dict[str, _Concept]
    nearby: _Concept
    types: list[_TypeCues] = Field(default_factory=list)
    superlatives: list[_Scale]
    comparatives: list[_Scale]
    fillers: str
    fillers_en: str
    spelled: str
    not_slips: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A superlative or comparative found in a question: relations it may rank by, and which end is wanted.

    said: the word for that end as the customer puts it ("closer", 便宜), "" where no such word stands there.
    """

    concept: str
    relations: tuple[str, ...]
    highest: bool
    span: tuple[int, int]
    said: str = ""


@dataclass(frozen=True)
class Lexicon:
    """Cues of one graph. labels: relation → its names, which are cues too; cues: relation → other words that ask for it."""

    file: _File
    relation_names: Collection[str]
    type_names: Collection[str]
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    type_labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cues: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def relation_cues(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        """Expressions and the relations each asks for, the longest expressions first."""
        cues: dict[str, list[str]] = {}
        for concept in self.file.concepts.values():
            meant = self.relations_of(concept.relations)
            for cue in concept.cues if meant else ():
                cues.setdefault(cue, []).extend(meant)
        for relation in self.relation_names:
            spoken = [relation, relation.replace("_", " "), bare_label(relation), *self.labels.get(relation, ())]
            if relation in self.distances:
                spoken += filter(None, map(distance_from, spoken[2:]))
            for cue in dict.fromkeys(spoken):
                cues.setdefault(_plural(folded(cue.lower())), []).insert(0, relation)
            for cue in self.cues.get(relation, ()):
                cues.setdefault(_whole_words(_plural(cue.lower())).pattern, []).insert(0, relation)
        # What names a neighbour stands in for what is measured from it.
        for relation in self.distances:
            targets = filter(None, map(distance_from, (bare_label(relation), *self.labels.get(relation, ()))))
            said = [f"{before}{target}" for target in targets for before in ("", "离", "距", "near ", "close to ")]
            for cue, asked_by in cues.items():
                if relation not in asked_by and any(re.fullmatch(cue, words, re.IGNORECASE) for words in said):
                    asked_by.append(relation)
        ordered = sorted(cues.items(), key=lambda item: -len(_LOOKS_AHEAD.sub("", item[0])))
        return [(re.compile(cue, re.IGNORECASE), tuple(dict.fromkeys(meant))) for cue, meant in ordered]

    @cached_property
    def opposite_cues(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        """Expressions that say that a relation does not hold ("sold out"), and the relations."""
        return [
            (re.compile(cue, re.IGNORECASE), meant)
            for concept in self.file.concepts.values()
            if (meant := self.relations_of(concept.relations))
            for cue in concept.opposites
        ]

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
        cues = [(_of_type(_plural(name)), name) for name in self.type_names]
        for name, labels in self.type_labels.items():
            cues.extend((_of_type(_plural(label)), name) for label in labels if name in self.type_names)
        for entry in self.file.types:
            meant = [name for name in self.type_names if re.search(entry.names, name, re.IGNORECASE)]
            expression = "|".join(sorted(entry.cues, key=len, reverse=True))
            cues.extend((_of_type(expression), name) for name in meant)
        return cues

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

    @cached_property
    def _dull(self) -> frozenset[str]:
        return frozenset(self.file.fillers.split())

    def concept_label(self, relation: str, language: str) -> str:
        """The name of the concept that a relation is, in a language; "" where none is known."""
        concepts = (c for c in self.file.concepts.values() if re.search(c.relations, relation, re.IGNORECASE))
        return next((concept.said[language] for concept in concepts if language in concept.said), "")

    def concept_holds(self, relation: str, language: str) -> str:
        """What stands before the things that a relation leads to ("compatible with"); "" where none is known."""
        concepts = (c for c in self.file.concepts.values() if re.search(c.relations, relation, re.IGNORECASE))
        return next((concept.holds[language] for concept in concepts if language in concept.holds), "")

    def type_label(self, name: str, language: str) -> str:
        """A type in words of a language; as it is where none are known."""
        entries = (entry for entry in self.file.types if re.search(entry.names, name, re.IGNORECASE))
        return next((entry.said[language] for entry in entries if language in entry.said), name)

    def relations_of(self, expression: str) -> tuple[str, ...]:
        """The graph's relations whose name fits an expression."""
        return tuple(name for name in self.relation_names if re.search(expression, name, re.IGNORECASE))

    def superlative(self, text: str) -> Scale | None:
        """The first superlative in a text."""
        return self._scale(text, self.file.superlatives)

    def comparative(self, text: str) -> Scale | None:
        """The first comparative in a text."""
        return self._scale(text, self.file.comparatives)

    def concept_relations(self, concept: str) -> tuple[str, ...]:
        """The graph's relations for a concept, () for none."""
        return self.relations_of(self.file.concepts[concept].relations) if concept else ()

    def _scale(self, text: str, scales: Sequence[_Scale]) -> Scale | None:
        """The first that the graph can rank by, else the first."""
        found: Scale | None = None
        for scale in scales:
            if match := re.search(scale.cue, text, re.IGNORECASE):
                at = match.groupdict().get("at")
                relations, span = self.concept_relations(scale.concept), match.span("at" if at else 0)
                this = Scale(scale.concept, relations, scale.end == "high", span, _adjective(at or match.group()))
                if relations or not scale.concept:
                    return this
                found = found or this
        return found


def _adjective(matched: str) -> str:
    """What is said of the one that has more: "closer", 近 of 更近."""
    if matched.isascii():
        return matched.lower()
    found = _ADJECTIVE.search(matched)
    return found.group() if found else ""


def _whole_words(expression: str) -> re.Pattern[str]:
    """The expression where it is no part of a longer English word: a phone is not in "headphones"."""
    return re.compile(rf"(?<![A-Za-z])(?:{_in_one_writing(expression)})(?![A-Za-z])", re.IGNORECASE)


def _in_one_writing(expression: str) -> str:
    """As questions are read; the wide space, which stands for a name, stays."""
    return _NAMED.join(map(folded, expression.split(_NAMED)))


def _of_type(expression: str) -> re.Pattern[str]:
    """The same of words for a type, where they name no other thing: neither a phone number nor a 手机壳 is a phone."""
    return re.compile(rf"{_whole_words(expression).pattern}(?!\s+numbers?\b|[壳套膜包袋架卡贴号])", re.IGNORECASE)


def _plural(word: str) -> str:
    """An expression for a word of one thing or several."""
    if len(word) == 1 and HAN.match(word):
        return rf"(?<![^\W{_MAY_LEAD}])(?:{word})(?![^\W{_MAY_FOLLOW}])"
    if not word.isascii() or not word or not word[-1].isalpha():
        return re.escape(word)
    return rf"{re.escape(word[:-1])}(?:y|ies)" if word[-1] in "yY" else rf"{re.escape(word)}(?:e?s)?"


def load_lexicon(
    relations: Collection[str],
    types: Collection[str],
    labels: Mapping[str, Sequence[str]] | None = None,
    type_labels: Mapping[str, Sequence[str]] | None = None,
    cues: Mapping[str, Sequence[str]] | None = None,
) -> Lexicon:
    """The packaged lexicon for a graph with these relations and types."""
    raw = yaml.safe_load((files("knowledge.graph.reading") / "lexicon.yaml").read_text("utf-8"))
    return Lexicon(_File.model_validate(raw), relations, types, labels or {}, type_labels or {}, cues or {})
