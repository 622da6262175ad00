"""Private data in text: found, and replaced by placeholders that are the same in both languages."""

from agent.privacy.kinds import Found, Kind
from agent.privacy.masking import Masked, mask

__all__ = ["Found", "Kind", "Masked", "mask"]
