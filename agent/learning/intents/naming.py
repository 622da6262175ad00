"""Names clusters by the words that tell them apart, in the customers' language: `card_arrival`, `退款_到账`."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from agent.learning.intents.words import naming_terms, naming_words, stem
from agent.types import Language

TERMS = 8
_PRIOR = 200.0
_AT_LEAST = 0.15  # of a cluster's utterances hold each word of its name


def telling_terms(groups: Sequence[Sequence[str]], language: Language, *, count: int = TERMS) -> list[list[str]]:
    """The terms that tell each group of texts from the others, most telling first, at most one of a stem.

    By the log-odds of a term's utterances in the group against the rest, in standard deviations, with the corpus as the
    prior (Monroe, Colaresi & Quinn 2008, Fightin' Words).
    """
    found = [_utterances_of_terms(texts, language) for texts in groups]
    forms = _common_forms(found)
    counts = [_by_stem(one) for one in found]
    corpus: Counter[str] = sum(counts, Counter())
    sizes = [len(texts) for texts in groups]
    return [
        [forms[term] for term in _ranked(one, corpus, size, sum(sizes))[:count]]
        for one, size in zip(counts, sizes, strict=True)
    ]


def name_of(terms: Sequence[str], texts: Sequence[str], language: Language) -> str:
    """A name of up to three words of the terms, in the order in which the texts say them; "" without terms.

    terms: most telling first.
    """
    chosen: list[str] = []
    for term in terms:
        fresh = [word for word in term.split() if stem(word) not in {stem(held) for held in chosen}]
        if len(chosen) + len(fresh) <= (3 if chosen else 2) and fresh:
            chosen.extend(fresh)
        if len(chosen) >= 2:
            break
    places = {word: _place(word, texts, language) for word in chosen}
    return label_of("_".join(sorted(chosen, key=lambda word: places[word])))


def label_of(name: str) -> str:
    """A name as a label: lower case, its words joined by `_`, letters, digits and Chinese characters alone."""
    return "_".join(re.findall(r"[^\W_]+", name.lower().replace("'", "").replace("’", "")))[:60].strip("_")


def distinct(names: Sequence[str], terms: Sequence[Sequence[str]], taken: Sequence[str] = ()) -> list[str]:
    """The names, made different from each other and from those taken by a further term or, at last, a number."""
    used, result = set(taken), []
    for number, (name, more) in enumerate(zip(names, terms, strict=True), 1):
        held = set(name.split("_"))
        longer = (label_of(f"{name}_{term}") for term in more if not set(label_of(term).split("_")) & held)
        numbered = (f"{name or 'cluster'}_{n}" for n in range(2 if name else number, len(names) + len(used) + 3))
        choice = next(one for one in (name, *list(longer)[:3], *numbered) if one and one not in used)
        used.add(choice)
        result.append(choice)
    return result


def _utterances_of_terms(texts: Sequence[str], language: Language) -> Counter[str]:
    return Counter(term for text in texts for term in set(naming_terms(text, language)))


def _common_forms(found: Sequence[Counter[str]]) -> dict[str, str]:
    """The most frequent form of each stem."""
    corpus: Counter[str] = sum(found, Counter())
    forms: dict[str, str] = {}
    for term, _ in sorted(corpus.items(), key=lambda pair: (-pair[1], pair[0])):
        forms.setdefault(stem(term), term)
    return forms


def _by_stem(counts: Counter[str]) -> Counter[str]:
    merged: Counter[str] = Counter()
    for term, count in counts.items():
        merged[stem(term)] += count
    return merged


def _ranked(counts: Counter[str], corpus: Counter[str], size: int, everything: int) -> list[str]:
    """Stems, most telling first; those of one utterance only where there is nothing else."""
    scores: dict[str, float] = {}
    for term, inside in counts.items():
        outside, prior = corpus[term] - inside, _PRIOR * corpus[term] / everything
        here = (inside + prior) / max(size - inside + _PRIOR - prior, 0.5)
        there = (outside + prior) / max(everything - size - outside + _PRIOR - prior, 0.5)
        deviation = math.sqrt(1 / (inside + prior) + 1 / (outside + prior))
        scores[term] = (math.log(here) - math.log(there)) / deviation
    frequent = [term for term, inside in counts.items() if inside >= max(2, _AT_LEAST * size)]
    return sorted(frequent or counts, key=lambda term: (-scores[term], term))


def _place(word: str, texts: Sequence[str], language: Language) -> float:
    """Where in an utterance a word stands on average, 0…1."""
    places = [found.index(word) / len(found) for text in texts if word in (found := naming_words(text, language))]
    return sum(places) / len(places) if places else 1.0
