"""The families of indices that one generation holds: what we search, and where Kibana is, what it is shown."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from indexer.elasticsearch.connection import NAME
from indexer.elasticsearch.mapping import REFRESH, mappings, settings
from indexer.elasticsearch.shown import shown_mappings
from indexer.elasticsearch.tickets import TICKET_MAPPINGS

_WITH_KIBANA = "k"  # begins the name of a generation that holds what Kibana is shown: no hexadecimal digit
_PERIOD = r"\d{4}(\.\d{2})?"  # a month, or a year

Modules = Collection[str]


@dataclass(frozen=True, slots=True)
class Family:
    """Indices that look alike, one for each period: `<base>-<generation>-<period>`, read by one alias."""

    base: str
    mappings: Callable[[Modules], dict[str, Any]]
    settings: Callable[[Modules], dict[str, Any]]
    seen: dict[str, Any] = field(default_factory=dict)  # the filter of the alias

    @property
    def alias(self) -> str:
        """What readers name: the indices of the generation that is read."""
        return f"{self.base}-read"

    def index_of(self, generation: str, period: str) -> str:
        """Return the index where a generation holds the documents of a period ("2026-11", "2026")."""
        return f"{self.base}-{generation}-{period.replace('-', '.')}"

    def has(self, index: str, generation: str) -> bool:
        """Say whether an index is of this family and a generation."""
        return index.startswith(f"{self.base}-{generation}-")

    def owns(self, index: str) -> bool:
        """Say whether an index is of this family and any generation."""
        return re.fullmatch(rf"{re.escape(self.base)}-k?[0-9a-f]{{8}}-{_PERIOD}", index) is not None


def generation_name(*, kibana: bool) -> str:
    """Return the name of a new generation, which tells for good whether it holds what Kibana is shown."""
    return (_WITH_KIBANA if kibana else "") + secrets.token_hex(4)


def shows(generation: str) -> bool:
    """Say whether a generation holds what Kibana is shown."""
    return generation.startswith(_WITH_KIBANA)


def cases_of(name: str) -> Family:
    """Return the family that we search."""
    return Family(name, mappings, settings)


def shown_of(name: str) -> Family:
    """Return the family of what Kibana is shown of cases. Its name matches no pattern of the cases themselves."""
    return Family(f"{name}_kibana", shown_mappings, _plain, _LIVING)


def tickets_of(name: str) -> Family:
    """Return the family of what Kibana is shown of tickets: `tickets-…-2026` where the cases are `posts-…`."""
    return Family("tickets" if name == NAME else f"{name}_tickets", lambda _: TICKET_MAPPINGS, _plain, _LIVING)


# A reader of the alias sees no marks of what is deleted or hidden, which have no region.
_LIVING: dict[str, Any] = {"filter": {"exists": {"field": "region"}}}


def _plain(_: Modules) -> dict[str, Any]:
    shards = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
    return {"index": {**shards, "refresh_interval": REFRESH, "codec": "best_compression"}}
