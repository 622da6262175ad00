"""Fits support, the probability that the evidence answers: logistic, on rankings and by verifiers that never saw the question.

As unanswerable it is shown, beside the unanswerable questions of `evals/fits/tuning`, what has nothing to do with any company:
requests out of scope of CLINC150 (Larson et al. 2019; its parts for training and validation) and our own in
`off_topic.jsonl`; and what only the customer's own account could tell ("what's my balance"): `own_data.jsonl`. Chinese, read by
its glosses, has the same weights, made as sure as it may be (Platt 1999), and one of its own. Where words are all there is, there is no verifier.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.extractive.selection import SUPPORT_FEATURES, Selection, room_for
from agent.generate.extractive.verifier import Verifier
from agent.generate.extractive.weights import Network, Weights
from agent.generate.extractive.wording import worded
from evals.cases import Case
from evals.fits.asking import Asked, found_for
from evals.fits.encoders import UNSEEN
from evals.fits.question_file import Questions
from evals.fits.tuning_libraries import DATA
from evals.metrics.rightness import includes_all
from knowledge.embedders import glosses
from knowledge.library import Library

Array = npt.NDArray[np.float32]
SupportRow = tuple[Asked, list[Selection], bool]

_OFF_TOPIC = 120  # questions asked of each company: more than it has unanswerable ones of its own
_ALIKE = frozenset({"off_topic", "own_data"})
_COUNT = 0.5  # of one of them: they are easily told, and must not crowd out what is hard to tell
_PLAIN, _PLAIN_COUNT = "_easy", 2.0  # short, plain questions, by their file's name: most that customers ask are such

_SHIPPED = Verifier()  # one for all rows: each loads a model of its own

Heard = Mapping[str, float]
"""What a verifier says of texts, as it reads them."""


class Unseen(Verifier):
    """Says of the texts of one question what a verifier says that was not fitted on it; of others, what it says on average."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self._heard, self._mean = heard, float(np.mean(list(heard.values())))

    def scores(self, question: str, texts: Sequence[str]) -> Array:
        """[n] logits."""
        english = glosses.shared().english
        return np.array([self._heard.get(english(text), self._mean) for text in texts], dtype=np.float32)


def unseen(questions: Questions, encoders: Path) -> dict[tuple[str, str, int], Heard]:
    """By file, case and part of each question: what verifiers that were not fitted on its file say of its spans."""
    stored = json.loads((encoders / UNSEEN).read_text("utf-8"))
    found: dict[tuple[str, str, int], Heard] = {}
    for item in questions.items:
        logits = stored[f"{item.file} {item.case} {item.part}"]
        texts = (questions.texts[span] for span in item.spans)
        found[item.file, item.case, item.part] = dict(zip(texts, logits, strict=False))
    return found


def fit_by_vectors(rows: Sequence[SupportRow], rank: Network) -> tuple[Weights, Network]:
    """The weights where vectors are compared, with this ranking, and the support of what is read by its glosses."""
    english = [row for row in rows if row[0].case.lang != "zh"]
    counts = np.array([_count(asked) for asked, _, _ in english], dtype=np.float32)
    vectors = Weights(rank=rank, support=fit_support("vectors", english, counts))
    return vectors, calibrated(vectors, [row for row in rows if row[0].case.lang == "zh"])


def support_row(
    asked: Asked, rank: Network, heard: Sequence[Heard] = (), *, read_by: Verifier = _SHIPPED
) -> SupportRow:
    """What is selected for a case, and whether it answers. rank: a ranking that never saw it; heard: what a verifier that
    never saw it says, for each part; else it is read by one.
    """
    room = room_for(len(asked.parts))
    selections = []
    for number, (part, found, _) in enumerate(asked.parts):
        composer = ExtractiveComposer(asked.library, verifier=Unseen(heard[number]) if heard else read_by)
        logits = rank.scores(found.features)
        selections.append(composer.selection(part, asked.evidence, found, logits, room))
    # What must be in the answer may be a row of a table, which is said otherwise than it stands there.
    said = [worded(selections)[0], *(candidate.span.text for one in selections for candidate in one.spans)]
    right = asked.case.answerable and includes_all("\n".join(said), asked.case.must_include)
    return asked, selections, right


def report_answers(name: str, rows: Sequence[SupportRow]) -> None:
    """Prints for each file how many answers are right where none is refused."""
    for file in sorted({a.file for a, _, _ in rows}):
        right = [ok for a, _, ok in rows if a.file == file and a.case.answerable]
        print(f"{name} {file}: right before any refusal {np.mean(right):.3f} of {len(right)}")


def fit_support(name: str, rows: Sequence[SupportRow], counts: Array | None = None) -> Network:
    """Logistic weights for the probability that the evidence answers; prints five-fold figures.

    What could be answered and was answered wrongly counts neither for nor against: the one would teach to be sure of it, the
    other to decline what the evidence holds. counts: [n] how much each other row counts; each for one unless given.
    """
    void = np.array([any(s.void for s in selections) for _, selections, _ in rows])
    values = np.stack([np.mean([s.features for s in selections], axis=0) for _, selections, _ in rows])
    right = np.array([ok for _, _, ok in rows])
    answerable = np.array([a.case.answerable for a, _, _ in rows])
    count = np.where(answerable & ~right, 0, 1 if counts is None else counts)
    fold = np.random.default_rng(0).permutation(len(rows)) % 5
    chance = np.zeros(len(rows))
    for held in range(5):
        kept = fold != held
        network = _logistic(values[kept], right[kept], count[kept])
        chance[fold == held] = 1 / (1 + np.exp(-network.scores(values[fold == held])))
    chance[void] = 0
    print(f"{name}: AUROC answerable {roc_auc_score(answerable, chance):.3f}, right {roc_auc_score(right, chance):.3f}")
    for threshold in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        given = chance > threshold
        print(
            f"  above {threshold}: answerable right {(given & right)[answerable].mean():.3f}, "
            f"unanswerable declined {(~given)[~answerable].mean():.3f}, answerable declined {(~given)[answerable].mean():.3f}"
        )
    network = _logistic(values, right, count)
    print(dict(zip(SUPPORT_FEATURES, network.layers[0][0][:, 0].round(2).tolist(), strict=True)))
    return network


def _logistic(values: Array, right: npt.NDArray[np.bool_], count: Array) -> Network:
    mean, scale = values.mean(0), values.std(0) + 1e-3
    model = LogisticRegression(C=0.1, max_iter=3000)
    model.fit(((values - mean) / scale).clip(-5, 5), right, sample_weight=count)
    weight = np.asarray(model.coef_.T, dtype=np.float32)
    return Network(mean=mean, scale=scale, layers=((weight, np.asarray(model.intercept_, dtype=np.float32)),))


def calibrated(weights: Weights, rows: Sequence[SupportRow]) -> Network:
    """The support of these weights, made as sure of other questions as answers are there, and heard with what is meant, which
    English says nothing of: three numbers are fitted.
    """
    values = np.stack([np.mean([s.features for s in selections], axis=0) for _, selections, _ in rows])
    answerable = np.array([a.case.answerable for a, _, _ in rows])
    count = np.array([_count(a) for a, _, _ in rows])
    logits, place = weights.support.scores(values), SUPPORT_FEATURES.index("meant")
    print(f"glosses: AUROC answerable {roc_auc_score(answerable, logits):.3f}")
    model = LogisticRegression(C=100).fit(np.stack([logits, values[:, place]], axis=1), answerable, sample_weight=count)
    slope, meant = model.coef_[0].astype(np.float32)
    ((weight, bias),) = weights.support.layers
    mean, scale, weight = weights.support.mean.copy(), weights.support.scale.copy(), slope * weight
    mean[place], scale[place], weight[place] = 0, 1, meant
    return Network(mean=mean, scale=scale, layers=((weight, slope * bias + np.float32(model.intercept_[0])),))


def _count(asked: Asked) -> float:
    if asked.file in _ALIKE:
        return _COUNT
    return _PLAIN_COUNT if _PLAIN in asked.file else 1.0


def beyond(library: Library, language: str, seed: int) -> list[Asked]:
    """What no article of a company answers, asked of one: what no company is there for, and what its customers' accounts hold."""
    off_topic = _written("off_topic", language)
    if language == "en":
        clinc = json.loads((DATA / "clinc150" / "data_full.json").read_text("utf-8"))
        off_topic += [str(text) for part in ("oos_train", "oos_val") for text, _ in clinc[part]]
    chosen: Sequence[int] = np.random.default_rng(seed).permutation(len(off_topic))[:_OFF_TOPIC].tolist()
    questions = [("off_topic", off_topic[at]) for at in chosen]
    questions += [("own_data", question) for question in _written("own_data", language)]
    return [
        found_for(Case(id=f"{file}-{at}", lang=language, question=question, answerable=False), file, library, language)
        for at, (file, question) in enumerate(questions)
    ]


def _written(file: str, language: str) -> list[str]:
    """The questions of one of our own files."""
    records = map(json.loads, Path(__file__).with_name(f"{file}.jsonl").read_text("utf-8").splitlines())
    return [str(record["question"]) for record in records if record["lang"] == language]
