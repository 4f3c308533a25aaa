"""Cursors: opaque to those who carry them, refused when they are not ours or belong to another search."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

import orjson

from domain.errors import Refused
from domain.search import SearchQuery

_VERSION = 1
MAX_CURSOR = 4_000  # characters: a score's weights for 64 words fit


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, and the state of the index that its search is held to.

    `keys` are the last hit's sort keys and `id` breaks their ties. `born_until` counts only in `generation`.
    `weights` is empty for searches that are not ranked.
    """

    search: str
    generation: str
    born_until: int
    keys: tuple[float, ...]
    id: str
    weights: tuple[float, ...] = ()


def search_name(query: SearchQuery) -> str:
    """Return what tells a search from others: all of it but the page."""
    asked = query.model_dump_json(include={"q", "filters", "order", "fold", "mode", "vector"})
    return hashlib.blake2b(asked.encode(), digest_size=6).hexdigest()


def write_cursor(cursor: Cursor) -> str:
    """Return the cursor as text that may stand in a URL."""
    place = (list(cursor.keys), cursor.id)
    fields = [_VERSION, cursor.search, cursor.generation, cursor.born_until, *place, list(cursor.weights)]
    return base64.urlsafe_b64encode(orjson.dumps(fields)).decode("ascii").rstrip("=")


def read_cursor(text: str, query: SearchQuery) -> Cursor:
    """Return the cursor of a search. Raises: Refused."""
    cursor = _decoded(text)
    if cursor is None:
        raise Refused("Penanda halaman (after) tidak dapat dibaca. Mulai lagi dari halaman pertama.")
    if cursor.search != search_name(query):
        raise Refused("Penanda halaman (after) milik pencarian lain. Mulai lagi dari halaman pertama.")
    return cursor


def _decoded(text: str) -> Cursor | None:
    if len(text) > MAX_CURSOR:
        return None
    try:
        fields = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        return None
    match fields:
        case [1, str(search), str(generation), int(born), [*keys], str(case), [*weights]]:
            numbers = (*keys, *weights)
            if any(isinstance(x, bool) or not isinstance(x, int | float) for x in numbers) or abs(born) >= 1 << 63:
                return None
            return Cursor(search, generation, born, tuple(keys), case, tuple(weights))
    return None
