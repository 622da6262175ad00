"""Flows: what is done step by step with a customer, as files that a support lead can read; they need no model."""
