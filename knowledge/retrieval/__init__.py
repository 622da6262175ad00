"""A question in, passages out: the arms of the search, and their fusion."""
