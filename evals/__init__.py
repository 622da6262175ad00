"""How good the agent is: cases, metrics, runs and reports over the records of real turns."""
