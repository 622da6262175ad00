"""Which sentences of a model's draft stand on what they cite. Pure functions; the guard decides what becomes of them.

A sentence stays when it cites evidence of this turn and every number, link and address in it stands in just that
evidence. Without a citation it stays only where it states nothing: a courtesy, a question back, an admission
(`courtesies.yaml`), or a heading or a "Yes." whose next sentence stays. That the words, too, follow from the evidence is
not checked here.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise

import yaml

from agent.generate.facts import fact_line
from agent.numbers import numbers_in
from agent.types import Citation, Draft, Retrieval
from knowledge.markup import pieces
from knowledge.spans import plain, split_sentences

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


def supported(draft: Draft, retrieval: Retrieval) -> Draft:
    """The draft without what its own citations do not support; without text where nothing cited is left."""
    evidence = {citation.n: text for citation in draft.citations if (text := _evidence(citation, retrieval))}
    lines = lines_of(draft.text)
    kept = _kept([sentence for line in lines for sentence in line], evidence)
    text = "\n".join(said for line in lines if (said := _rest(line, kept)) is not None).strip()
    used = frozenset[int]().union(*(sentence.marks for sentence in kept))
    citations = tuple(citation for citation in draft.citations if citation.n in used)
    if not citations:
        return replace(draft, text="", citations=(), facts=())
    cited = {(citation.source_id, citation.quote) for citation in citations}
    facts = tuple(fact for fact in draft.facts if (fact.source_id, fact_line(fact)) in cited)
    return replace(draft, text=text, citations=citations, facts=facts)


def _rest(line: Sequence[Sentence], kept: Sequence[Sentence]) -> str | None:
    """What stays of a line; None where all that it said goes."""
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
    passages = (evidence.passage for evidence in retrieval.passages)
    texts = [
        "\n".join((passage.title, *passage.section, passage.text, passage.url or ""))
        for passage in passages
        if passage.source_id == citation.source_id and citation.quote in passage.text
    ]
    facts = retrieval.graph.facts if retrieval.graph is not None else ()
    texts += [
        fact_line(fact) for fact in facts if (fact.source_id, fact_line(fact)) == (citation.source_id, citation.quote)
    ]
    return "\n".join(texts)


def _kept(sentences: Sequence[Sentence], evidence: Mapping[int, str]) -> list[Sentence]:
    """Read from the end, as headings and a bare "Yes." depend on what follows them."""
    kept: list[Sentence] = []
    following = next_one = ""  # evidence of the nearest cited sentence that stays, and of the very next one
    for sentence in reversed(sentences):
        if not _says_something(sentence):
            kept.append(sentence)
            continue
        if sentence.marks:
            cited = "\n".join(evidence[n] for n in sentence.marks) if sentence.marks <= evidence.keys() else ""
            stays = _stands_in(sentence, cited)
            next_one = cited if stays else ""
            following = next_one or following
        elif _matches("courtesy", sentence) and _stands_in(sentence, " "):
            stays, following, next_one = True, "", ""
        else:
            wanted = following if sentence.leads else next_one if _matches("lead", sentence) else ""
            stays = _stands_in(sentence, wanted)
            next_one = wanted if stays else ""
        if stays:
            kept.append(sentence)
    return kept


def _stands_in(sentence: Sentence, evidence: str) -> bool:
    """Whether there is evidence, and every number, link and address of the sentence stands in it."""
    links = (*_LINK.findall(sentence.written), *_TARGET.findall(sentence.written))
    read = evidence.casefold()
    return (
        bool(evidence)
        and all(link.rstrip(".,;:!?").casefold() in read for link in links)
        and numbers_in(_LINK.sub(" ", sentence.claim)) <= numbers_in(evidence)
    )


def _matches(kind: str, sentence: Sentence) -> bool:
    said = unicodedata.normalize("NFC", sentence.claim).replace("’", "'").strip(" \"'“”!！.。~～…,，")
    return any(pattern.fullmatch(said) for pattern in _patterns()[kind])


@cache
def _patterns() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    texts: dict[str, list[str]] = yaml.safe_load((files("agent") / "courtesies.yaml").read_text("utf-8"))
    return {kind: tuple(re.compile(text, re.IGNORECASE) for text in found) for kind, found in texts.items()}
