"""Scripts that run the same cases by other libraries, each with the Python that has it; nothing here is imported."""
