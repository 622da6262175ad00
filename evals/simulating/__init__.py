"""Customers who are made up: what they want, how they say it, and whether they got it."""
