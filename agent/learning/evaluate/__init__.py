"""Step 7 of learning: what was trained anew against what is in use, on frozen examples, with intervals and a verdict."""
