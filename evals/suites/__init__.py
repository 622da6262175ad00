"""Suites: what to run, against what, and what a run must reach; those that are shipped lie beside this file."""
