"""Fitting search to cases: what helps is found and kept, what does not is not, and few cases are refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from evals.cases import Case
from evals.fit_search import fit_search
from evals.fitting import FEWEST, Example, cross_fit, fit_each
from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.retrieval.fusion import SHIPPED, Situation, load_weights, save_weights
from knowledge.retrieval.hybrid import SIGNALS, FusionWeights
from tests.support.commands import parley_here as parley


def examples(count: int, telling: str) -> list[Example]:
    """Questions with ten candidates, of which one signal tells the right one; the others are noise."""
    draw = np.random.default_rng(0)
    found = []
    for _ in range(count):
        signals = draw.random((10, len(SIGNALS))).astype(np.float32)
        right = int(draw.integers(10))
        signals[:, SIGNALS.index(telling)] *= 0.5
        signals[right, SIGNALS.index(telling)] = 0.9
        sources = [f"s{n}" for n in range(10)]
        found.append(
            Example(situation=Situation.SENTENCES, sources=sources, signals=signals, gold=frozenset({f"s{right}"}))
        )
    return found


@pytest.mark.parametrize("telling", ["span", "body_bare", "name"])
def test_the_signal_that_tells_gets_the_weight(telling: str) -> None:
    fitted = cross_fit(examples(80, telling), SHIPPED[Situation.SENTENCES])
    assert fitted.helps
    assert fitted.after > 0.95
    assert np.argmax(fitted.found.array()) == SIGNALS.index(telling)


def test_few_cases_are_not_fitted_to() -> None:
    assert fit_each(examples(FEWEST - 1, "span"), dict(SHIPPED)) == {}
    assert set(fit_each(examples(FEWEST, "span"), dict(SHIPPED))) == {Situation.SENTENCES}


def test_weights_are_kept_by_situation_and_broken_ones_refused(tmp_path: Path) -> None:
    save_weights(tmp_path, {Situation.SENTENCES: FusionWeights(span=2)})
    save_weights(tmp_path, {Situation.WORDS_ONLY: FusionWeights(body=1)})
    assert load_weights(tmp_path) == {
        Situation.SENTENCES: FusionWeights(span=2),
        Situation.WORDS_ONLY: FusionWeights(body=1),
    }
    for broken in ('{"sentences": {"span": -1}}', '{"sentences": {}}', '{"x": {}}', "[]", '{"sentences": {"y": 1}}'):
        (tmp_path / "fusion.json").write_text(broken, "utf-8")
        with pytest.raises(KnowledgeError, match=r"fusion\.json"):
            load_weights(tmp_path)


def test_a_library_is_fitted_and_uses_it_from_the_next_start(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    lines = [
        {"id": f"a{n}", "title": f"Plan {n}", "content": f"Subscription {n} is billed every {n + 3} weeks."}
        for n in range(30)
    ]
    articles.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    library = Library.open(tmp_path / "library", "corpus")
    library.ingest([articles])
    cases = [
        Case(id=f"{n}{word}", question=f"{word} {n} how often", gold_docs=[f"a{n}"])
        for n in range(30)
        for word in ("payment", "charge")
    ]
    fitted = fit_search(library, cases, tmp_path / "library", lambda *_: None)
    assert fitted.expansion is not None
    assert fitted.expansion.cases == 60
    assert (tmp_path / "library" / "expansion.json").is_file()
    library.close()
    again = Library.open(tmp_path / "library", "corpus")
    for kind, fit in fitted.weights.items():
        shipped = SHIPPED[kind]
        expected = fit.found if fit.helps else shipped
        weights = again.ranking.weights(kind)
        assert weights.array() == pytest.approx(expected.array(), abs=1e-2)
    again.close()


async def test_the_command_refuses_few_cases_and_keeps_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert (await parley(home, "init", str(home), "--empty", KNOWLEDGE__EMBEDDER="corpus")).status == 0
    (tmp_path / "a.md").write_text("# Returns\n\nThirty days.\n", "utf-8")
    assert (await parley(home, "ingest", str(tmp_path / "a.md"), KNOWLEDGE__EMBEDDER="corpus")).status == 0
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "1", "question": "how many days", "gold_docs": ["a.md"]}\n' * 3, "utf-8")
    shown = await parley(home, "eval", "retrieval", "--cases", str(cases), "--json", KNOWLEDGE__EMBEDDER="corpus")
    assert json.loads(shown.out)["fusion"]["recall@5"] == 1.0
    refused = await parley(home, "eval", "retrieval", "--cases", str(cases), "--fit", KNOWLEDGE__EMBEDDER="corpus")
    assert refused.status == 1
    assert "too few" in refused.err
    assert not (home / "documents" / "fusion.json").exists()
