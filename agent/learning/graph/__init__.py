"""Step 4 of learning: new names, entities and facts for the graph, proposed with evidence, for a person to accept."""
