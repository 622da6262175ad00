"""What the fitted judge is fitted on: questions with the passage that answers, set against passages that do not.

A question with its key fact is a claim in other words than the passage's ("how many account managers do we get? two"), which
the passage supports; the nearest other passage does not support it, nor does the same passage once the claim's number is
another. English questions are those of `evals/fits/tuning`; Chinese ones those of the sample shop there and of CMRC.
Nothing is taken from MTRAG-UN, which the judge is measured on.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

import evals.benchmarks
from agent.samples import sample_path
from evals.cases import Case, load_cases
from evals.fits.tuning_libraries import TUNING, company_of
from knowledge.text.words import words

_SIZE, _CMRC = 900, 500
_SHOWN = (3, 7)  # passages beside a question: as many whether they answer it or not, so that their number tells nothing
HELDOUT = Path(evals.benchmarks.__file__).parent / "heldout"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A claim or a question with passages. right: whether they support or answer it; group: what must not be split in folds;
    company: whose passages they are.
    """

    text: str
    passages: tuple[str, ...]
    right: bool
    group: str
    language: str
    company: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    question: str
    fact: str
    gold: tuple[int, ...]
    group: str
    language: str


def training_pairs(data: Path, seed: int = 0) -> tuple[list[Pair], list[Pair]]:
    """Claims and questions, each against right and wrong passages. data: the folder of public data (bank, CMRC)."""
    draw = random.Random(seed)
    claims: list[Pair] = []
    questions: list[Pair] = []
    for company, texts, asked in _corpora(data):
        near = _neighbours(texts, [one.question for one in asked])
        for one, order in zip(asked, near, strict=True):
            others = [at for at in order if at not in one.gold]
            wrong = tuple(texts[at] for at in others[: draw.randint(1, 5)])
            given = (*(texts[at] for at in one.gold), *(texts[at] for at in others[: draw.randint(0, 3)]))
            right = tuple(draw.sample(given, len(given)))
            head = {"group": one.group, "language": one.language, "company": company}
            questions += _of_question(one, texts, order, company, draw)
            if not one.gold:
                continue
            claim = f"{one.question.rstrip('?？')} {one.fact}"
            claims.append(Pair(text=claim, passages=right, right=True, **head))
            claims.append(Pair(text=claim, passages=wrong, right=False, **head))
            if other := _altered(one.fact, draw):
                altered = f"{one.question.rstrip('?？')} {other}"
                claims.append(Pair(text=altered, passages=right, right=False, **head))
            sentences = [s for at in one.gold for s in re.split(r"(?<=[.!?。！？])\s*|\n+", texts[at]) if len(s) > 25]
            for sentence in draw.sample(sentences, min(2, len(sentences))):
                said = _paraphrased(sentence, draw)
                claims.append(Pair(text=said, passages=right, right=True, **head))
                claims.append(Pair(text=said, passages=wrong, right=sentence in "\n".join(wrong), **head))
                if other := _altered(said, draw):
                    claims.append(Pair(text=other, passages=right, right=False, **head))
    return claims, questions


def heldout_questions(data: Path, seed: int = 0) -> list[Pair]:
    """Questions that nothing was fitted on, of the bank whose other questions are among those that are fitted on."""
    draw = random.Random(seed)
    texts, asked = _asked_of("bank", _articles(data / "rho_bank" / "articles.jsonl"), HELDOUT)
    near = _neighbours(texts, [one.question for one in asked])
    return [
        pair for one, order in zip(asked, near, strict=True) for pair in _of_question(one, texts, order, "bank", draw)
    ]


def _of_question(
    one: _Asked, texts: Sequence[str], order: Sequence[int], company: str, draw: random.Random
) -> Iterator[Pair]:
    """Beside the nearest passages that do not answer it, and, where one does, beside that and as many others less one."""
    others = [at for at in order if at not in one.gold]
    shown = draw.randint(*_SHOWN)
    head = {"group": one.group, "language": one.language, "company": company}
    yield Pair(text=one.question, passages=tuple(texts[at] for at in others[:shown]), right=False, **head)
    if one.gold:
        given = [*one.gold, *others[: shown - len(one.gold)]]
        yield Pair(
            text=one.question, passages=tuple(texts[at] for at in draw.sample(given, len(given))), right=True, **head
        )


def _corpora(data: Path) -> Iterator[tuple[str, list[str], list[_Asked]]]:
    """Each company or encyclopaedia, its passages, and what is asked of them."""
    sources = {"bank": data / "rho_bank" / "articles.jsonl"}
    sources |= {path.stem: path for path in sorted((TUNING / "articles").glob("*.jsonl"))}
    for company, path in sources.items():
        yield company, *_asked_of(company, _articles(path), TUNING)
    folder = sample_path() / "knowledge"
    pages = {f"{p.parent.name}-{p.stem}": p.read_text("utf-8") for p in sorted(folder.glob("*/*.md"))}
    yield "shop", *_asked_of("shop", pages, TUNING)
    rows = json.loads((data / "cmrc2018" / "cmrc2018_dev.json").read_text("utf-8"))
    yield "cmrc", *_of_cmrc(rows["data"] if isinstance(rows, dict) else rows)


def _articles(path: Path) -> dict[str, str]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {row["id"]: f"{row['title']}\n{row['content']}" for row in rows}


def _asked_of(company: str, articles: dict[str, str], folder: Path) -> tuple[list[str], list[_Asked]]:
    owners = [(key, piece) for key, text in articles.items() for piece in _cut(text)]
    asked = []
    for file in sorted(folder.glob(f"{company}*.jsonl")):
        if company_of(file.stem) == company:
            asked += [_asked(case, owners) for case in load_cases(file) if not case.history]
    return [piece for _, piece in owners], [one for one in asked if one is not None]


def _asked(case: Case, owners: Sequence[tuple[str, str]]) -> _Asked | None:
    """None where no passage of the gold articles holds a key fact."""
    own = [at for at, (key, _) in enumerate(owners) if key in case.gold_docs]
    facts = [alternative for group in case.must_include[:1] for alternative in group]
    found = [(at, fact) for fact in facts for at in own if fact.lower() in owners[at][1].lower()]
    if case.answerable and not found:
        return None
    best = max(found, key=lambda one: len(set(words(case.question)) & set(words(owners[one[0]][1]))), default=None)
    return _Asked(
        question=case.question,
        fact=best[1] if best else "",
        gold=(best[0],) if best else (),
        group=f"{case.id.rsplit('-', 1)[0]}/{case.gold_docs[0] if case.gold_docs else case.id}",
        language=case.lang,
    )


def _of_cmrc(rows: Sequence[dict[str, object]]) -> tuple[list[str], list[_Asked]]:
    texts: list[str] = []
    asked: list[_Asked] = []
    for row in rows[:_CMRC]:
        paragraphs = row.get("paragraphs", [row])
        assert isinstance(paragraphs, list)
        for paragraph in paragraphs:
            texts.append(str(paragraph.get("context", paragraph.get("context_text", ""))))
            for qa in paragraph["qas"][:2]:
                answers = qa.get("answers", [])
                fact = answers[0]["text"] if answers and isinstance(answers[0], dict) else str(answers[0])
                question = str(qa.get("question", qa.get("query_text", "")))
                at = len(texts) - 1
                asked.append(_Asked(question=question, fact=fact, gold=(at,), group=f"cmrc/{at}", language="zh"))
    return texts, asked


def _cut(text: str) -> list[str]:
    """Paragraphs joined to pieces of up to _SIZE characters."""
    pieces = [""]
    for paragraph in re.split(r"\n\s*\n", text):
        if pieces[-1] and len(pieces[-1]) + len(paragraph) > _SIZE:
            pieces.append("")
        pieces[-1] += ("\n\n" if pieces[-1] else "") + paragraph
    return [piece for piece in pieces if piece.strip()]


def _neighbours(texts: Sequence[str], questions: Sequence[str]) -> list[list[int]]:
    """The eight nearest passages of each question, by words."""
    vectoriser = TfidfVectorizer(analyzer=words, sublinear_tf=True)
    matrix = vectoriser.fit_transform(texts)
    near = (vectoriser.transform(questions) @ matrix.T).toarray()
    return [list(map(int, np.argsort(-row)[:8])) for row in near]


def _altered(text: str, draw: random.Random) -> str:
    """The text with one of its numbers changed; "" where it has none."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return ""
    one = draw.choice(found)
    value = int(float(one.group()))
    other = draw.choice([n for n in (value + 1, value * 2 + 3, max(1, value // 2), value + 10) if n != value])
    return text[: one.start()] + str(other) + text[one.end() :]


def _paraphrased(sentence: str, draw: random.Random) -> str:
    """The sentence without some of its words, as an answer would shorten it."""
    pieces = re.findall(r"[\u3400-\u9fff]{1,3}|\S+", sentence)
    kept = [piece for piece in pieces if draw.random() > 0.25 or any(c.isdigit() for c in piece)]
    return ("" if re.search(r"[\u3400-\u9fff]", sentence) else " ").join(kept)
