"""The model servers that Parley starts itself: real vLLM, from one declared profile."""
