"""Fits the linear models on data that stands beside the project and on the project's own seed sentences."""
