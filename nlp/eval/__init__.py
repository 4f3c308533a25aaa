"""Measures: figures with intervals, from labels and predictions alone."""
