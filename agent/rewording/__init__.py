"""What a customer asks, in other words: where the articles have no answer to a question as it is put."""
