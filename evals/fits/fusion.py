"""Fits the shipped weights of the fusion: `python -m evals.fits.fusion --on LIBRARY CASES… --on LIBRARY CASES…`.

LIBRARY is the folder of a library (`documents` in a home) that holds what the CASES ask about; give several of each kind,
as weights fitted to one company's articles fit another's less well. Prints what `knowledge.retrieval.fusion` holds: the bank's and
the sample shop's cases of `evals/fits/tuning`, and half of the paragraphs of CMRC 2018's development set, shipped.
"""

import argparse
from pathlib import Path

from evals.cases import load_cases
from evals.fit_search import example_of
from evals.fitting import Example, fit_each
from knowledge.library import Library
from knowledge.retrieval.fusion import SHIPPED
from knowledge.retrieval.hybrid import SIGNALS


def main() -> None:
    """Fits to all cases together and prints weights, and what they reach on cases left out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", nargs="+", action="append", required=True, metavar="LIBRARY CASES")
    parser.add_argument("--most", type=int, default=1000, help="cases of one library, evenly chosen")
    arguments = parser.parse_args()
    examples: list[Example] = []
    for folder, *files in arguments.on:
        library = Library.open(Path(folder))
        cases = [case for file in files for case in load_cases(Path(file)) if case.gold_docs and not case.history]
        examples += [example_of(library, case) for case in cases[:: -(-len(cases) // arguments.most)]]
        library.close()
    for kind, fit in fit_each(examples, dict(SHIPPED)).items():
        weights = ", ".join(f"{name}={getattr(fit.found, name):.1f}" for name in SIGNALS if getattr(fit.found, name))
        print(f"{kind.value}: {weights} ({fit.cases} cases, nDCG@10 {fit.before:.4f} before, {fit.after:.4f} after)")


if __name__ == "__main__":
    main()
