"""Pages from the web: public addresses only, politely, and only what changed."""
