"""Chainlit's side of `chat_servers`: run by the Python of an environment that has Chainlit, never imported by Parley."""
