"""`parley eval retrieval`: how good the evidence is, and weights of the fusion fitted to cases."""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, progress, stdout
from agent.home import Home
from agent.settings import home_folder, load_settings
from agent.types import JsonValue
from evals.cases import Case, load_cases
from evals.ranking import ndcg_at, recall_at, reciprocal_rank

if TYPE_CHECKING:
    from evals.fitting import Fit
    from knowledge.ingest import Progress
    from knowledge.library import Library

_ARMS = ("vector", "lexical", "fusion")
_DEPTH = 10


def retrieval(
    cases: Annotated[list[Path], typer.Option("--cases", help="Files of cases, a JSON object a line.")],
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the weights of the fusion to the cases and keep them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recall, MRR and nDCG of the evidence against gold documents: each arm, and their fusion."""
    from agent.homes import open_documents

    loaded = [case for file in cases for case in load_cases(file) if case.gold_docs]
    if not loaded:
        raise fail("none of these cases has gold_docs")
    settings = load_settings(home_folder())
    home = Home(settings.home)
    with open_documents(home, settings) as library, progress("Retrieving") as line:
        table: dict[str, JsonValue] = {}
        for number, arm in enumerate(_ARMS, start=1):
            line(arm, number, len(_ARMS))
            table[arm] = measures(loaded, [ranked(library, arm, case) for case in loaded])
        fits = _fit(library, loaded, home.documents, line) if fit else {}
    if fit:
        table["fit"] = {kind: _told(found) for kind, found in fits.items()}
    if as_json:
        print_json(table)
        return
    for arm in _ARMS:
        stdout.print(f"{arm:10}{table[arm]}", markup=False)
    for kind, found in fits.items():
        kept = "kept, used from the next start" if found.helps else "not kept: no better on cases left out"
        before, after = f"{found.before:.4f}", f"{found.after:.4f}"
        stdout.print(f"{kind}: {found.cases} cases, nDCG@10 of candidates {before} before, {after} after; {kept}")


def _fit(library: "Library", cases: Sequence[Case], folder: Path, line: "Progress") -> "dict[str, Fit]":
    from evals.fitting import FEWEST, Example, fit_each
    from knowledge.fusion import Situation, save_weights, situation

    search, examples = library.ranking, []
    reads_short = library.embedder.reads_short
    for number, case in enumerate(cases):
        line("fitting", number, len(cases))
        found = search.candidates(case.question, case.lang)
        sources = {passage.id: passage.source_id for passage in library.passages(found.ids)}
        examples.append(
            Example(
                situation=situation(reads_short=reads_short, by_vectors=found.by_vectors),
                sources=[sources.get(id_, "") for id_ in found.ids],
                signals=found.signals,
                gold=frozenset(case.gold_docs),
            )
        )
    now = {
        kind: search.weights(by_vectors=kind is not Situation.WORDS_ONLY)
        for kind in {example.situation for example in examples}
    }
    fits = fit_each(examples, now)
    if not fits:
        raise fail(f"too few cases to fit weights to: at least {FEWEST} whose answer is found are needed", status=1)
    save_weights(folder, {kind: found.weights for kind, found in fits.items() if found.helps})
    return {kind.value: found for kind, found in fits.items()}


def _told(found: "Fit") -> JsonValue:
    from knowledge.hybrid import SIGNALS

    weights: dict[str, JsonValue] = {name: round(getattr(found.weights, name), 2) for name in SIGNALS}
    numbers: dict[str, JsonValue] = {"cases": found.cases, "before": found.before, "after": found.after}
    return {**numbers, "kept": found.helps, "weights": weights}


def ranked(library: "Library", arm: str, case: Case) -> list[str]:
    """Source ids of what an arm, or "fusion", finds for a case, best first."""
    if arm == "fusion":
        found = library.search(case.question, _DEPTH, case.lang).passages
    else:
        found = library.search_arm(arm, case.question, _DEPTH, case.lang)
    return [one.passage.source_id for one in found]


def measures(cases: Sequence[Case], found: Sequence[Sequence[str]]) -> dict[str, JsonValue]:
    """Means over cases of the usual measures of rankings."""
    pairs = [(sources, set(case.gold_docs)) for case, sources in zip(cases, found, strict=True)]
    values = {
        "recall@1": [recall_at(sources, gold, 1) for sources, gold in pairs],
        "recall@5": [recall_at(sources, gold, 5) for sources, gold in pairs],
        "mrr": [reciprocal_rank(sources, gold) for sources, gold in pairs],
        "ndcg@10": [ndcg_at(sources, gold, 10) for sources, gold in pairs],
    }
    return {name: round(fmean(found), 4) for name, found in values.items()}
