"""X behind its source: questions that are paid for, and the walk over what is still to be read of a search."""
