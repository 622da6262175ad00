"""The list of metrics: whole, loadable, and the same as in the docs."""

from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules

import evals.metrics
from evals.metrics.registry import METRICS, is_safety, metric_of, table

DOCS = Path(__file__).parents[3] / "docs" / "evals-metrics.md"
PARTS = {  # what metrics are made of, or what the report draws
    "first_places", "normalised", "holds", "includes_all", "squad_tokens", "f1_of_sets", "claims", "stands_in",
    "grounded_sentences", "names_in", "precision_recall", "percentiles", "confusion", "risk_coverage", "risk_curve",
    "pearson", "cohen_kappa", "plain", "support_of", "contradicting_statements", "weighted_aurc",
}  # fmt: skip


def test_each_metric_is_a_documented_function() -> None:
    for metric in METRICS:
        assert metric.load().__doc__, metric.name
        assert metric.title and metric.title_zh and metric.source and metric.needs
        assert metric.low is None or metric.high is None or metric.low < metric.high


def test_each_function_is_a_metric_of_the_list() -> None:
    listed = {metric.function for metric in METRICS}
    for module in iter_modules(evals.metrics.__path__, "evals.metrics."):
        if module.name.endswith(".registry"):
            continue
        for name, function in getmembers(import_module(module.name), isfunction):
            if function.__module__ == module.name and not name.startswith("_") and name not in PARTS:
                assert f"{module.name.removeprefix('evals.')}:{name}" in listed


def test_names_are_told_apart() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    named = [metric_of(name) for name in ("ndcg@10", "pass^4", "pass@2", "right", "ndcg@x", "unheard of")]
    assert [found.name if found else None for found in named] == ["ndcg", "pass^", "pass@", "right", None, None]
    assert is_safety("prompt_leak") and not is_safety("right") and not is_safety("unheard of")


def test_the_docs_are_in_step() -> None:
    assert DOCS.read_text("utf-8").endswith("\n" + table())
