"""What is evaluated: whatever answers cases."""
