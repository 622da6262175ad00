"""Step 8, use: what a bundle on trial did beside the one that speaks, and what to do next."""
