"""Whether a sentence agrees with the evidence that it cites: its numbers with their units, its dates, names and words.

What is checked is what a reader can look up: that each number stands there with that unit, each month and weekday, each
name, and most of the words. Paraphrase passes, invention does not. That a sentence follows from its evidence in sense
(a negation, one product's number said of another's) is beyond words; a second look by a model can be had for it
(`[model] verify`). Pure functions.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from agent.checking.amounts import CLOCK, in_figures, same_amounts
from agent.checking.echo import doubt
from agent.checking.likeness import Doubt
from agent.checking.numbers import measures_in, without_measures
from agent.types import Language
from knowledge.cutting.spans import split_sentences
from knowledge.text.folding import simplified
from knowledge.text.han import HAN
from knowledge.text.words import is_stop_word, words

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’.&+-]*[A-Za-z+]|[A-Za-z]")
_SHARED = 0.5
"""Least share of a sentence's words that its evidence must hold."""
_SHARED_CHARACTERS, _SHARED_PAIRS = 0.6, 0.4
"""Least share of the characters of a Chinese sentence, or of its pairs of characters."""
_FOREIGN_WORDS = 4
_BARE = frozenset({"", CLOCK})
_CODE = re.compile(r"[A-Za-z]+-?\d[A-Za-z\d-]*")
_CHECKED = 1_024
"""Sentences remembered with how they were found: each is read again with every one after it, and by the guard."""
_EDGES = "的了在到从由向往于为给对把被和与或至及是有可需请将会能也都就点年月日天元个周号上下前后内外每各该此其您我们"


@lru_cache(maxsize=_CHECKED)
def stranger(claim: str, evidence: str, *, names: bool = True) -> str:
    """What in a sentence is strange to the evidence: "number", "date" or (where asked for) "name"; "" for nothing."""
    if not _numbers_agree(claim, evidence):
        return "number"
    if (said := dates_in(claim)) and not said <= _known_dates(evidence):
        return "date"
    return "name" if names and any(True for _ in _strange_names(claim, evidence)) else ""


def warm() -> None:
    """Loads the dictionary and the patterns of names, which the first Chinese sentence would wait half a second for."""
    said = "11月15日至12月24日之间的订单，可退到次年1月31日。"
    stranger(said, said)
    doubted(said, "Orders may be returned.", said)


def in_language(claim: str, language: Language) -> bool:
    """Whether a sentence is in the customer's language; names and addresses of another do not count."""
    han = len(HAN.findall(claim))
    latin = [word for word in _LATIN_WORD.findall(claim) if len(word) > 1]
    if language == "zh":
        return bool(han) or sum(word.islower() for word in latin) < _FOREIGN_WORDS
    return han <= 2 * len(latin)


def dates_in(text: str) -> frozenset[str]:
    """Months, weekdays and days by name ("tomorrow"), in one form for both languages."""
    plain = in_figures(text)
    return frozenset(name for name, pattern in _dates().items() if pattern.search(plain))


def _numbers_agree(claim: str, evidence: str) -> bool:
    known = _measures(evidence)
    return all(
        _is_known(number, units, known) or all(_is_said_otherwise(number, unit, known) for unit in units)
        for number, units in measures_in(claim).items()
    )


def _is_known(number: str, units: frozenset[str], known: Mapping[str, frozenset[str]]) -> bool:
    if number not in known:
        return False
    return units <= _BARE or not _BARE.isdisjoint(known[number]) or units - _BARE <= known[number]


def _is_said_otherwise(number: str, unit: str, known: Mapping[str, frozenset[str]]) -> bool:
    return any(other in known.get(same, ()) for same, other in same_amounts(number, unit))


@lru_cache(maxsize=256)
def _known_dates(evidence: str) -> frozenset[str]:
    return dates_in(evidence)


@lru_cache(maxsize=256)
def _measures(evidence: str) -> Mapping[str, frozenset[str]]:
    return measures_in(evidence, all_words=True)


def doubted(claim: str, evidence: str, question: str) -> Doubt | None:
    """What to read together before a sentence that agrees is said, because it may only echo the question; None for nothing."""
    return doubt(claim, evidence, question, passing=_passing())


@lru_cache(maxsize=_CHECKED)
def words_agree(claim: str, evidence: str, question: str) -> bool:
    """Whether the evidence holds most of the words; those that only take up the customer's question count neither way."""
    language: Language = "zh" if HAN.search(claim) else "en"
    known = _terms(evidence)
    if language == "zh" and not HAN.search(evidence):
        return True  # said in another language than it was read in: words can't be compared
    if language == "en" and not any(term.isascii() and term.isalpha() for term in known):
        return True
    said = frozenset(term for term in words(claim) if not term.isdigit())
    unstated = (_terms(question) | (said - _terms(without_measures(claim)))) - known  # measures are compared as such
    rest = said - unstated - _passing()
    if language == "en":
        return _share(rest, known) >= _SHARED
    pairs = frozenset(term for term in rest if len(term) > 1)
    return _share(rest - pairs, known) >= _SHARED_CHARACTERS or _share(pairs, known) >= _SHARED_PAIRS


def _share(terms: Collection[str], evidence: Collection[str]) -> float:
    """How many of the terms the evidence holds; all of none."""
    return sum(term in evidence for term in terms) / len(terms) if terms else 1.0


@lru_cache(maxsize=256)
def _terms(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _strange_names(claim: str, evidence: str) -> Iterator[str]:
    """Names that the evidence does not hold."""
    known, read = _known(evidence), evidence.casefold()
    yield from (code for code in _CODE.findall(claim) if code.casefold() not in read)
    for sentence in split_sentences(claim) or [claim]:
        yield from (name for name in _english_names(sentence, known) if name)
    if HAN.search(claim) and HAN.search(evidence):
        yield from _chinese_names(claim, evidence)


def _english_names(sentence: str, known: Collection[str]) -> Iterator[str]:
    """Words with a capital that stand nowhere in the evidence; the first word of a sentence where it is no common one."""
    chinese = bool(HAN.search(sentence))
    first = True
    for match in _LATIN_WORD.finditer(sentence):
        word = match.group()
        bare = _bare(word)
        opens, first = first and not chinese, False
        after = sentence[: match.start()].rstrip(" \"'“‘(*_")[-1:]
        opens = opens or after in {":", "：", "\n", "—", "•"}
        if chinese and len(word) > 1 and bare not in known and bare not in _common()["always"]:
            yield word
        elif not word[:1].isupper() or bare in known or bare in _common()["always"] or is_stop_word(bare):
            continue
        elif not opens or not (bare.split("'")[0] in _common()["openers"] or bare.endswith(("ing", "ly", "ed"))):
            yield word


def _bare(word: str) -> str:
    low = word.lower().replace("’", "'").strip(".")
    return low.removesuffix("'s").removesuffix("s'")


@lru_cache(maxsize=256)
def _known(evidence: str) -> frozenset[str]:
    """All Latin words of the evidence, as they stand and without the ending of a plural."""
    found = {_bare(word) for word in _LATIN_WORD.findall(evidence)}
    found |= {part for word in found for part in re.split(r"[-.&+]", word) if part}
    return frozenset(found | {word.removesuffix("s") for word in found} | {f"{word}s" for word in found})


def _chinese_names(claim: str, evidence: str) -> Iterator[str]:
    """Words that a dictionary takes for a name, or does not know, and that the evidence does not hold."""
    import rjieba  # imported here: its dictionary takes a moment, and so do the patterns of names

    from agent.privacy.people import find_people

    said, read = simplified(claim), simplified(evidence)
    for found in find_people(said):
        if said[found.start : found.end] not in read:
            yield said[found.start : found.end]
    for part, tag in rjieba.tag(said):
        word = part if rjieba.has_word(part) else part.strip(_EDGES)
        if len(word) < 2 or not HAN.search(word) or word in read or word in _common()["chinese"]:
            continue
        if tag.startswith(("nr", "ns", "nt", "nz")) or (
            not rjieba.has_word(word) and not any(word[at : at + 2] in read for at in range(len(word) - 1))
        ):
            yield word


@cache
def _common() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(text.split()) for kind, text in _told()["common"].items()}


@cache
def _passing() -> frozenset[str]:
    """Terms of words that carry no statement by themselves ("please", "simply", 请, 可以)."""
    return frozenset(words(_told()["passing"]))


@cache
def _dates() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _told()["dates"].items()}


@cache
def _told() -> Mapping[str, Any]:
    """What `agreement.yaml` says."""
    told: dict[str, Any] = yaml.safe_load((files("agent.checking") / "agreement.yaml").read_text("utf-8"))
    return told
