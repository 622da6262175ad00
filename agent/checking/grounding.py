"""Which sentences of a model's draft stand on what they cite. Pure functions; the guard decides what becomes of them.

A sentence stays when it cites evidence of this turn, is in the customer's language, and agrees with just that evidence in
every number, date, name, link and address and in most of its words (`agent.checking.agreement`). Without a citation it stays only
where it states nothing: a courtesy, a question back, an admission (`courtesies.yaml`), or a heading or a "Yes." whose
next sentence stays. What a model says again it says once; a customer who is upset hears no cheer.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise

import yaml

from agent.checking.agreement import doubted, in_language, stranger, words_agree
from agent.checking.likeness import Doubt
from agent.generate.citing import fact_line
from agent.ports import GenerationRequest
from agent.types import Citation, Draft, Emotion, Fact, Language, Retrieval, Sentiment, Understanding
from knowledge.cutting.spans import plain, split_sentences
from knowledge.text.markup import pieces
from knowledge.types import Passage

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_MARKS_AFTER_STOP = re.compile(
    r"(?P<stop>[.!?。！？…]+[\"'”’)）」』*_]*)(?P<space>\s*)(?P<marks>\[\d{1,3}\](?:\s*\[\d{1,3}\])*)"
)
_SIGN = re.compile(r"\s*(?:(?:[-*+•>]|\(?\d{1,2}[.)、）]|#{1,6})\s+)*")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]，。；、）】]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|io|app|shop|info|biz|example)\b(?:/[^\s<>()\[\]，。；、）】]*)?",
    re.IGNORECASE | re.ASCII,
)
_TARGET = re.compile(r"\]\(\s*<?([^)\s>]+)")
_LEADS_LIST = re.compile(r"[:：][*_]*\s*$|^\s*#{1,6}\s|^\s*\*\*[^*]+\*\*\s*$")
_WORD = re.compile(r"\w")
_CHEERFUL = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f]+ ?|[~～]+")
_REPETITION = 12  # characters from which on a sentence said twice is a loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence as it was written, with the spaces after it. sign: the list or heading sign of its line, if it is first."""

    written: str
    sign: str = ""

    @property
    def marks(self) -> frozenset[int]:
        """Numbers that it cites."""
        return frozenset(int(number) for number in _MARK.findall(self.written))

    @property
    def claim(self) -> str:
        """What it says, without marks and emphasis."""
        return plain(_MARK.sub("", self.written))

    @property
    def leads(self) -> bool:
        """Whether it is a heading, or announces what follows."""
        return bool(_LEADS_LIST.search(self.sign + self.written))


def lines_of(text: str) -> list[tuple[Sentence, ...]]:
    """The sentences of each line; a mark belongs to the sentence that it follows, also after its stop.

    Signs and sentences joined are the line, and lines joined by a newline are the text.
    """
    return [_sentences(line) for line in text.split("\n")]


def _sentences(line: str) -> tuple[Sentence, ...]:
    sign = match.group() if (match := _SIGN.match(line)) else ""
    body = line[len(sign) :]
    # The same body with marks set before the stop: every character that does not move keeps its place.
    moved = _MARKS_AFTER_STOP.sub(lambda match: match["marks"] + match["stop"] + match["space"], body)
    starts, position = [0], 0
    for number, sentence in enumerate(split_sentences(moved)):
        position = moved.index(sentence, position)
        if number:
            starts.append(position)
        position += len(sentence)
    return tuple(
        Sentence(written=body[start:end], sign="" if start else sign) for start, end in pairwise([*starts, len(body)])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a text is held to. evidence: by number; question, language: the customer's; upset: no cheer for them.

    denied: sentences that a second look found unsupported. alike: whether the two sides of a doubt were found to say the
    same; a sentence in doubt is not said before.
    """

    evidence: Mapping[int, str]
    question: str = ""
    language: Language = "en"
    upset: bool = False
    denied: frozenset[str] = frozenset()
    alike: Callable[[Doubt], bool] = lambda _: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """What is left of a text, all its sentences in order, those of them that stay, and what nothing but a doubt keeps back."""

    text: str = ""
    sentences: tuple[Sentence, ...] = ()
    kept: tuple[Sentence, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def withheld(self) -> tuple[Sentence, ...]:
        """Sentences that do not stay."""
        ids = set(map(id, self.kept))
        return tuple(sentence for sentence in self.sentences if id(sentence) not in ids)

    @property
    def cited(self) -> frozenset[int]:
        """Numbers that what is left cites."""
        return frozenset[int]().union(*(sentence.marks for sentence in self.kept))


def grounds_of(
    understanding: Understanding, evidence: Mapping[int, str], alike: Callable[[Doubt], bool] = lambda _: False
) -> Grounds:
    """What an answer to a message is held to."""
    return Grounds(
        evidence=evidence,
        question=f"{understanding.text}\n{understanding.question}",
        language=understanding.language,
        upset=is_upset(understanding.sentiment),
        alike=alike,
    )


def grounded(text: str, grounds: Grounds) -> Grounded:
    """The text without what its own citations do not support, what is in another language, or is said twice."""
    lines = lines_of(calmed(text) if grounds.upset else text)
    sentences = tuple(sentence for line in lines for sentence in line)
    doubts: list[Doubt] = []
    kept = tuple(reversed(_kept(sentences, grounds, doubts)))
    left = "\n".join(said for line in lines if (said := rest_of(line, kept)) is not None).strip()
    return Grounded(text=left, sentences=sentences, kept=kept, doubts=tuple(doubts))


def calmed(text: str) -> str:
    """The text without exclamation and cheerful signs: nothing to say to who is upset."""
    return _CHEERFUL.sub("", text.replace("！", "。").replace("!", "."))


def supported(draft: Draft, request: GenerationRequest, alike: Callable[[Doubt], bool] = lambda _: False) -> Draft:
    """The draft without what its own citations do not support; without text where nothing cited is left."""
    read = {citation.n: text for citation in draft.citations if (text := _evidence(citation, request.retrieval))}
    found = grounded(draft.text, grounds_of(request.understanding, read, alike))
    citations = tuple(citation for citation in draft.citations if citation.n in found.cited)
    if not citations:
        return replace(draft, text="", citations=(), facts=())
    cited = {(citation.source_id, citation.quote) for citation in citations}
    facts = tuple(fact for fact in draft.facts if (fact.source_id, fact_line(fact)) in cited)
    return replace(draft, text=found.text, citations=citations, facts=facts)


def is_upset(sentiment: Sentiment) -> bool:
    """Whether a customer is to be met with calm."""
    return sentiment.polarity < 0 and sentiment.emotion in {Emotion.ANGER, Emotion.DISAPPOINTMENT}


def rest_of(line: Sequence[Sentence], kept: Sequence[Sentence]) -> str | None:
    """What stays of a line, punctuation mended; None where all that it said goes."""
    stays = [sentence for sentence in line if any(sentence is one for one in kept)]
    if not any(_says_something(sentence) for sentence in stays) and any(map(_says_something, line)):
        return None
    ends = list(accumulate((len(sentence.written) for sentence in line), initial=0))
    ranges = [
        place for place, sentence in zip(pairwise(ends), line, strict=True) if any(sentence is one for one in stays)
    ]
    written = "".join(sentence.written for sentence in line)
    return (line[0].sign if line else "") + "".join(pieces(written, ranges))


def _says_something(sentence: Sentence) -> bool:
    return bool(sentence.marks or _WORD.search(sentence.written))


def _evidence(citation: Citation, retrieval: Retrieval) -> str:
    """All that a citation points to: the passages of its source that hold its quote, or the fact; "" for an invented one."""
    if not citation.quote.strip():
        return ""
    passages = (evidence.passage for evidence in retrieval.readable)
    texts = [
        evidence_text(passage)
        for passage in passages
        if passage.source_id == citation.source_id and citation.quote in passage.text
    ]
    texts += [
        fact_line(fact)
        for fact in retrieval.graph_facts
        if (fact.source_id, fact_line(fact)) == (citation.source_id, citation.quote)
    ]
    return "\n".join(texts)


def evidence_text(item: Passage | Fact) -> str:
    """All of a passage or a fact that a sentence may rest on."""
    if isinstance(item, Fact):
        return fact_line(item)
    return "\n".join((item.title, *item.section, item.text, item.url or ""))


def _kept(sentences: Sequence[Sentence], grounds: Grounds, doubts: list[Doubt]) -> list[Sentence]:
    """Read from the end, as headings and a bare "Yes." depend on what follows them. doubts: those that arise are added."""
    kept: list[Sentence] = []
    following = next_one = ""  # evidence of the nearest cited sentence that stays, and of the very next one
    again = _said_before(sentences)
    for sentence in reversed(sentences):
        if not _says_something(sentence):
            kept.append(sentence)
            continue
        if sentence.marks:
            known = sentence.marks <= grounds.evidence.keys() and id(sentence) not in again
            cited = "\n".join(grounds.evidence[n] for n in sentence.marks) if known else ""
            stays = _is_supported(sentence, cited, grounds)
            if stays and (doubt := _doubt(sentence, cited, grounds)):
                doubts.append(doubt)
                stays = False
            next_one = cited if stays else ""
            following = next_one or following
        elif matches("courtesy", sentence) and stands_in(sentence, " ", names=False):
            stays = in_language(sentence.claim, grounds.language)
            stays = stays and id(sentence) not in again and not (grounds.upset and matches("cheer", sentence))
            following, next_one = "", ""
        else:
            wanted = following if sentence.leads else next_one if matches("lead", sentence) else ""
            stays = stands_in(sentence, wanted) and not (grounds.upset and matches("cheer", sentence))
            next_one = wanted if stays else ""
        if stays:
            kept.append(sentence)
    return kept


def _said_before(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Ids of sentences that only repeat an earlier one."""
    seen: set[str] = set()
    found: set[int] = set()
    for sentence in sentences:
        claim = sentence.claim
        if len(claim) >= _REPETITION and claim in seen:
            found.add(id(sentence))
        seen.add(claim)
    return frozenset(found)


def _is_supported(sentence: Sentence, evidence: str, grounds: Grounds) -> bool:
    """Whether a sentence with citations agrees with them in all that can be looked up, and is in the right language."""
    claim = sentence.claim
    return (
        stands_in(sentence, evidence)
        and claim not in grounds.denied
        and in_language(claim, grounds.language)
        and (matches("unknown", sentence) or words_agree(_LINK.sub(" ", claim), evidence, grounds.question))
    )


def _doubt(sentence: Sentence, evidence: str, grounds: Grounds) -> Doubt | None:
    """What keeps back a sentence that may only echo the question; nothing where it says what it does not know."""
    if matches("unknown", sentence):
        return None
    found = doubted(sentence.claim, evidence, grounds.question)
    return None if found is None or grounds.alike(found) else found


def stands_in(sentence: Sentence, evidence: str, *, names: bool = True) -> bool:
    """Whether there is evidence, and every number, date, name, link and address of the sentence stands in it."""
    links = (*_LINK.findall(sentence.written), *_TARGET.findall(sentence.written))
    read = evidence.casefold()
    return (
        bool(evidence)
        and all(link.rstrip(".,;:!?").casefold() in read for link in links)
        and not stranger(_LINK.sub(" ", sentence.claim), evidence, names=names)
    )


def matches(kind: str, sentence: Sentence) -> bool:
    """Whether a sentence is, as a whole, of a kind of `courtesies.yaml`: "courtesy" are also those of what is not known."""
    said = unicodedata.normalize("NFC", sentence.claim).replace("’", "'").strip(" \"'“”!！.。~～…,，")
    return any(pattern.fullmatch(said) for pattern in _patterns()[kind])


@cache
def _patterns() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    texts: dict[str, list[str]] = yaml.safe_load((files("agent") / "courtesies.yaml").read_text("utf-8"))
    texts["courtesy"] += texts["unknown"]
    return {kind: tuple(re.compile(text, re.IGNORECASE) for text in found) for kind, found in texts.items()}
