"""Whether what an answer states stands in its evidence, sentence by sentence; by words, numbers and names.

The fitted judge (`evals.judge`) weighs the same signs against each other; here each is counted by itself.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

from agent.checking.grounding import lines_of
from agent.checking.numbers import numbers_in
from knowledge.text.words import words

Supports = Callable[[str, str], bool]
"""Whether a claim follows from a text."""

_SHARE = 0.6
_FEWEST = 2
_NAME = re.compile(r"\b[A-Z][\w&'-]*(?:\s+[A-Z][\w&'-]*)*|《[^》]+》|「[^」]+」|“[^”]{1,20}”")
_FIRST = re.compile(r"(?:^|[.!?:]\s+|\n)\W*$")


def claims(answer: str) -> list[tuple[str, frozenset[int]]]:
    """What an answer states: each sentence without its marks, and the numbers of what it cites.

    Questions back, and sentences of fewer than two telling words that cite nothing, state nothing.
    """
    sentences = [sentence for line in lines_of(answer) for sentence in line]
    return [
        (sentence.claim, sentence.marks)
        for sentence in sentences
        if sentence.marks or (_states(sentence.claim) and not sentence.claim.rstrip().endswith(("?", "？")))
    ]


def stands_in(claim: str, evidence: str) -> bool:
    """Whether three fifths of a claim's telling words, and all its numbers, stand in a text; the default of what follows."""
    terms = terms_of(claim)
    return len(terms & terms_of(evidence)) >= _SHARE * len(terms) and numbers_of(claim) <= numbers_of(evidence)


def grounded_sentences(answer: str, evidence: Sequence[str], supports: Supports = stands_in) -> list[tuple[str, bool]]:
    """Each claim of an answer, and whether one of the texts supports it."""
    return [(claim, any(supports(claim, text) for text in evidence)) for claim, _ in claims(answer)]


def groundedness(answer: str, evidence: Sequence[str], supports: Supports = stands_in) -> float | None:
    """Share of an answer's claims that one of the texts supports (attribution, Rashkin et al. 2023), 0…1; None where it states nothing."""
    found = grounded_sentences(answer, evidence, supports)
    return sum(grounded for _, grounded in found) / len(found) if found else None


def citation_recall(answer: str, cited: Mapping[int, str], supports: Supports = stands_in) -> float | None:
    """Share of an answer's claims that all they cite, together, supports (Gao et al. 2023, ALCE), 0…1. cited: mark to text."""
    found = [_supported(claim, marks, cited, supports) for claim, marks in claims(answer)]
    return sum(found) / len(found) if found else None


def citation_precision(answer: str, cited: Mapping[int, str], supports: Supports = stands_in) -> float | None:
    """Share of citations that are needed (Gao et al. 2023, ALCE), 0…1; None where nothing is cited.

    One is, where its claim is supported, and it supports the claim alone or the others do not without it.
    """
    found = [
        _supported(claim, marks, cited, supports)
        and (_supported(claim, {mark}, cited, supports) or not _supported(claim, marks - {mark}, cited, supports))
        for claim, marks in claims(answer)
        for mark in sorted(marks)
    ]
    return sum(found) / len(found) if found else None


def number_agreement(answer: str, evidence: Sequence[str]) -> float | None:
    """Share of the numbers in an answer that stand in its evidence, 0…1; None where it states none. 两年 and 2 years are one."""
    said = numbers_of(" ".join(claim for claim, _ in claims(answer)))
    known = frozenset[str]().union(*map(numbers_of, evidence))
    return len(said & known) / len(said) if said else None


def entity_agreement(
    answer: str, evidence: Sequence[str], names: Callable[[str], Collection[str]] | None = None
) -> float | None:
    """Share of the names in an answer that stand in its evidence (entity precision, Nan et al. 2021), 0…1; None without names.

    names: finds them, such as the graph's linker; otherwise words with a capital inside a sentence and what stands in
    《》, 「」 or “”.
    """
    said = {name.casefold() for name in (names or names_in)(" \n".join(claim for claim, _ in claims(answer)))}
    known = " \n".join(evidence).casefold()
    return sum(name in known for name in said) / len(said) if said else None


def names_in(text: str) -> set[str]:
    """Names as they are written; a single word that begins a sentence is none."""
    found = ((match.group().strip("《》「」“”"), text[: match.start()]) for match in _NAME.finditer(text))
    return {name for name, before in found if " " in name or not name.isascii() or not _FIRST.search(before)}


# Every claim of an answer is held to the same passages, by several metrics and by the judge: each text is read once.
@lru_cache(maxsize=20_000)
def terms_of(text: str) -> frozenset[str]:
    """The index terms of a text, each once."""
    return frozenset(words(text))


@lru_cache(maxsize=20_000)
def numbers_of(text: str) -> frozenset[str]:
    """The numbers in a text."""
    return numbers_in(text)


def _states(claim: str) -> bool:
    return len(words(claim)) >= _FEWEST or bool(numbers_of(claim))


def _supported(claim: str, marks: Collection[int], cited: Mapping[int, str], supports: Supports) -> bool:
    together = "\n".join(cited[mark] for mark in sorted(marks) if mark in cited)
    return bool(together) and supports(claim, together)
