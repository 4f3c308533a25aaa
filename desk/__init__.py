"""What the center decides: a post and its reading come in, a case per region concerned goes out.

Decides relevance, places, authority, who must answer and why. Never renders pages, never crawls, never reads text anew:
it works on the spans that the reading found.
"""
