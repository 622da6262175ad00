"""A question in, passages out: its parts, the arms of the search, and their fusion."""
