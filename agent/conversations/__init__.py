"""Conversations: messages in, turns run one at a time in each, everything recorded as events."""

from agent.conversations.service import Conversations
from agent.conversations.text import clean_text

__all__ = ["Conversations", "clean_text"]
