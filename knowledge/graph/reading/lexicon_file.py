"""The packaged lexicon: how people ask for what graphs commonly hold, and how it is said, in English and Chinese."""

import re
from collections.abc import Iterator
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Concept(BaseModel):
    """Something that graphs hold under many names, as a price. relations: an expression for these names; cues: expressions
    that ask for it; opposites: expressions that deny it.

    said, holds: language → its name, and what stands before the things that it leads to ("compatible with").
    """

    model_config = ConfigDict(extra="forbid")

    relations: str
    cues: list[str]
    opposites: list[str] = Field(default_factory=list)
    said: dict[str, str] = Field(default_factory=dict)
    holds: dict[str, str] = Field(default_factory=dict)


class TypeCues(BaseModel):
    """Words for a type. names: an expression for what graphs call it; said: language → its name."""

    model_config = ConfigDict(extra="forbid")

    names: str
    cues: list[str]
    said: dict[str, str] = Field(default_factory=dict)


class ScaleCue(BaseModel):
    """A superlative or comparative. concept: what it ranks by, "" for what else is named; end: "high" or "low"."""

    model_config = ConfigDict(extra="forbid")

    cue: str
    concept: str
    end: str


class LexiconFile(BaseModel):
    """All that the lexicon holds, whatever the graph."""

    model_config = ConfigDict(extra="forbid")

    concepts: dict[str, Concept]
    nearby: Concept
    types: list[TypeCues] = Field(default_factory=list)
    superlatives: list[ScaleCue]
    comparatives: list[ScaleCue]
    fillers: str
    fillers_en: str
    spelled: str
    not_slips: str

    def concept_label(self, relation: str, language: str) -> str:
        """The name of the concept that a relation is, in a language; "" where none is known."""
        return next((c.said[language] for c in self._concepts_of(relation) if language in c.said), "")

    def concept_holds(self, relation: str, language: str) -> str:
        """What stands before the things that a relation leads to ("compatible with"); "" where none is known."""
        return next((c.holds[language] for c in self._concepts_of(relation) if language in c.holds), "")

    def type_label(self, name: str, language: str) -> str:
        """A type in words of a language; as it is where none are known."""
        entries = (entry for entry in self.types if re.search(entry.names, name, re.IGNORECASE))
        return next((entry.said[language] for entry in entries if language in entry.said), name)

    def _concepts_of(self, relation: str) -> Iterator[Concept]:
        return (c for c in self.concepts.values() if re.search(c.relations, relation, re.IGNORECASE))


def load_lexicon_file() -> LexiconFile:
    """The lexicon as it is packaged."""
    return LexiconFile.model_validate(
        yaml.safe_load((files("knowledge.graph.reading") / "lexicon.yaml").read_text("utf-8"))
    )
