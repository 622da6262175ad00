"""How a customer feels: by words alone (`lexicon`), or by words and trained models (`blended`)."""

from agent.understand.sentiment.lexicon import LexiconSentiment, default_sentiment

__all__ = ["LexiconSentiment", "default_sentiment"]
