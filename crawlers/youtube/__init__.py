"""YouTube behind its source: questions that cost units, the videos that are watched, the walk through comments."""
