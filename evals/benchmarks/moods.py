"""How well sentiment and emotion are told, on check sets; beside it, what peers make of them.

No weight is fitted on them, but settings and thresholds were chosen with their results in view: read them as optimistic.

    python -m evals.benchmarks.moods --home HOME [--data ../shared/data]

Prints, for Chinese reviews of shopping and of delivery, the accuracy of the home's model, of the lexicon and of snownlp;
for messages to customer service, accuracy and macro F1 of the emotion; and how many plain questions are called angry.
"""

import argparse
import csv
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.home import Home
from agent.ports import SentimentScorer
from agent.training.bundle import read_bundle
from agent.training.data import Labelled, read_labelled
from agent.training.mood.defaults import REVIEWS, open_sentiment
from agent.training.mood.model import open_mood
from agent.types import Emotion
from agent.understand.sentiment import default_sentiment

HELD_OUT = Path(__file__).parent / "heldout"
_REVIEW_SETS = ("sentiment_shopping_zh.csv", "sentiment_delivery_zh.csv")


def accuracy(said: Sequence[str], truth: Sequence[str]) -> float:
    """Share of labels that are right, 0…1."""
    return sum(one == other for one, other in zip(said, truth, strict=True)) / len(truth)


def macro_f1(said: Sequence[str], truth: Sequence[str]) -> float:
    """Mean over the labels of the truth of each one's F1, 0…1."""
    from sklearn.metrics import f1_score

    return float(f1_score(truth, said, labels=sorted(set(truth)), average="macro", zero_division=0))


def review_labels(scorer: SentimentScorer, data: Labelled) -> list[str]:
    """What a scorer of messages makes of reviews; one without a feeling counts as negative."""
    return ["pos" if felt.polarity > 0 else "neg" for felt in scorer.score(data.texts)]


def snownlp_labels(data: Labelled) -> list[str]:
    """What snownlp makes of reviews."""
    from snownlp import SnowNLP

    return ["pos" if SnowNLP(text).sentiments > 0.5 else "neg" for text in data.texts]


def emotions(scorer: SentimentScorer, texts: Sequence[str]) -> list[str]:
    """The emotion of each text."""
    return [felt.emotion.value for felt in scorer.score(texts)]


def plain_questions(data: Path) -> Iterator[tuple[str, list[str]]]:
    """Sets of messages nearly all of which are neutral: names and texts; those that are absent are left out."""
    if (data / "banking77" / "test.csv").is_file():
        with (data / "banking77" / "test.csv").open(encoding="utf-8", newline="") as file:
            yield "BANKING77 test", [row["text"] for row in csv.DictReader(file)]
    if (data / "clinc150" / "data_full.json").is_file():
        clinc = json.loads((data / "clinc150" / "data_full.json").read_text("utf-8"))
        yield "CLINC150 test", [text for text, _ in clinc["test"]]
    if (data / "beijing" / "dialogues_val.json.zip").is_file():
        with zipfile.ZipFile(data / "beijing" / "dialogues_val.json.zip") as archive:
            dialogues = json.loads(archive.read(archive.namelist()[0]))
        yield (
            "Beijing dialogues",
            [m["content"] for d in dialogues.values() for m in d["messages"] if m["role"] == "usr"],
        )


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    folder = Home(options.home).moods
    reviews = open_mood(read_bundle(folder / REVIEWS))
    scorers: dict[str, SentimentScorer] = {"models": open_sentiment(folder), "lexicon": default_sentiment()}
    for name in _REVIEW_SETS:
        data = read_labelled(HELD_OUT / name)
        said = {"model of reviews": [one.label for one in reviews.predict(data.texts)], "snownlp": snownlp_labels(data)}
        said |= {which: review_labels(scorer, data) for which, scorer in scorers.items()}
        print(f"{name}:", ", ".join(f"{which} {accuracy(labels, data.labels):.3f}" for which, labels in said.items()))
    data = read_labelled(HELD_OUT / "emotion_service.csv")
    for which, scorer in scorers.items():
        told = emotions(scorer, data.texts)
        print(
            f"emotions, {which}: accuracy {accuracy(told, data.labels):.3f}, macro F1 {macro_f1(told, data.labels):.3f}"
        )
        for name, texts in plain_questions(options.data):
            counts = Counter(emotions(scorer, texts))
            shares = ", ".join(f"{emotion.value} {counts[emotion.value] / len(texts):.2%}" for emotion in Emotion)
            print(f"  {name}: {shares}")


if __name__ == "__main__":
    main()
