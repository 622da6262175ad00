"""Conversations: messages in, turns run one at a time in each, everything recorded as events."""

from agent.conversations.customers import Beginning, Customer
from agent.conversations.service import TURNS_AT_ONCE, Conversations
from agent.conversations.text import clean_text

__all__ = ["TURNS_AT_ONCE", "Beginning", "Conversations", "Customer", "clean_text"]
