"""How like two texts are by their words and characters; Chinese counts by the character."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import LCSseq

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_MIXED = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_ROUGE = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
_CHRF_ORDER, _CHRF_BETA = 6, 2


def plain(text: str) -> str:
    """The text without spaces, case and width aside."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=16)  # an answer and its reference are both asked for by two metrics
def squad_tokens(text: str) -> tuple[str, ...]:
    """Words in lower case without punctuation and articles (Rajpurkar et al. 2016); each Chinese character is one (Lewis et al. 2020)."""
    bare = "".join(c for c in text.lower() if c not in string.punctuation and unicodedata.category(c)[0] != "P")
    return tuple(_MIXED.findall(_ARTICLES.sub(" ", bare)))


def exact_match(answer: str, reference: str) -> float:
    """1 when both have the same tokens in the same order, else 0 (SQuAD)."""
    return float(squad_tokens(answer) == squad_tokens(reference))


def token_f1(answer: str, reference: str) -> float:
    """F1 of the tokens that both have, however ordered (SQuAD, Rajpurkar et al. 2016), 0…1; two empty texts agree."""
    said, wanted = squad_tokens(answer), squad_tokens(reference)
    if not said or not wanted:
        return float(said == wanted)
    return _f1((Counter(said) & Counter(wanted)).total(), len(said), len(wanted))


def rouge_l(answer: str, reference: str) -> float:
    """F1 of the longest common subsequence of words (Lin 2004), 0…1; without stemming, Chinese by the character."""
    said, wanted = _ROUGE.findall(answer.lower()), _ROUGE.findall(reference.lower())
    if not said or not wanted:
        return 0.0
    return _f1(LCSseq.similarity(said, wanted), len(said), len(wanted))


def chrf(answer: str, reference: str) -> float:
    """F2 of character 1- to 6-grams, spaces aside (Popović 2015), 0…1; for Chinese as it stands."""
    said, wanted = "".join(answer.split()), "".join(reference.split())
    rates = [_overlap(_grams(said, n), _grams(wanted, n)) for n in range(1, _CHRF_ORDER + 1)]
    known = [rate for rate in rates if rate is not None]
    if not known:
        return 0.0
    precision = sum(p for p, _ in known) / len(known)
    recall = sum(r for _, r in known) / len(known)
    square = _CHRF_BETA**2
    return (1 + square) * precision * recall / (square * precision + recall) if precision + recall else 0.0


def _grams(text: str, n: int) -> Counter[str]:
    return Counter([text[start : start + n] for start in range(len(text) - n + 1)])


def _overlap(said: Counter[str], wanted: Counter[str]) -> tuple[float, float] | None:
    """Precision and recall; None where one text is too short to have such grams."""
    if not said or not wanted:
        return None
    both = (said & wanted).total()
    return both / said.total(), both / wanted.total()


def _f1(both: int, said: int, wanted: int) -> float:
    return 2 * both / (said + wanted)


def f1_of_sets(said: Sequence[object], wanted: Sequence[object]) -> float:
    """F1 of two sets, 0…1; two empty ones agree."""
    left, right = set(said), set(wanted)
    return _f1(len(left & right), len(left), len(right)) if left or right else 1.0
