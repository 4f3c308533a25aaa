"""The way back to people who wrote: answers go to their platforms, photos come from there. Nothing is stored here."""
