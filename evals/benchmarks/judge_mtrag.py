"""The judge that needs no model against the labels of MTRAG-UN: `python -m evals.benchmarks.judge_mtrag REFERENCE.jsonl`.

`--record` writes what the columns of a report say of themselves.

It was fitted on none of these rows. Each AUROC has a 95 % bootstrap interval over conversations. In the set every
unanswerable task comes without passages, which makes the labels as given easy; so each question is also set against the
five passages of its own collection that are nearest by words, where an unanswerable one meets passages, too.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from agent.learning.evaluate.measures import separation
from evals.judge.columns import AGREEMENT, Agreement, Agreements
from evals.judge.fitted import FittedJudge
from evals.metrics.correlation import cohen_kappa, spearman
from evals.statistics.bootstrap import Interval, measure_interval
from knowledge.embedders import minilm
from knowledge.text.words import words

_NEAREST, _SHORT = 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A column against the labels; kappa: of a column of at least one half."""

    auroc: Interval
    kappa: float
    spearman: float


def main(reference: Path, *, record: bool = False) -> None:
    """Judges and prints."""
    rows = [json.loads(line) for line in reference.read_text("utf-8").splitlines()]
    kinds = [row["answerability"][0] for row in rows]
    given = [[context["text"] for context in row["contexts"]] for row in rows]
    questions = [_standalone([t["text"] for t in row["input"] if t["speaker"] == "user"]) for row in rows]
    near = _nearest(questions, given, [row["Collection"] for row in rows])
    judge, embedded = FittedJudge(), FittedJudge(minilm.packaged()) if minilm.is_available() else None
    answers = [judge.groundedness(row["targets"][0]["text"], own) or 0.0 for row, own in zip(rows, given, strict=True)]
    have = [n for n, own in enumerate(given) if own]
    talks = [row["conversation_id"] for row in rows]
    grounded = _print("groundedness of reference answers, tasks with passages", kinds, answers, have, talks)
    replies = [row["targets"][0]["text"] for row in rows]
    helps = [
        judge.helpfulness(question, reply, judge.groundedness(reply, own))
        for question, reply, own in zip(questions, replies, near, strict=True)
    ]
    helpful = _print("helpfulness of reference replies, nearest passages", kinds, helps, range(len(rows)), talks)
    recorded = []
    for name, one in (("words", judge), ("words and MiniLM", embedded)):
        if one is None:
            continue
        told = [one.answerability(q, own) for q, own in zip(questions, given, strict=True)]
        found = [one.answerability(q, own) for q, own in zip(questions, near, strict=True)]
        both = [n for n, kind in enumerate(kinds) if kind in {"ANSWERABLE", "UNANSWERABLE"}]
        _print(f"answerability ({name}), passages as given, all", kinds, told, range(len(rows)), talks)
        _print(f"answerability ({name}), passages as given, tasks with passages", kinds, told, have, talks)
        _print(f"answerability ({name}), nearest passages, against unanswerable", kinds, found, both, talks)
        title = f"answerability ({name}), nearest passages, against all others"
        recorded.append(_print(title, kinds, found, range(len(rows)), talks))
    if record:
        _record(helpful, grounded, *recorded)


def _record(helpful: Measured, grounded: Measured, by_words: Measured, by_meaning: Measured) -> None:
    found = Agreements(
        judged_helpful=_agreement(helpful, "MTRAG-UN (reference replies)"),
        judged_groundedness=_agreement(grounded, "MTRAG-UN (reference answers)"),
        judged_answerability=_agreement(by_words, "MTRAG-UN (nearest passages)"),
        judged_answerability_by_meaning=_agreement(by_meaning, "MTRAG-UN (nearest passages)"),
    )
    (Path(__file__).parents[1] / "judge" / AGREEMENT).write_text(found.model_dump_json(indent=2) + "\n", "utf-8")


def _agreement(found: Measured, of: str) -> Agreement:
    low, high = found.auroc.low, found.auroc.high
    assert low is not None and high is not None
    ends = (round(low, 3), round(high, 3))
    return Agreement(
        auroc=round(found.auroc.value, 3), interval=ends, kappa=round(found.kappa, 3), spearman=round(found.spearman, 3),
        tasks=found.auroc.n, of=of,
    )  # fmt: skip


def _print(
    title: str, kinds: Sequence[str], told: Sequence[float], rows: Sequence[int], talks: Sequence[str]
) -> Measured:
    right = [kinds[n] == "ANSWERABLE" for n in rows]
    values = [told[n] for n in rows]
    found = measure_interval(separation(right, values), len(rows), [talks[n] for n in rows])
    kappa, rho = cohen_kappa([value >= 0.5 for value in values], right), spearman(values, [float(one) for one in right])
    assert found is not None and kappa is not None and rho is not None
    sys.stdout.write(
        f"{title}: AUROC {found.value:.3f} [{found.low:.3f}, {found.high:.3f}], kappa {kappa:.3f}, Spearman {rho:.3f}, "
        f"{len(rows)} tasks\n"
    )
    return Measured(auroc=found, kappa=kappa, spearman=rho)


def _standalone(said: Sequence[str]) -> str:
    """A short question with what was asked before it."""
    return f"{said[-1]} {said[-2]}" if len(said) > 1 and len(words(said[-1])) < _SHORT else said[-1]


def _nearest(questions: Sequence[str], given: Sequence[Sequence[str]], collections: Sequence[str]) -> list[list[str]]:
    """Of each question, out of all passages of its collection."""
    pools: dict[str, dict[str, None]] = defaultdict(dict)
    for own, collection in zip(given, collections, strict=True):
        pools[collection] |= dict.fromkeys(own)
    texts = {collection: list(pool) for collection, pool in pools.items()}
    read = {name: TfidfVectorizer(analyzer=words, sublinear_tf=True).fit(pool) for name, pool in texts.items()}
    matrices = {name: read[name].transform(pool) for name, pool in texts.items()}
    found = []
    for question, collection in zip(questions, collections, strict=True):
        scores = (read[collection].transform([question]) @ matrices[collection].T).toarray()[0]
        found.append([texts[collection][at] for at in np.argsort(-scores)[:_NEAREST]])
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), record="--record" in sys.argv)
