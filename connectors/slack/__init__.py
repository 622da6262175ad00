"""Slack: what people write there becomes messages of conversations, and what is answered becomes messages there."""
