"""What the agent can look up or do in the company's own systems."""
