"""Parts of the agent, made of settings and a home; `agent/build.py` puts them together."""
