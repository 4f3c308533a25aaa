"""Doors that people write to: what platforms hand in, the public form, and how a report stands for who sent it."""
