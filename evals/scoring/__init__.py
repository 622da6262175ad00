"""What records of turns, dialogues and transcripts are worth: scores, and the figures of a whole run."""
