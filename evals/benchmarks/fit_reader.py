"""Fits the composer's rankings: `python -m evals.benchmarks.fit_reader LIBRARIES`, and then `fit_support`.

LIBRARIES is a folder for the libraries that the questions of `evals/benchmarks/tuning` are asked of; they are made there
when it has none. The questions were written for fitting. Never give it questions that answers are measured on.

Ranking: a listwise softmax loss over the candidates of each question. Support by words alone, the probability that the
evidence answers: logistic, on rankings of networks that never saw the question's file.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import agent.generate.extractive
from agent.generate.extractive.candidates import FEATURES, Candidates, candidates
from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.extractive.selection import SUPPORT_FEATURES, Selection, room_for
from agent.generate.extractive.weights import Network, ReaderWeights, Weights, default_weights, weights_json
from agent.generate.extractive.wording import worded
from agent.types import Utterance
from agent.understand.rewriting import RuleRewriter
from evals.benchmarks.tuning_libraries import TUNING, company_of, open_libraries
from evals.cases import Case, load_cases
from evals.metrics.rightness import holds, includes_all
from knowledge.library import Library
from knowledge.retrieval.parts import QuestionPart
from knowledge.types import PassageEvidence

Array = npt.NDArray[np.float32]

FRESH = ("bank_h", "bank_i", "insurance", "energy")
"""Files that rankings and verifier are not fitted on: `fit_support` is, by what these make of questions they never saw."""

_PASSAGES = 8
_HIDDEN, _SEEDS, _EPOCHS, _BATCH = 24, 3, 12, 16
_NO_VECTORS = "words only"
_SAID_ALIKE = frozenset({"bank_a", "bank_b", "bank_c", "bank_d", "bank_tune", "shop_en", "shop_zh"})
"""Files whose questions share words with the articles: where words are all there is, the others look unanswerable, and
would teach that little overlap is enough."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One case with what was found for each of its parts; right: [n] bool each, the spans that answer."""

    case: Case
    file: str
    library: Library
    evidence: Sequence[PassageEvidence]
    parts: Sequence[tuple[QuestionPart, Candidates, npt.NDArray[np.bool_]]]


class _NoLinker:
    def link(self, text: str) -> tuple[()]:
        return ()


def main(folder_of_libraries: str) -> None:
    """Fits the rankings and the support by words, prints what they reach, and writes them into the package."""
    libraries = open_libraries(Path(folder_of_libraries))
    tuned = [file for file in sorted(TUNING.glob("*.jsonl")) if file.stem not in FRESH]
    english = [
        a
        for file in tuned
        if not file.stem.endswith("_zh")
        for a in asked_of(file, libraries[company_of(file.stem)], "en")
    ]
    words_only = [
        a
        for file in tuned
        if file.stem in _SAID_ALIKE
        for a in asked_of(file, libraries[company_of(file.stem)], _NO_VECTORS)
    ]
    before = default_weights()
    vectors = Weights(rank=_fit_ranking(english), support=before.vectors.support)
    write(ReaderWeights(vectors=vectors, words=_fit("words", words_only), glosses=before.glosses))


def write(weights: ReaderWeights) -> None:
    """Puts the weights into the package."""
    target = Path(agent.generate.extractive.__file__).parent / "weights.json"
    target.write_bytes(weights_json(weights, {"rank": FEATURES, "support": SUPPORT_FEATURES}))


def asked_of(file: Path, library: Library, language: str) -> list[Asked]:
    """The cases of a file with what is found for them."""
    return [found_for(case, file.stem, library, language) for case in load_cases(file)]


def found_for(case: Case, file: str, library: Library, language: str) -> Asked:
    """A case with what is found for it."""
    rewriter = RuleRewriter(_NoLinker(), library.terms)
    question = rewriter.standalone(case.question, [Utterance(role=u.role, content=u.content) for u in case.history])
    evidence = library.search(question, _PASSAGES, language).passages
    parts = library.question_parts(question)
    compared = library.compares(language)
    pairs = [(part, candidates(part, evidence, library, has_vectors=compared)) for part in parts[1:] or parts]
    labelled = [(part, spans, _right(case, spans)) for part, spans in pairs if spans is not None]
    return Asked(case=case, file=file, library=library, evidence=evidence, parts=labelled)


def _right(case: Case, found: Candidates) -> npt.NDArray[np.bool_]:
    return np.array(
        [
            c.passage.source_id in case.gold_docs and any(holds(c.span.text, group) for group in case.must_include)
            for c in found.spans
        ]
    )


def _fit(name: str, asked: Sequence[Asked]) -> Weights:
    files = sorted({a.file for a in asked})
    held_out = {file: _fit_ranking([a for a in asked if a.file != file]) for file in files}
    rank = _fit_ranking(asked)
    rows = [support_row(a, held_out[a.file]) for a in asked if a.parts]
    _report_answers(name, rows)
    return Weights(rank=rank, support=fit_support(name, rows))


def _fit_ranking(asked: Sequence[Asked]) -> Network:
    groups = [(found.features, right) for a in asked for _, found, right in a.parts if right.any()]
    values = np.concatenate([features for features, _ in groups])
    mean, scale = values.mean(0), values.std(0) + 1e-3
    nets = [_train([((x - mean) / scale, y) for x, y in groups], seed) for seed in range(_SEEDS)]
    weights, biases, outs, ends = zip(*nets, strict=True)
    first = (np.concatenate(weights, axis=1), np.concatenate(biases))
    last = (np.concatenate(outs) / np.float32(_SEEDS), np.asarray(np.mean(ends, axis=0), dtype=np.float32))
    return Network(mean=mean, scale=scale, layers=(first, last))


def _train(groups: Sequence[tuple[Array, npt.NDArray[np.bool_]]], seed: int) -> tuple[Array, Array, Array, Array]:
    """Weight [features, hidden] and bias of the hidden layer, then of the output."""
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    hidden, out = torch.nn.Linear(len(FEATURES), _HIDDEN), torch.nn.Linear(_HIDDEN, 1)
    net = torch.nn.Sequential(hidden, torch.nn.ReLU(), torch.nn.Dropout(0.2), out)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = _EPOCHS * -(-len(groups) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    tensors = [(torch.from_numpy(x.clip(-5, 5)), torch.from_numpy(y)) for x, y in groups]
    for _ in range(_EPOCHS):
        shuffled = order.permutation(len(tensors))
        for start in range(0, len(shuffled), _BATCH):
            losses = [_loss(net(x)[:, 0], y) for x, y in (tensors[at] for at in shuffled[start : start + _BATCH])]
            optimiser.zero_grad()
            torch.autograd.backward(torch.stack(losses).mean())
            optimiser.step()
            schedule.step()
    numbers = [p.detach().numpy().T for layer in (hidden, out) for p in (layer.weight, layer.bias)]
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _loss(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    return torch.logsumexp(logits, 0) - torch.logsumexp(logits[right], 0)


SupportRow = tuple[Asked, list[Selection], bool]


def support_row(asked: Asked, rank: Network) -> SupportRow:
    """What is selected for a case, and whether it answers. rank: a ranking that never saw it."""
    room = room_for(len(asked.parts))
    composer = ExtractiveComposer(asked.library)
    selections = [
        composer.selection(part, asked.evidence, found, rank.scores(found.features), room)
        for part, found, _ in asked.parts
    ]
    right = asked.case.answerable and includes_all(worded(selections)[0], asked.case.must_include)
    return asked, selections, right


def _report_answers(name: str, rows: Sequence[SupportRow]) -> None:
    for file in sorted({a.file for a, _, _ in rows}):
        right = [ok for a, _, ok in rows if a.file == file and a.case.answerable]
        print(f"{name} {file}: right before any refusal {np.mean(right):.3f} of {len(right)}")


def fit_support(name: str, rows: Sequence[SupportRow], counts: Array | None = None) -> Network:
    """Logistic weights for the probability that the evidence answers; prints five-fold figures.

    counts: [n] how much each row counts; each for one unless given.
    """
    count = np.ones(len(rows), dtype=np.float32) if counts is None else counts
    void = np.array([any(s.void for s in selections) for _, selections, _ in rows])
    values = np.stack([np.mean([s.features for s in selections], axis=0) for _, selections, _ in rows])
    right = np.array([ok for _, _, ok in rows])
    answerable = np.array([a.case.answerable for a, _, _ in rows])
    fold = np.random.default_rng(0).permutation(len(rows)) % 5
    chance = np.zeros(len(rows))
    for held in range(5):
        kept = fold != held
        network = _logistic(values[kept], answerable[kept], count[kept])
        chance[fold == held] = 1 / (1 + np.exp(-network.scores(values[fold == held])))
    chance[void] = 0
    print(f"{name}: AUROC answerable {roc_auc_score(answerable, chance):.3f}, right {roc_auc_score(right, chance):.3f}")
    for threshold in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        given = chance > threshold
        print(
            f"  above {threshold}: answerable right {(given & right)[answerable].mean():.3f}, "
            f"unanswerable declined {(~given)[~answerable].mean():.3f}, answerable declined {(~given)[answerable].mean():.3f}"
        )
    network = _logistic(values, answerable, count)
    print(dict(zip(SUPPORT_FEATURES, network.layers[0][0][:, 0].round(2).tolist(), strict=True)))
    return network


def _logistic(values: Array, answerable: npt.NDArray[np.bool_], count: Array) -> Network:
    mean, scale = values.mean(0), values.std(0) + 1e-3
    model = LogisticRegression(C=0.1, max_iter=3000)
    model.fit(((values - mean) / scale).clip(-5, 5), answerable, sample_weight=count)
    weight = np.asarray(model.coef_.T, dtype=np.float32)
    return Network(mean=mean, scale=scale, layers=((weight, np.asarray(model.intercept_, dtype=np.float32)),))


if __name__ == "__main__":
    main(*sys.argv[1:])
