"""The parts of a region's data that a page may correct: in come a profile and a form, out goes an edit. Pure."""
