"""Models of mood: sentiment and emotion of a message, from words, characters, opinions and sentence vectors blended."""
