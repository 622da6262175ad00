"""The command `parley`. Rooms outside `agent` add their commands through the entry-point group `parley.commands`."""

from agent.cli.main import main

__all__ = ["main"]
