"""Does a post concern a region: by the places it names, then by who listens for whom."""

from __future__ import annotations

from desk.places import Located

CONCERNS = 0.5  # from here on a post makes a case

NAMED = 0.97  # the region or an area in it is named, nothing elsewhere
NAMED_BESIDE_OTHERS = 0.7  # named, and another region too
SAME_NAME = 0.3  # a name that lies here and elsewhere, and nobody listens: the better known one is likelier meant
LISTENED = 0.6  # nothing is named, but a source of the region brought it
LISTENED_UNSAID = 0.5  # the same, and it is about nothing that a government does: local chatter, kept as such
ELSEWHERE = 0.08  # only other regions are named
UNKNOWN = 0.02  # nothing named, nobody listens


def relevance(located: Located, *, listened: bool, public_matter: bool) -> float:
    """Return 0..1; `public_matter` says whether the topic is any government's business at all."""
    if located.here and located.doubtful and not listened:
        return SAME_NAME
    if located.here:
        return NAMED_BESIDE_OTHERS if located.elsewhere else NAMED
    if located.elsewhere:
        return ELSEWHERE
    if not listened:
        return UNKNOWN
    return LISTENED if public_matter else LISTENED_UNSAID
