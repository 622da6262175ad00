"""Makes a large corpus of a small one by varying its articles: other names, other numbers, some sentences from elsewhere.

The same articles and seed give the same corpus. Every variant is a text of its own: no two share their title, and
hardly any their sentences, so that nothing is gained by remembering what was seen before.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.cutting.spans import split_sentences
from knowledge.types import Document

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITAL = re.compile(r"\b[A-Z][a-z]{2,}\b")
_SYLLABLES = (
    "al ba bel cor da del en fa gan hol ir jo ka lin mar nor or pel qui ran sol tam ul ven wes xan yor zel".split()
)
_KEPT = frozenset(
    "The This That These What When Where Which How Why Who You Your For From With And But Yes Not Can".split()
)
_RENAMED = 0.5
_FOREIGN = 0.2


def varied(articles: Sequence[Document], seed: int = 0) -> Iterator[Document]:
    """The articles themselves, then variants of them without end."""
    yield from articles
    sentences = [s for article in articles for line in article.content.split("\n") for s in split_sentences(line)]
    sentences = [sentence for sentence in sentences if len(sentence) > 40]
    number = 0
    while True:
        number += 1
        for article in articles:
            yield _variant(article, sentences, random.Random(f"{seed}/{number}/{article.source_id}"), number)


def _variant(article: Document, sentences: Sequence[str], draw: random.Random, number: int) -> Document:
    renamed: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        word = match.group()
        if word not in renamed:
            keeps = word in _KEPT or draw.random() > _RENAMED
            renamed[word] = word if keeps else "".join(draw.choices(_SYLLABLES, k=3)).capitalize()
        return renamed[word]

    def words(text: str) -> str:
        return _CAPITAL.sub(name, _NUMBER.sub(lambda found: _other(found.group(), draw), text))

    def line(text: str) -> str:
        plain = len(text) > 40 and not text.lstrip().startswith(("#", "|"))
        return draw.choice(sentences) if plain and draw.random() < _FOREIGN else text

    return replace(
        article,
        source_id=f"{article.source_id}-{number}",
        title=words(article.title) + f" {''.join(draw.choices(_SYLLABLES, k=2)).capitalize()}",
        content=words("\n".join(map(line, article.content.split("\n")))),
    )


def _other(number: str, draw: random.Random) -> str:
    """Another number of as many digits."""
    return "".join(str(draw.randint(1, 9)) if character.isdigit() else character for character in number)
