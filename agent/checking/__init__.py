"""What may be said: sentences held to the evidence that they cite, and the guard that decides."""
