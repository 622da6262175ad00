"""Utterances cut into sentences, and into words where words are counted.

Chinese words serve the report's list of frequent words and names of clusters, which people read; models learn from
characters, which measured better (DESIGN.md).
"""

import re

from agent.privacy.kinds import PLACEHOLDER
from agent.types import Language
from knowledge.cutting.spans import split_sentences
from knowledge.text.words import is_stop_word

_LATIN = re.compile(r"[a-z][a-z'’-]+")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_DULL = frozenset(
    "我们 你们 他们 什么 怎么 这个 那个 可以 一下 一个 没有 不是 就是 还是 如果 但是 因为 所以 请问 那么 这里 我要 我想".split()
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of an utterance, line by line; Chinese full stops need no space behind them."""
    return tuple(found for line in text.split("\n") for found in split_sentences(line) if found)


def words(text: str, language: Language) -> list[str]:
    """The words that say something, in order; Chinese ones by dictionary (jieba)."""
    bare = PLACEHOLDER.sub(" ", text)
    if language == "en":
        return [word for word in _LATIN.findall(bare.lower()) if not is_stop_word(word) and len(word) > 2]
    import rjieba

    return [word for word in rjieba.cut(bare) if _HAN.fullmatch(word) and word not in _DULL]
