"""Saved searches and alerts as pages show them: what is asked and sent goes in, the page's context comes out."""
