"""The graph's answers in words: sentences of the customer's language, with the facts that prove them."""
