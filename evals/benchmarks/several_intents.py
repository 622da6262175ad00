"""Two intents in one message: `python -m evals.benchmarks.several_intents BUNDLE UTTERANCES [--chinese] [--fit]`.

Joins labelled UTTERANCES, which the BUNDLE must not have seen, in pairs by the words that customers join them by, and says
how often both intents are told, and how often two are told of the single utterances. --fit prints weights fitted to such
pairs instead, to stand in `agent.understand.several`; the shipped ones come from a fifth of BANKING77's training set and
a third of the sample shop's utterances in both languages, each left out of the bundle.
"""

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

from agent.training.classifier import Classifier, Prediction, open_classifier
from agent.training.data import OUT_OF_SCOPE, Labelled, read_labelled
from agent.training.scoring import score_several
from agent.understand.several import Halves, SeveralIntents, Weights, halves, signs_of
from knowledge.text.han import HAN

_ENGLISH = (
    " ", ". ", ", and ", " and ", "; also, ", ". Also, ", ", also ", ". By the way, ", ", plus ", ". Another thing: ", ", but ",
)  # fmt: skip
_CHINESE = ("，另外", "，还有", "。", "，顺便问一下，", "？", "，", "；", "。还有，", "另外")
_SAME = 0.1  # of the pairs: two ways to say one thing
_MISTAKE = 2.0  # what telling two of one costs, while fitting, in two taken for one
_MARKS = " .?!。？！，"

Joined = tuple[str, tuple[str, ...]]


def main() -> None:
    """Measures, or fits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("utterances", type=Path)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--chinese", action="store_true", help="join utterances with Chinese characters, not the others"
    )
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    every = read_labelled(arguments.utterances)
    single = every.take([n for n, text in enumerate(every.texts) if bool(HAN.search(text)) == arguments.chinese])
    joined = pairs(single, arguments.pairs, seed=arguments.seed)
    classifier = open_classifier(arguments.bundle)
    print(fitted(classifier, single, joined) if arguments.fit else measured(classifier, single, joined))


def pairs(data: Labelled, count: int, *, seed: int) -> list[Joined]:
    """So many utterances of an intent joined to another, with the intents of both."""
    chance = random.Random(seed)
    rows = [n for n, label in enumerate(data.labels) if label != OUT_OF_SCOPE]
    found: list[Joined] = []
    while len(found) < count:
        first, second = chance.sample(rows, 2)
        if chance.random() < _SAME:
            second = chance.choice([n for n in rows if data.labels[n] == data.labels[first]])
        elif data.labels[first] == data.labels[second]:
            continue
        labels = tuple(dict.fromkeys((data.labels[first], data.labels[second])))
        if first != second:
            found.append((join(data.texts[first], data.texts[second], chance), labels))
    return found


def join(first: str, second: str, chance: random.Random) -> str:
    """As one message: sentences keep their marks, clauses lose them."""
    if HAN.search(first + second):
        return first.rstrip(_MARKS) + chance.choice(_CHINESE) + second
    joint = chance.choice(_ENGLISH)
    if joint == " ":
        return f"{first if first[-1] in _MARKS else first + '.'} {second}"
    small = second if joint[0] == "." or second.startswith(("I ", "I'")) else second[0].lower() + second[1:]
    return first.rstrip(_MARKS) + joint + small


def measured(classifier: Classifier, single: Labelled, joined: Sequence[Joined]) -> str:
    """What the shipped weights reach, in words."""
    several = SeveralIntents(classifier)
    begun = time.perf_counter()
    plain = classifier.predict(single.texts)
    plain_s, begun = time.perf_counter() - begun, time.perf_counter()
    told = several.predict(single.texts)
    told_s = time.perf_counter() - begun
    inside = [n for n, label in enumerate(single.labels) if label != OUT_OF_SCOPE]
    two = [(text, labels) for text, labels in joined if len(labels) == 2]
    same = several.predict([text for text, labels in joined if len(labels) == 1])
    of_two = several.predict([text for text, _ in two])
    found = score_several(of_two, [labels for _, labels in two], [told[n] for n in inside])
    seconds = [(one, labels) for one, (_, labels) in zip(of_two, two, strict=True) if one.parts]
    right = sum({part.label for part in one.parts} == {*labels} for one, labels in seconds)
    outside = [told[n] for n, label in enumerate(single.labels) if label == OUT_OF_SCOPE]
    return "\n".join(
        [
            f"{found.examples} pairs: exact {found.exact:.1%}, precision {found.precision:.1%}, recall {found.recall:.1%}; "
            f"two told of {len(seconds) / len(two):.1%}, both right in {right / max(1, len(seconds)):.1%} of these",
            f"{len(same)} pairs of one intent: two told of {_share(same):.1%}",
            f"{found.single} single: two told of {found.told_several:.2%}; accuracy {_accuracy(plain, single):.2%} plain, "
            f"{_accuracy(told, single):.2%} here; {1000 * plain_s / len(plain):.2f} and {1000 * told_s / len(told):.2f} ms each, "
            f"{sum(bool(halves(text)) for text in single.texts) / len(single):.1%} have clauses to read",
            *([f"{len(outside)} out of scope: two told of {_share(outside):.2%}"] if outside else []),
        ]
    )


def fitted(classifier: Classifier, single: Labelled, joined: Sequence[Joined]) -> Weights:
    """Weights by logistic regression; of each message, the way to cut that the weights so far think most of."""
    from sklearn.linear_model import LogisticRegression

    messages: list[Joined] = [(text, (label,)) for text, label in zip(single.texts, single.labels, strict=True)]
    read = [(_signs(classifier, text), len(labels) == 2) for text, labels in [*messages, *joined]]
    cut = [(signs, two) for signs, two in read if signs]
    weights = Weights(strange=-1, shared=-1, least=0, odd=0, announced=1, bias=0)
    for _ in range(3):
        rows = [max(signs, key=weights.evidence) for signs, _ in cut]
        model = LogisticRegression().fit(
            rows, [two for _, two in cut], sample_weight=[1.0 if two else _MISTAKE for _, two in cut]
        )
        strange, shared, least, odd, announced = (float(weight) for weight in model.coef_[0])
        bias = float(model.intercept_[0])
        weights = Weights(strange=strange, shared=shared, least=least, odd=odd, announced=announced, bias=bias)
    return weights


def _signs(classifier: Classifier, text: str) -> list[tuple[float, ...]]:
    ways = halves(text)
    whole, *rest = classifier.predict([text, *(half for way in ways for half in way.texts)])
    cuts = [Halves(cut=way, first=rest[2 * n], second=rest[2 * n + 1]) for n, way in enumerate(ways)]
    return [signs_of(whole, cut) for cut in cuts if cut.differ]


def _share(predictions: Sequence[Prediction]) -> float:
    return sum(bool(one.parts) for one in predictions) / max(1, len(predictions))


def _accuracy(predictions: Sequence[Prediction], data: Labelled) -> float:
    inside = [(one.label, label) for one, label in zip(predictions, data.labels, strict=True) if label != OUT_OF_SCOPE]
    return sum(told == label for told, label in inside) / len(inside)


if __name__ == "__main__":
    main()
