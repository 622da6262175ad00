"""The turn: understand, decide, retrieve, generate, guard, and the event log that records it."""
