"""Slack apps of many workspaces: who installed, with which tokens, kept encrypted in the store."""
