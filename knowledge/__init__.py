"""What the agent knows: documents, their passages, and the knowledge graph. Nothing here knows of conversations."""
