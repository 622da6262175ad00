"""How a text is read: its words, numbers, quantities, clauses and statements, in English and Chinese."""
