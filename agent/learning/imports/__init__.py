"""Conversations of other systems, read from files whose form is told by what they hold."""

from agent.learning.imports.choosing import SHAPES, read_import
from agent.learning.imports.shapes import Broken, Imported, Speakers, Spoken

__all__ = ["SHAPES", "Broken", "Imported", "Speakers", "Spoken", "read_import"]
