"""Trains a bundle for any task, and measures it on what it was not fitted on."""

from agent.training.bundle import Bundle, Task
from agent.training.classifier import classifier_of, threshold_of
from agent.training.data import Labelled
from agent.training.intents.train import train_intents
from agent.training.mood.train import train_mood
from agent.training.scoring import score
from agent.training.trials import OnTried, untold
from knowledge.progress import Progress, silent


def train(
    task: Task,
    data: Labelled,
    *,
    held_out: Labelled | None = None,
    sources: tuple[str, ...] = (),
    stranger_cost: float = 1.0,
    with_sentences: bool = True,
    search: bool = False,
    on_tried: OnTried = untold,
    progress: Progress = silent,
) -> Bundle:
    """A bundle of the examples; its card says how good it is on what was left out, and on `held_out` where given.

    stranger_cost: for intents, of taking a message that no intent is for as one, in known messages turned away.
    with_sentences: False leaves MiniLM out though it is installed. search: for intents, over more settings.
    """
    if task is Task.INTENT:
        bundle = train_intents(
            data,
            sources=sources,
            stranger_cost=stranger_cost,
            with_sentences=with_sentences,
            search=search,
            on_tried=on_tried,
            progress=progress,
        )
    else:
        bundle = train_mood(task, data, sources=sources, sentences=with_sentences, progress=progress)
    if held_out is None or not len(held_out):
        return bundle
    progress("Measuring", 0, 1)
    found = score(classifier_of(bundle).predict(held_out.texts), held_out.labels, threshold=threshold_of(bundle.card))
    measured = {"held out, accuracy": found.accuracy, "held out, macro F1": found.macro_f1}
    measured["held out, calibration error"] = found.calibration_error
    if found.scope:
        measured |= {
            "held out, out-of-scope AUROC": found.scope.auroc,
            "held out, out-of-scope recall": found.scope.recall,
        }
    card = bundle.card.model_copy(update={"metrics": {**bundle.card.metrics, **measured}})
    return Bundle(card=card, arrays=bundle.arrays, terms=bundle.terms)
