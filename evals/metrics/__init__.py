"""Metrics: small functions over plain arguments, each with its source, range and unit."""
