"""The encoder at run time: texts in, vectors and scores of every head out of one pass. It needs no torch."""
