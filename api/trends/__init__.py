"""Trends as pages and files tell them: questions under one scope, shapes, tables, and the registry of panels."""
