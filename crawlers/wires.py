"""Which news agency a text credits: copies of one wire story are one story."""

from __future__ import annotations

import re

HEAD, TAIL = 250, 400  # code points at either end in which a credit stands
_WIRES = {
    "antara": r"\bANTARA\b|\(Ant(?:ara)?(?:/[^)]{1,30})?\)|antaranews\.com|(?i:sumber\s*:\s*(?:lkbn\s+)?antara\b)",
    "rri": r"\bKBRN\b|(?i:sumber\s*:\s*(?:kbrn|rri)\b)",
    "reuters": r"\bREUTERS\b|\(Reuters\)|(?i:sumber\s*:\s*reuters\b)",
    "afp": r"\(AFP(?:/[^)]{1,30})?\)",
    "ap": r"\(AP(?:/[^)]{1,30})?\)",
    "xinhua": r"\(Xinhua\)|\bXINHUA\b",
}
_PATTERNS = {wire: re.compile(pattern) for wire, pattern in _WIRES.items()}


def wire_credit(text: str, author: str | None = None) -> str | None:
    """Return the news agency that a text or its author line credits, or None."""
    ends = f"{text[:HEAD]}\n{text[-TAIL:]}"
    for wire, pattern in _PATTERNS.items():
        if pattern.search(ends) or (author and wire == author.strip().casefold()):
            return wire
    return None
