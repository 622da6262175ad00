"""Fits how the composer ranks spans and how sure it is: `python -m evals.fits.reader LIBRARIES QUESTIONS ENCODERS`.

LIBRARIES is a folder for the libraries that the questions of `evals/fits/tuning` are asked of; they are made there when it
has none. QUESTIONS is what `evals.fits.questions` has written, ENCODERS the folder that `evals.fits.encoders` has filled with
them. The questions were written for fitting. Never give it questions that answers are measured on. Half an hour on two cores.

Every question is asked of libraries whose encoder was fitted on the other half of the files, so that what is compared is what
will be compared for questions that nothing was fitted on; support likewise is fitted on rankings of the other half.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import agent.generate.extractive
from agent.generate.extractive.candidates import FEATURES
from agent.generate.extractive.selection import SUPPORT_FEATURES
from agent.generate.extractive.weights import ReaderWeights, Weights, weights_json
from evals.fits import support
from evals.fits.asking import asked_of, searching_by
from evals.fits.encoders import HALVES
from evals.fits.question_file import load
from evals.fits.ranking import fit_ranking
from evals.fits.tuning_libraries import TUNING, company_of, open_libraries
from knowledge.library import Library

_SAID_ALIKE = ("bank_a", "bank_b", "bank_c", "bank_d", "bank_tune", "shop_en", "shop_zh")
"""Files whose questions share words with the articles: where words are all there is, the others look unanswerable, and
would teach that little overlap is enough."""

_ABROAD = ("bank", "shop", "insurance", "energy")  # companies that are asked what no company answers


def main(folder_of_libraries: str, file_of_questions: str, folder_of_encoders: str) -> None:
    """Fits rankings and supports, prints what they reach, and writes them into the package."""
    libraries, encoders = Path(folder_of_libraries), Path(folder_of_encoders)
    halves, beyond = [], []
    for half, name in enumerate(HALVES):
        with searching_by(encoders / name):
            opened = open_libraries(libraries / name)
            files = sorted(TUNING.glob("*.jsonl"))[1 - half :: 2]  # those that the encoder was not fitted on
            halves.append([a for file in files for a in asked_of(file, opened[company_of(file.stem)])])
            if half == 0:
                beyond = [a for seed, one in enumerate(_ABROAD) for a in support.beyond(opened[one], "en", seed)]
                beyond += support.beyond(opened["shop"], "zh", seed=0)
    heard = support.unseen(load(Path(file_of_questions)), encoders)
    ranks = [fit_ranking(halves[1 - half]) for half in range(len(HALVES))]
    rows = [
        support.support_row(a, ranks[half], [heard[a.file, a.case.id, part] for part in range(len(a.parts))])
        for half, own in enumerate(halves)
        for a in own
        if a.parts
    ]
    support.report_answers("vectors", rows)
    rows += [support.support_row(a, ranks[0]) for a in beyond if a.parts]
    vectors, glosses = support.fit_by_vectors(rows, fit_ranking([a for own in halves for a in own]))
    write(ReaderWeights(vectors=vectors, words=_fit_by_words(open_libraries(libraries / "words")), glosses=glosses))


def write(weights: ReaderWeights) -> None:
    """Puts the weights into the package."""
    target = Path(agent.generate.extractive.__file__).parent / "weights.json"
    target.write_bytes(weights_json(weights, {"rank": FEATURES, "support": SUPPORT_FEATURES}))


def _fit_by_words(opened: Mapping[str, Library]) -> Weights:
    asked = [
        a for file in _SAID_ALIKE for a in asked_of(TUNING / f"{file}.jsonl", opened[company_of(file)], by_words=True)
    ]
    held_out = {file: fit_ranking([a for a in asked if a.file != file]) for file in _SAID_ALIKE}
    rows = [support.support_row(a, held_out[a.file]) for a in asked if a.parts]
    support.report_answers("words", rows)
    return Weights(rank=fit_ranking(asked), support=support.fit_support("words", rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
