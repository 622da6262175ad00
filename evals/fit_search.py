"""Fits the search of a library to cases, and keeps in its folder what helps."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from evals.cases import Case
from evals.fitting import FEWEST, Example, Fit, fit_each, folds, quality
from knowledge.library import Library
from knowledge.progress import Progress
from knowledge.retrieval.expansion import Expansion, Pair, learn_expansion, save_expansion
from knowledge.retrieval.fusion import Situation, save_weights
from knowledge.retrieval.hybrid import FusionWeights
from knowledge.text.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFit:
    """expansion: what questions bring with them; weights: of the fusion, by situation; None or empty: too few cases."""

    expansion: Fit[Expansion] | None
    weights: dict[Situation, Fit[FusionWeights]]


def fit_search(
    library: Library, cases: Sequence[Case], folder: Path, progress: Progress, *, expand: bool = True
) -> SearchFit:
    """Fits to the cases with gold documents, and keeps what is better on cases left out.

    expand: whether to learn an expansion; without, the weights come out as shipped ones are fitted.
    """
    search = library.ranking
    search.use_expansion(Expansion())
    pairs = [pair_of(library, case) for case in cases]
    plain = [example_of(library, case) for case in cases]
    expanded = list(plain)
    done = 0
    for left_out in folds(len(cases)) if expand else ():
        search.use_expansion(learn_expansion([pair for at, pair in enumerate(pairs) if at not in left_out]))
        for at in sorted(left_out):
            progress("fitting", done, len(cases))
            expanded[at] = example_of(library, cases[at])
            done += 1
    now = {kind: search.weights(kind) for kind in {example.situation for example in plain}}
    expansion = None
    if expand and len(cases) >= FEWEST:
        before, after = (fmean(quality(one, now[one.situation]) for one in of) for of in (plain, expanded))
        expansion = Fit(found=learn_expansion(pairs), cases=len(cases), before=before, after=after)
    helps = expansion is not None and expansion.helps
    weights = fit_each(expanded if helps else plain, now)
    if expansion is not None:
        save_expansion(folder, expansion.found if helps else Expansion())
    save_weights(folder, {kind: fit.found for kind, fit in weights.items() if fit.helps})
    return SearchFit(expansion=expansion, weights=weights)


def pair_of(library: Library, case: Case) -> Pair:
    """A question's terms, and those of the passage of a gold document that shares most with question and answer."""
    asked = set(words(case.question))
    wanted = asked | {term for group in case.must_include for text in group for term in words(text)}
    passages = [set(words(passage.text)) for passage in library.passages_of(case.gold_docs)]
    return asked, max(passages, key=lambda held: len(held & wanted), default=set())


def example_of(library: Library, case: Case) -> Example:
    """What search knows of the candidates for a case."""
    found = library.candidates(case.question, case.lang)
    sources = {passage.id: passage.source_id for passage in library.passages(found.ids)}
    return Example(
        situation=found.situation,
        sources=[sources.get(id_, "") for id_ in found.ids],
        signals=found.signals,
        gold=frozenset(case.gold_docs),
    )
