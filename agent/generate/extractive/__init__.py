"""The extractive composer: the embedded default, which quotes the shortest spans of evidence that answer."""
