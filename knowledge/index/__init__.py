"""What is made of the passages to find them by: vectors, terms and names, kept in step with them."""
