"""The pages' routes: parse, ask, render. They work without script."""
