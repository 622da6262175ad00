"""Step 3, intents: what customers want that nobody has labelled, labels that look wrong, and what to label next."""
