"""The policies that ship with Parley, and messages as they are understood."""

from pathlib import Path

import agent
from agent.types import Emotion, IntentScore, Sentiment, Understanding
from agent.understand.sentiment import default_sentiment

DEFAULT = Path(agent.__file__).parent / "policy.yaml"
SHOP_FLOWS = {"refund", "appointment", "loan"}


def understood(
    text: str, *, intent: str = "", confidence: float = 1.0, emotion: Emotion | None = None
) -> Understanding:
    """A message with the feeling that its words tell, or this one."""
    sentiment = (
        Sentiment(polarity=-0.7, emotion=emotion, confidence=1.0) if emotion else default_sentiment().score([text])[0]
    )
    intents = (IntentScore(name=intent, confidence=confidence),) if intent else ()
    return Understanding(text=text, question=text, language="en", intents=intents, sentiment=sentiment)
