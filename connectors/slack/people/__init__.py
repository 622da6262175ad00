"""People of the company in Slack: conversations that want a person, whichever channel they came by, as threads of theirs."""
