"""What a question asks for: its parts, the names it is asked of, what one clause takes from another; by grammar, in two languages."""
