"""What chance alone would do: intervals, tests, corrections, and what a run could see at all."""
