"""Rules that make a follow-up stand alone."""
