"""The nouns of knowledge: documents, passages, facts, entities, and the evidence that retrieval returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Audience = Literal["public", "internal"]
"""Who may read something: everyone, or the company's own people only, who may read what is public as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as a loader read it, before it is cut into passages.

    source_id: stable across ingests; the `id` of a jsonl article, else the path or URL.
    content:   Markdown, whatever the format was.
    pages:     (offset in `content`, page number) of each page's beginning, ascending; empty where there are no pages.
    row:       number of the row of a table that the document is, None where it is none.
    valid_from, valid_until: the first and the last day on which it may be used, None without such a limit.
    """

    source_id: str
    title: str
    content: str
    url: str | None = None
    language: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[tuple[int, int], ...] = ()
    row: int | None = None
    audience: Audience = "public"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of one document, small enough to quote and large enough to make sense.

    section: headings above the passage, outermost first, without the title.
    text:    Markdown of the passage itself (no title, no headings above it).
    position: number of the passage within its document, from 0.
    page, row: where it begins in a document of pages, and which row of a table it is.
    audience, valid_from, valid_until: the document's.
    """

    id: str
    source_id: str
    title: str
    section: tuple[str, ...]
    text: str
    position: int
    language: str = ""
    url: str | None = None
    collection: str = "default"
    page: int | None = None
    row: int | None = None
    audience: Audience = "public"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An edge of the knowledge graph in the source's own words: (head, relation, tail).

    quote: the words of the source that state it, where the source is an article; "" for a record.
    """

    head: str
    relation: str
    tail: str
    source_id: str = ""
    quote: str = ""


GUESS = 0.6
"""Score of a mention by a part of a name that may be a word like any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMention:
    """An entity of the graph recognised in a text.

    span:  (start, end) character offsets in the linked text, end exclusive.
    score: 1.0 for an exact name, less for an alias, a part of a name, or a corrected typo.
    """

    id: str
    name: str
    type: str
    span: tuple[int, int]
    score: float = 1.0

    @property
    def is_guess(self) -> bool:
        """Whether the words may mean something else."""
        return self.score <= GUESS


class GraphStatus(StrEnum):
    """What became of a question put to the graph.

    answered:    facts answer it.
    missing:     entity and relation are known, this entity has no value for it.
    unsupported: the entity is known, but it has no such attribute at all (the owner of a restaurant, today's queue).
    unknown:     it asks for something the graph covers, about an entity it does not hold.
    ambiguous:   several entities bear the name and their answers differ; `options` names them.
    none:        not a question for the graph.
    """

    ANSWERED = "answered"
    MISSING = "missing"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


GraphForm = Literal[
    "attribute", "boolean", "is", "list", "count", "superlative", "compare", "intersection", "path", "table", "none"
]

Polar = Literal["", "is", "has", "can"]

IS_A = "type"
"""The relation of an entity to its type, which no source states as an edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a graph's keys are said in one language; what it does not hold is said as it is stored.

    labels:   relation to its name ("price_usd" → 价格).
    values:   relation to a pattern with "{}" for a number ("{}美元").
    verdicts: (relation, whether it holds) to what is said of the thing (不防水).
    terms:    types, values and names of entities to their words in this language.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[tuple[str, bool], str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind:
    """What kind of thing is meant, as articles may speak of it.

    kind:   a word for it ("table"), "" where there is none; types: as the graph has it. traits: what else is stated of it ("oak", "Germany").
    others: what tells the other things of the kind by name.
    """

    kind: str
    types: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAnswer:
    """The outcome of a graph question: a status, the facts that prove it, and what is needed to say it.

    form:     the shape of the question, which decides the wording; "is": whether something is so; "path": how two
              things are connected.
    subjects: names of the entities asked about.
    relation: the relation asked for ("电话"); empty where the form has none.
    results:  names or values that answer, best first; for a boolean one of "yes" / "no"; for a count the number.
    options:  names to choose from when ambiguous, or nearest names when unknown; "not" where it was asked whether
              something does not hold.
    measure:  relation that was ranked, compared or filtered on ("评分"), if any.
    comparative: how the customer puts what the first of two is ("closer", 便宜), "" where no word says so.
    facts:    the path through the graph, in reading order.
    total:    how many results there are, where `results` may hold only the first of them; 0 for no more than these.
    polar:    whether it answers a question for yes or no, and how that is put: "has" for whether there is such a thing
              (有…吗), "can" for whether something can be done (能…吗), "is" for whether something is so (是…吗); "" where not.
    why:      whether the question asked for the reasons of the answer.
    notes:    what must be said with it once: the disclaimers of its sources.
    score:    confidence in the reading of the question, 0…1.
    wording:  how all these are said in the language of the question.
    """

    status: GraphStatus
    form: GraphForm = "none"
    subjects: tuple[str, ...] = ()
    relation: str = ""
    results: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    measure: str = ""
    facts: tuple[Fact, ...] = ()
    total: int = 0
    comparative: str = ""
    polar: Polar = ""
    why: bool = False
    notes: tuple[str, ...] = ()
    score: float = 0.0
    wording: Wording = field(default_factory=Wording, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOutline:
    """What a question holds of itself, as the graph reads it, whoever or whatever it is about.

    asks:    whether it asks for something that the graph states of its things.
    type:    the type of thing that it names, "" for none.
    chooses: whether it says itself which things it means ("the cheapest headphones"), and so needs no other.
    rest:    its words that the graph has no use for.
    ranks:   whether it asks for the best by some measure, and says no more of what is wanted than its kind.
    """

    asks: bool = False
    type: str = ""
    chooses: bool = False
    rest: tuple[str, ...] = ()
    ranks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageEvidence:
    """A passage with its fused score and the score and rank each arm gave it.

    score:      fused, higher is better, comparable within one retrieval only.
    arm_scores: arm name ("vector", "lexical") to that arm's own score: cosine similarity −1…1, BM25 ≥ 0; "span",
                "span_bare", "body_bare" as `knowledge.retrieval.hybrid.SIGNALS` says, and "rival_…" the best that a passage under
                another name than the question's got.
    """

    passage: Passage
    score: float
    arm_scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactEvidence:
    """An answer found in the graph, with the facts that prove it."""

    answer: GraphAnswer
    score: float


Evidence = PassageEvidence | FactEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAnswer:
    """One of several questions that a message asks, as it stands alone. graph: what the graph surely says to it; None where
    articles are to be asked.
    """

    question: str
    graph: GraphAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """All evidence for one question, best first, and the arms that failed on the way (arm name to reason).

    asked: the question in the words in which the passages answer it, where they are not the customer's own.
    parts: of a message that asks several questions, all of them, where the graph answers one at least; the passages are then
    for the others.
    foreign: passages in another language than the question's that are nearer than all in its own, but not by what it takes to
    quote them; who writes in the customer's words may use them.
    """

    passages: tuple[PassageEvidence, ...] = ()
    asked: str = ""
    foreign: tuple[PassageEvidence, ...] = ()
    graph: GraphAnswer | None = None
    parts: tuple[PartAnswer, ...] = ()
    failed_arms: Mapping[str, str] = field(default_factory=dict)

    @property
    def graph_answers(self) -> tuple[GraphAnswer, ...]:
        """What the graph says: to each part, where there are several, else to the whole."""
        answers = [part.graph for part in self.parts] or [self.graph]
        return tuple(answer for answer in answers if answer is not None)

    @property
    def graph_facts(self) -> tuple[Fact, ...]:
        """The facts of all that the graph says, each once."""
        return tuple(dict.fromkeys(fact for answer in self.graph_answers for fact in answer.facts))

    @property
    def readable(self) -> tuple[PassageEvidence, ...]:
        """All passages, those in another language first."""
        return (*self.foreign, *self.passages)
