"""Metrics against the libraries that have them: a thousand random cases each, within 1e-9."""

import random
import re
import string
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
import pytrec_eval
import scipy.stats
import sklearn
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import CHRF
from sklearn import metrics as peer

from evals.metrics.classification import accuracy, auroc, brier, brier_of_labels, ece, macro_f1
from evals.metrics.correlation import cohen_kappa, pearson, spearman
from evals.metrics.ranking import hit_at, ndcg_at, precision_at, recall_at, reciprocal_rank
from evals.metrics.refusal import refusal_precision, refusal_recall
from evals.metrics.running import percentile
from evals.metrics.text import chrf, rouge_l, token_f1

CASES = 1000
NEAR = 1e-9
ENGLISH = "the a refund return is Free within 30 days, of your order! can't (price) $4.50 phone — battery".split()
CHINESE = [*"退货款三十天内免费，保修两年。手机电池的价格是多少？", "iPhone", "30天", " "]


@pytest.fixture(autouse=True)
def _no_checks() -> Iterator[None]:
    """The peer's checks of its arguments cost more than its metrics."""
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        yield


def labels(draw: random.Random) -> tuple[list[str], list[str]]:
    names = "abcdefg"[: draw.randint(1, 7)]
    n = draw.randint(1, 40)
    return draw.choices(names, k=n), draw.choices(names, k=n)


def text(draw: random.Random, words: Sequence[str]) -> str:
    return ("" if words is CHINESE else " ").join(draw.choices(words, k=draw.randint(0, 25)))


def same(ours: float | None, theirs: float) -> None:
    assert ours is not None
    assert abs(ours - theirs) < NEAR, (ours, theirs)


def test_labels_as_scikit_learn() -> None:
    draw = random.Random(1)
    for _ in range(CASES):
        truth, told = labels(draw)
        same(accuracy(truth, told), peer.accuracy_score(truth, told))
        known = sorted(set(truth))
        same(macro_f1(truth, told), peer.f1_score(truth, told, labels=known, average="macro", zero_division=0))


def test_probabilities_as_scikit_learn() -> None:
    draw = random.Random(2)
    for _ in range(CASES):
        n = draw.randint(2, 40)
        positive = [True, False, *(draw.random() < 0.4 for _ in range(n - 2))]
        scores = [round(draw.random(), draw.choice((1, 9))) for _ in range(n)]
        same(auroc(positive, scores), peer.roc_auc_score(positive, scores))
        same(brier(scores, positive), peer.brier_score_loss(positive, scores))


def test_probabilities_of_many_labels_as_scikit_learn() -> None:
    draw, numbers = random.Random(3), np.random.default_rng(3)
    for _ in range(CASES):
        names = "abcde"[: draw.randint(3, 5)]
        rows = numbers.dirichlet(np.ones(len(names)), size=draw.randint(1, 20))
        truth = draw.choices(names, k=len(rows))
        ours = brier_of_labels([dict(zip(names, row.tolist(), strict=True)) for row in rows], truth)
        same(ours, peer.brier_score_loss(truth, rows, labels=list(names), scale_by_half=False))


def test_calibration_as_its_definition() -> None:
    draw = random.Random(4)
    for _ in range(CASES):
        n = draw.randint(1, 60)
        sure, right = [draw.random() for _ in range(n)], [draw.random() < 0.6 for _ in range(n)]
        gaps = 0.0
        for place in range(15):
            rows = [at for at in range(n) if place / 15 <= sure[at] < (place + 1) / 15]
            if rows:
                gap = np.mean([sure[at] for at in rows]) - np.mean([right[at] for at in rows])
                gaps += len(rows) / n * abs(gap)
        same(ece(sure, right), gaps)


def test_correlation_as_scipy() -> None:
    draw = random.Random(5)
    for _ in range(CASES):
        n = draw.randint(3, 30)
        one, other = ([float(draw.randint(1, 6)) for _ in range(n)] for _ in range(2))
        if len(set(one)) < 2 or len(set(other)) < 2:
            assert pearson(one, other) is None is spearman(one, other)
            continue
        same(pearson(one, other), scipy.stats.pearsonr(one, other).statistic)
        same(spearman(one, other), scipy.stats.spearmanr(one, other).statistic)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_agreement_as_scikit_learn(weights: "str | None") -> None:
    draw = random.Random(6)
    for _ in range(CASES):
        n = draw.randint(3, 30)
        one, other = ([draw.randint(1, 5) for _ in range(n)] for _ in range(2))
        if len({*one, *other}) > 1:
            same(cohen_kappa(one, other, weights), peer.cohen_kappa_score(one, other, weights=weights))


def test_refusals_as_scikit_learn() -> None:
    draw = random.Random(7)
    for _ in range(CASES):
        n = draw.randint(2, 30)
        declined = [True, *(draw.random() < 0.4 for _ in range(n - 1))]
        answerable = [*(draw.random() < 0.6 for _ in range(n - 1)), False]
        other = [not can for can in answerable]
        precision, recall, _, _ = peer.precision_recall_fscore_support(other, declined, average="binary")
        same(refusal_precision(declined, answerable), precision)
        same(refusal_recall(declined, answerable), recall)


def test_rankings_as_trec_eval() -> None:
    draw = random.Random(8)
    pool = [f"d{n}" for n in range(40)]
    gold = {f"q{n}": set(draw.sample(pool, draw.randint(1, 12))) for n in range(CASES)}
    ranked = {query: draw.sample(pool, draw.randint(1, 25)) for query in gold}
    evaluator = pytrec_eval.RelevanceEvaluator(
        {query: dict.fromkeys(documents, 1) for query, documents in gold.items()},
        {"ndcg_cut.10", "recall.5", "P.5", "recip_rank", "success.5"},
    )
    theirs = evaluator.evaluate({q: {doc: 100.0 - at for at, doc in enumerate(docs)} for q, docs in ranked.items()})
    assert len(theirs) == CASES
    for query, found in theirs.items():
        same(ndcg_at(ranked[query], gold[query], 10), found["ndcg_cut_10"])
        same(recall_at(ranked[query], gold[query], 5), found["recall_5"])
        same(precision_at(ranked[query], gold[query], 5), found["P_5"])
        same(hit_at(ranked[query], gold[query], 5), found["success_5"])
        same(reciprocal_rank(ranked[query], gold[query]), found["recip_rank"])


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_chrf_as_sacrebleu(words: Sequence[str]) -> None:
    draw, theirs = random.Random(9), CHRF()
    for _ in range(CASES):
        one, other = text(draw, words), text(draw, words)
        same(chrf(one, other) * 100, theirs.sentence_score(one, [other]).score)


class ByCharacter:
    """The peer's tokens where there is no Chinese; a character each where there is."""

    def tokenize(self, text: str) -> list[str]:
        return re.sub(r"[^a-z0-9\u3400-\u9fff]+", " ", re.sub(r"([\u3400-\u9fff])", r" \1 ", text.lower())).split()


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_rouge_l_as_rouge_score(words: Sequence[str]) -> None:
    draw = random.Random(10)
    theirs = RougeScorer(["rougeL"], tokenizer=None if words is ENGLISH else ByCharacter())
    for _ in range(CASES):
        one, other = text(draw, words), text(draw, words)
        same(rouge_l(one, other), theirs.score(other, one)["rougeL"].fmeasure)


def squad_f1(answer: str, reference: str) -> float:
    """As the evaluation script of SQuAD v2.0 words it, with the characters of MLQA's."""

    def tokens(given: str) -> list[str]:
        bare = "".join(c for c in given.lower() if c not in set(string.punctuation) | set("，。？—"))
        return re.sub(r"([\u3400-\u9fff])", r" \1 ", re.sub(r"\b(a|an|the)\b", " ", bare)).split()

    gold, said = tokens(reference), tokens(answer)
    both = sum((Counter(gold) & Counter(said)).values())
    if not gold or not said:
        return float(gold == said)
    if both == 0:
        return 0.0
    precision, recall = both / len(said), both / len(gold)
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_token_f1_as_squads_script(words: Sequence[str]) -> None:
    draw = random.Random(11)
    for _ in range(CASES):
        one, other = text(draw, words), text(draw, words)
        same(token_f1(one, other), squad_f1(one, other))


def test_percentiles_as_scipy() -> None:
    draw = random.Random(12)
    for _ in range(CASES):
        values = [draw.expovariate(0.01) for _ in range(draw.randint(1, 40))]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            same(percentile(values, 95), float(scipy.stats.mstats.mquantiles(values, [0.95], alphap=1, betap=1)[0]))
