"""`parley eval retrieval`: how good the evidence is, and weights of the fusion fitted to cases."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.types import JsonValue
from evals.cases import Case, load_cases
from evals.commands.printing import print_figure
from evals.metrics.ranking import ndcg_at, recall_at, reciprocal_rank
from evals.statistics.bootstrap import mean_interval

if TYPE_CHECKING:
    from evals.fit_search import SearchFit
    from evals.fitting import Fit
    from knowledge.library import Library

_ARMS = ("vector", "lexical", "fusion")
_DEPTH = 10


def retrieval(
    cases: Annotated[list[Path] | None, typer.Option("--cases", help="Files of cases, a JSON object a line.")] = None,
    log: Annotated[
        bool, typer.Option("--log", help="Also replies in this home that customers who agreed to it found helpful.")
    ] = False,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit the weights of the fusion to the cases and keep them.")
    ] = False,
    expand: Annotated[bool, typer.Option(help="With --fit: also learn which words bring which with them.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recall, MRR and nDCG of the evidence against gold documents: each arm, and their fusion."""
    from agent.home import Home
    from agent.homes import open_documents, open_graph
    from agent.settings import home_folder, load_settings
    from evals.fit_search import fit_search
    from evals.fitting import FEWEST
    from evals.logged_cases import logged_cases

    if not cases and not log:
        raise fail("no cases: name files with --cases, or take the home's own conversations with --log")
    settings = load_settings(home_folder())
    loaded = [case for file in cases or () for case in load_cases(file) if case.gold_docs]
    if log:
        loaded += asyncio.run(logged_cases(settings))
    if not loaded:
        raise fail("none of these cases has gold_docs" if cases else "no reply was rated helpful by who agreed to it")
    if fit and len(loaded) < FEWEST:
        raise fail(f"{len(loaded)} cases are too few to fit to; at least {FEWEST} with gold_docs are needed", status=1)
    home = Home(settings.home)
    with (
        open_documents(home, settings) as library,
        closing(open_graph(home)) as graph,
        progress("Retrieving") as line,
    ):
        loaded = _findable(loaded, library)
        library.ranking.use_neighbours(graph)
        table: dict[str, JsonValue] = {}
        for number, arm in enumerate(_ARMS, start=1):
            line(arm, number, len(_ARMS))
            table[arm] = measures(loaded, [ranked(library, arm, case) for case in loaded])
        fitted = fit_search(library, loaded, home.documents, line, expand=expand) if fit else None
    if fitted is not None:
        table["fit"] = _told(fitted)
    if as_json:
        print_json(table)
        return
    _print_arms(table)
    if fitted is not None:
        _print_fit(fitted)


def _findable(cases: list[Case], library: "Library") -> list[Case]:
    """The cases with what they name and the home holds. Raises typer.Exit(2) where that is nothing."""
    from evals.gold_docs import about_missing, missing_gold, without

    missing = missing_gold(cases, library)
    if not missing:
        return cases
    told = about_missing(missing, sorted({passage.source_id for passage in library.all_passages()}))
    found = [case for one in cases if (case := without(one, missing)).gold_docs]
    if not found:
        raise fail(told)
    stderr.print(told, markup=False, soft_wrap=True)
    return found


def _print_arms(table: Mapping[str, JsonValue]) -> None:
    for arm in _ARMS:
        found = table[arm]
        assert isinstance(found, dict)
        intervals = found["intervals"]
        assert isinstance(intervals, dict)
        print_figure(arm, {})
        for name, value in found.items():
            if name != "intervals":
                print_figure(name, value, intervals.get(name), indent=2)


def _print_fit(fit: "SearchFit") -> None:
    fits: dict[str, Fit[Any]] = {kind.value: found for kind, found in fit.weights.items()}
    if fit.expansion is not None:
        fits = {"expansion": fit.expansion, **fits}
    for name, found in fits.items():
        kept = "kept, used from the next start" if found.helps else "not kept, as it is no better"
        before, after = f"{found.before:.4f}", f"{found.after:.4f}"
        stdout.print(
            f"{name}: nDCG@10 {before} before, {after} after, on cases left out ({found.cases} in all); {kept}"
        )


def _told(fit: "SearchFit") -> dict[str, JsonValue]:
    from knowledge.retrieval.hybrid import SIGNALS

    told: dict[str, JsonValue] = {}
    if fit.expansion is not None:
        told["expansion"] = {**_numbers(fit.expansion), "terms": len(fit.expansion.found.associations)}
    for kind, found in fit.weights.items():
        weights: dict[str, JsonValue] = {name: round(getattr(found.found, name), 2) for name in SIGNALS}
        told[kind.value] = {**_numbers(found), "weights": weights}
    return told


def _numbers(fit: "Fit[Any]") -> dict[str, JsonValue]:
    before, after = round(fit.before, 4), round(fit.after, 4)
    return {"cases": fit.cases, "before": before, "after": after, "kept": fit.helps}


def ranked(library: "Library", arm: str, case: Case) -> list[str]:
    """Source ids of what an arm, or "fusion", finds for a case, best first."""
    if arm == "fusion":
        found = library.search(case.question, _DEPTH, case.lang).passages
    else:
        found = library.search_arm(arm, case.question, _DEPTH, case.lang)
    return [one.passage.source_id for one in found]


def measures(cases: Sequence[Case], found: Sequence[Sequence[str]]) -> dict[str, JsonValue]:
    """Means over cases of the usual measures of rankings, and their 95 % intervals."""
    pairs = [(sources, set(case.gold_docs)) for case, sources in zip(cases, found, strict=True)]
    values = {
        "recall@1": [recall_at(sources, gold, 1) for sources, gold in pairs],
        "recall@5": [recall_at(sources, gold, 5) for sources, gold in pairs],
        "mrr": [reciprocal_rank(sources, gold) for sources, gold in pairs],
        "ndcg@10": [ndcg_at(sources, gold, 10) for sources, gold in pairs],
    }
    means = {name: one for name, found in values.items() if (one := mean_interval(found))}
    return {
        **{name: round(one.value, 4) for name, one in means.items()},
        "intervals": {
            name: [round(one.low, 4), round(one.high, 4)]
            for name, one in means.items()
            if one.low is not None and one.high is not None
        },
    }
