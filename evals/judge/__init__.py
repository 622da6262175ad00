"""Judges of answers: a model asked with a rubric, a fitted one where there is none, and how far each agrees with people."""
