"""How a question that was read is answered along the edges of the graph, each form of it by its own part."""
