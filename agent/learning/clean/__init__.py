"""Step 2: what was said is mended and masked; what nothing can be learned from is dropped, with the reason."""

from agent.learning.clean.step import Clean

__all__ = ["Clean"]
