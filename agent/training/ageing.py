"""Whether a bundle was trained before Parley read as it reads now: it goes on, and tells less than it could, or slower."""

from pathlib import Path

from agent.training.bundle import Task, read_card, read_terms
from agent.training.intents import sentences
from agent.training.intents.model import encoder_of
from agent.understand.sentiment.opinions import opinions_version
from knowledge.text.han import HAN

OPINIONS_SETTING = "opinions"
"""Where the card of a model of mood names the words of praise and complaint that it was trained with."""


def aged(folder: Path) -> str:
    """What a bundle knows nothing of, in words; "" where training it anew would teach it nothing. Raises BundleError."""
    card = read_card(folder)
    if card.task is not Task.INTENT:
        known = card.settings.get(OPINIONS_SETTING) == opinions_version()
        return "" if known else "trained with other words of praise and complaint than are read now"
    # One that does without sentence vectors does so by choice, or says so itself.
    by_sentences = card.settings.get("sentence_vectors", "none") != "none"
    if not by_sentences or not sentences.is_available():
        return ""
    terms = read_terms(folder)
    encoder = encoder_of(terms)
    if not sentences.is_available(encoder=encoder):
        return "trained on sentence vectors of another version, and goes by words alone"
    chinese = any(HAN.search(word) for word in terms.get("words", ()))
    if chinese and not card.settings.get("multilingual") and sentences.is_available(multilingual=True):
        return "trained before Chinese was read as it stands"
    return "" if encoder == sentences.ENCODER else "trained on sentence vectors of its own: each message is read twice"
