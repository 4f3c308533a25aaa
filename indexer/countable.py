"""What can be counted by, in every engine."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import Refused
from domain.search import FACET_FIELDS


def refuse_unknown_fields(fields: Sequence[str]) -> None:
    """Raises: Refused for a field that cannot be counted by."""
    for field in fields:
        if field not in FACET_FIELDS:
            raise Refused(f"Kolom '{field}' tidak dapat dihitung. Yang ada: {', '.join(FACET_FIELDS)}.")
