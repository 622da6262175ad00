"""Takes the shipped verifier and support further on new questions: `python -m evals.fits.further LIBRARIES QUESTIONS OUT`.

LIBRARIES and QUESTIONS are what `evals.fits.questions` makes. New are the files of plain questions (`*_easy_b`, `_c`, `_d`), but
for those in UNSEEN; they are learnt twice over, beside the yes-or-no questions that the shipped one was fitted on and that something
answers, and some of all others. What comes of it is averaged with what is shipped (Wortsman et al. 2022, arXiv:2203.05482), and so
is a support that is fitted on files which neither was fitted on. Both come into the folder OUT: `verifier.npz`, `weights.json`. An
hour on two threads.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from agent.generate.extractive.candidates import FEATURES
from agent.generate.extractive.selection import SUPPORT_FEATURES
from agent.generate.extractive.verifier import Verifier
from agent.generate.extractive.weights import Network, ReaderWeights, Weights, default_weights, weights_json
from evals.fits import support, verifier
from evals.fits.asking import asked_of
from evals.fits.encoders import save
from evals.fits.question_file import Question, Questions, load
from evals.fits.tuning_libraries import TUNING, company_of, open_libraries

UNSEEN = (
    "bank_b", "bank_q", "bank_s", "bank_tune", "bank_v", "bank_x", "bank_z_zh", "energy_b", "hotel_b", "parcel_b_zh", "stream_b",
    "wallet_b_zh", "clinic_easy_b", "insurance_easy_b", "parcel_easy_d", "rail_easy_d_zh", "telecom_easy_b", "wallet_easy_c_zh",
)  # fmt: skip
"""Files that neither the shipped verifier nor what follows is fitted on."""

_NEW = re.compile(r"_easy_[bcd](?:_zh)?$")
_POLAR = re.compile(r"^(?:do|does|did|can|could|is|are|will|would|should|may|am|was|has|have)\b", re.IGNORECASE)
_OTHERS = 5200
_ABROAD = (("bank", "en"), ("hotel", "en"), ("energy", "en"), ("shop", "en"), ("wallet", "zh"), ("shop", "zh"))


def main(folder_of_libraries: str, file_of_questions: str, folder: str) -> None:
    """Fits both and writes them."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    questions = load(Path(file_of_questions))
    learnt = verifier.trained(questions, list(_lesson(questions)), 1, verifier.FURTHER).learnt()
    save(out / verifier.FILE, verifier.of_models([verifier.shipped(), learnt]))
    rows = _rows(Path(folder_of_libraries), Verifier(out / verifier.FILE))
    shipped = default_weights()
    fitted, glosses = support.fit_by_vectors(rows, shipped.vectors.rank)
    weights = ReaderWeights(
        vectors=Weights(rank=shipped.vectors.rank, support=mean(shipped.vectors.support, fitted.support)),
        words=shipped.words,
        glosses=mean(shipped.glosses, glosses),
    )
    (out / "weights.json").write_bytes(weights_json(weights, {"rank": FEATURES, "support": SUPPORT_FEATURES}))


def _lesson(questions: Questions) -> Iterator[Question]:
    items = [item for item in questions.items if item.file not in UNSEEN]
    new = [item for item in items if _NEW.search(item.file)]
    known = [item for item in items if not _NEW.search(item.file)]
    yield from (*new, *new)
    yield from (item for item in known if item.answerable and _POLAR.search(item.text))
    others = [item for item in known if not (item.answerable and _POLAR.search(item.text))]
    yield from (others[at] for at in np.random.default_rng(1).permutation(len(others))[:_OTHERS].tolist())


def _rows(libraries: Path, read_by: Verifier) -> Sequence[support.SupportRow]:
    """What the ranking selects for the questions of files that nothing was fitted on, and for those that no company answers."""
    opened, rank = open_libraries(libraries), default_weights().vectors.rank
    asked = [a for file in UNSEEN for a in asked_of(TUNING / f"{file}.jsonl", opened[company_of(file)])]
    asked += [a for seed, (one, language) in enumerate(_ABROAD) for a in support.beyond(opened[one], language, seed)]
    return [support.support_row(a, rank, read_by=read_by) for a in asked if a.parts]


def mean(one: Network, other: Network) -> Network:
    """The line between two lines over the same features."""
    ((weight, bias),), ((second, shift),) = one.layers, other.layers
    moved = second * (one.scale / other.scale)[:, None]
    biases = bias + shift + (second[:, 0] / other.scale) @ (one.mean - other.mean)
    line = (np.asarray((weight + moved) / 2, np.float32), np.asarray(biases / 2, np.float32).reshape(1))
    return Network(mean=one.mean, scale=one.scale, layers=(line,))


if __name__ == "__main__":
    main(*sys.argv[1:])
