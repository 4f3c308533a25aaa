"""Sources as pages tell them: states, volume against their own past, errands."""
