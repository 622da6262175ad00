"""A run written down: for people, for pull requests, for CI servers, for spreadsheets."""
