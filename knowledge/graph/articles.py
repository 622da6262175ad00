"""Reads entities and facts out of articles by patterns: "Monthly fee: $5", table rows, numbered steps, "also called".

Only what stands under a name that the documents are organised by is taken: a line says little without its subject.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from knowledge.graph.entities import ARTICLES, PREFIX, EntityRecord, Source, SourceHead, Value
from knowledge.types import Passage

_INTERNAL = re.compile(r"^\s*internal\s*[:：-]|^内部\s*[:：-]", re.IGNORECASE)
_PAIR = re.compile(
    r"^\s*(?:[-*+•]\s+)?(?:\*\*)?(?P<key>[^:：|*#\n]{2,48}?)\s*(?:\*\*)?\s*[:：]\s*(?:\*\*)?\s*(?P<value>\S.*?)\s*$"
)
_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")
_STEP = re.compile(r"^\s*\d{1,2}[.)、]\s+(?P<step>\S.*?)\s*$")
_ALIAS = re.compile(
    r"(?:is |are )?(?:also |sometimes )?(?:known as|called|referred to as|abbreviated(?: as| to)?)\s+[\"“]?(?P<en>[A-Z][\w&+' -]{1,40}?)[\"”]?(?=[.,;)]|$| and | or )"
    r"|(?:又称|也叫|又叫|简称|俗称|亦称)(?:为)?[“\"]?(?P<zh>[\w\u3400-\u9fff+-]{2,20}?)[”\"]?(?=[，。；、）)]|$)"
)
_WORDY = 9  # words of a value from which on it is a sentence and no value
_WORDY_ZH = 24
_KEY_WORDS = 6
_NO_KEY = re.compile(
    r"^(?:note|tip|example|important|warning|step|q|a|question|answer|注意|提示|例如|示例|问|答)\b", re.IGNORECASE
)
_BLANK = re.compile(r"\[[^\]]*\]|\bn/?a\b|not available|待定|暂无", re.IGNORECASE)
"""What an article leaves open."""
_NAMES_ROWS = re.compile(r"account|card|product|plan|model|name|tier|产品|账户|卡|名称|型号|套餐|等级", re.IGNORECASE)


@dataclass(slots=True)
class Told:
    """What an article tells of one entity."""

    values: dict[str, list[Value]] = field(default_factory=dict)
    quotes: dict[tuple[str, str], str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)

    def take(self, relation: str, value: str, quote: str) -> None:
        """Notes a value with the words that state it."""
        relation = _relation(relation)
        items = self.values.setdefault(relation, [])
        # As it is written, "$30.00" and not 30: what is quoted has its unit.
        if value not in items:
            items.append(value)
            self.quotes[relation, value] = quote


Read: TypeAlias = Callable[[Passage, str, dict[str, Told]], None]
"""Notes what a passage tells, given the name that it is about: of it, and of others that it names."""


def sources_of(
    passages: Iterable[Passage], subject: Callable[[Passage], str], read: Read | None = None, type_: str = "product"
) -> list[Source]:
    """One source for each public article that states something.

    subject: the name that a passage is about, "" for none; read: by patterns, where nothing else is given.
    """
    read = read or read_by_patterns
    by_article: dict[str, dict[str, Told]] = {}
    titles: dict[str, Passage] = {}
    for passage in passages:
        if _INTERNAL.match(passage.title) or getattr(passage, "audience", "public") != "public":
            continue
        name = subject(passage)
        if not name:
            continue
        titles[passage.source_id] = passage
        told = by_article.setdefault(passage.source_id, {})
        read(passage, name, told)
    return [
        Source(
            head=SourceHead(
                source_id=f"{PREFIX}{source_id}",
                fingerprint="",
                kind=ARTICLES,
                title=titles[source_id].title,
                url=titles[source_id].url,
            ),
            entities=[
                EntityRecord(name=name, type=type_, aliases=t.aliases, values=t.values, quotes=t.quotes)
                for name, t in told.items()
                if t.values or t.aliases
            ],
        )
        for source_id, told in by_article.items()
        if any(t.values or t.aliases for t in told.values())
    ]


def read_by_patterns(passage: Passage, name: str, told: dict[str, Told]) -> None:
    """Pairs, rows, steps and aliases, line by line."""
    about = told.setdefault(name, Told())
    lines = passage.text.splitlines()
    rows: list[str] = []
    steps: list[str] = []
    for line in (*lines, ""):
        if _ROW.match(line):
            rows.append(line)
            continue
        if rows:
            _table(rows, name, told)
            rows = []
        if step := _STEP.match(line):
            steps.append(step["step"])
            continue
        if steps and line.strip():
            _steps(steps, passage, about)
            steps = []
        if pair := _PAIR.match(line):
            _pair(pair["key"], pair["value"], line, about)
        elif alias := _ALIAS.search(line):
            _alias(alias["en"] or alias["zh"], line, name, about)
    _steps(steps, passage, about)


def _pair(key: str, value: str, line: str, about: Told) -> None:
    value = value.strip("* ").rstrip(".。;；")
    if _is_key(key) and _is_value(value):
        about.take(key, value, line.strip())


def _table(rows: Sequence[str], name: str, told: dict[str, Told]) -> None:
    """Rows of two cells are a relation and a value; of more, a thing or a relation and its values by column."""
    cells = [[cell.strip().strip("*") for cell in row.strip().strip("|").split("|")] for row in rows]
    cells = [row for row, line in zip(cells, rows, strict=True) if not _RULE.match(line)]
    lines = [line.strip() for line in rows if not _RULE.match(line)]
    if len(cells) < 2 or any(len(row) != len(cells[0]) for row in cells):
        return
    header = cells[0]
    named = bool(_NAMES_ROWS.search(header[0])) and len(header) > 2
    for row, line in zip(cells[1:], lines[1:], strict=True):
        for column, value in list(zip(header, row, strict=True))[1:]:
            if not row[0] or not value or not _is_value(value):
                continue
            if named:
                told.setdefault(row[0], Told()).take(column, value, line)
            else:
                relation = row[0] if len(header) == 2 else f"{row[0]} {column}"
                told.setdefault(name, Told()).take(relation, value, line)


def _steps(steps: Sequence[str], passage: Passage, about: Told) -> None:
    """Numbered lines in a row are the steps of what their heading names."""
    if len(steps) < 2 or not passage.section or not _is_key(passage.section[-1]):
        return
    for step in steps:
        about.take(passage.section[-1], step, step)


def _alias(alias: str, line: str, name: str, about: Told) -> None:
    """Another name, where the sentence is about the entity itself."""
    if name.lower() in line.lower() and alias.strip() and alias.lower() != name.lower():
        about.aliases.append(alias.strip())


def _relation(key: str) -> str:
    """The name of a relation: as it is written, small, without what stands in brackets."""
    return " ".join(re.sub(r"[(（].*?[)）]", " ", key).lower().split())


def _is_key(key: str) -> bool:
    bare = _relation(key)
    return bool(re.search(r"[a-z\u3400-\u9fff]", bare)) and len(bare.split()) <= _KEY_WORDS and not _NO_KEY.match(bare)


def _is_value(value: str) -> bool:
    if _BLANK.search(value):
        return False
    return 0 < len(value.split()) < _WORDY and len(re.findall(r"[\u3400-\u9fff]", value)) < _WORDY_ZH


def consistent(sources: Sequence[Source]) -> Iterator[Source]:
    """The sources without what they contradict each other in: which of two fees holds is not for a pattern to say."""
    seen: dict[tuple[str, str], set[tuple[Value, ...]]] = {}
    for source in sources:
        for entity in source.entities:
            for relation, values in entity.values.items():
                seen.setdefault((entity.name.lower(), relation), set()).add(tuple(values))
    torn = {key for key, stated in seen.items() if len(stated) > 1 and not _steps_apart(stated)}
    for source in sources:
        kept = []
        for entity in source.entities:
            whole = {r: v for r, v in entity.values.items() if (entity.name.lower(), r) not in torn}
            if whole or entity.aliases:
                quotes = {key: quote for key, quote in entity.quotes.items() if key[0] in whole}
                kept.append(
                    EntityRecord(
                        name=entity.name, type=entity.type, aliases=entity.aliases, values=whole, quotes=quotes
                    )
                )
        if kept:
            yield Source(head=source.head, entities=kept)


def _steps_apart(stated: Iterable[tuple[Value, ...]]) -> bool:
    """Whether one article only says more than another."""
    ordered = sorted(stated, key=len)
    return all(set(short) <= set(long) for short, long in pairwise(ordered))
