"""Blocks, views and cards, each made by a pure function from what they show."""
