"""A saved search as one tree, so that words and filters are matched alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain.documents import PostDocument
from domain.query.fields import fields_of
from domain.query.parse import parse_query
from domain.query.tree import And, FieldIs, Node, Or
from domain.search import Filters

_AS_THEY_STAND: Final = (
    "kecamatan", "desa", "sentiment", "intent", "urgency", "opd", "source", "channel", "language", "state", "urusan",
    "authority", "story",
)  # fmt: skip
_MARK: Final = "filter."  # a filter compares values as they stand, `field:value` without case: two kinds of leaf
FILTERS: Final = ("topic", *_AS_THEY_STAND)  # those that a watch may hold, but for `oversight`


def tree_of(q: str, filters: Filters) -> Node:
    """The tree of a search expression and its filters; days and regions are left out.

    Raises: QueryRefused.
    """
    parts = [parse_query(q)] if q.strip() else []
    parts += [_any(name, getattr(filters, name)) for name in FILTERS if getattr(filters, name)]
    if filters.oversight is not None:
        parts.append(FieldIs(f"{_MARK}oversight", str(filters.oversight)))
    if not parts:
        return parse_query("")
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def asked_fields(document: PostDocument) -> Mapping[str, frozenset[str]]:
    """The values that a document has in every field that such a tree may name."""
    found = dict(fields_of(document))
    for name in _AS_THEY_STAND:
        value = getattr(document, name)
        found[_MARK + name] = frozenset() if value is None else frozenset({str(value)})
    found[f"{_MARK}topic"] = frozenset({document.topic, document.topic_main})
    found[f"{_MARK}oversight"] = frozenset({str(document.oversight)})
    return found


def _any(name: str, values: tuple[str, ...]) -> Node:
    leaves = tuple(FieldIs(_MARK + name, str(value)) for value in values)
    return leaves[0] if len(leaves) == 1 else Or(leaves)
