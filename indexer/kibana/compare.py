"""What differs between two states of a saved object, as paths that a person can follow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from indexer.kibana.objects import Saved

_KEPT = ("attributes", "references")  # the rest says when, by whom, and in which version Kibana wrote it
_GROWS_BY_ITSELF = frozenset({"count"})  # of a field in a data view: how often people used it
_NOTHING = "(tidak ada)"
_MOST_TOLD = 60  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is other than it was."""

    path: str
    before: str
    after: str


def plain(saved: Saved) -> Saved:
    """Return what of a saved object people can change, with its nested texts opened."""
    kept = {name: _opened(saved.get(name, [])) for name in _KEPT}
    kept["references"] = sorted(kept["references"], key=lambda x: (x["name"], x["type"], x["id"]))
    return kept


def digest(saved: Saved) -> str:
    """Return a hash of a definition, versions included: two equal ones need not be sent again."""
    return hashlib.sha256(orjson.dumps(saved, option=orjson.OPT_SORT_KEYS)).hexdigest()


def changes(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """Yield every leaf that differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from changes(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            one, other = (some[place] if place < len(some) else None for some in (before, after))
            yield from changes(one, other, f"{path}[{place}]")
    elif before != after:
        yield Change(path, _shown(before), _shown(after))


def lost(wanted: Any, found: Any, path: str = "") -> Iterator[Change]:
    """Yield what was wanted and is not so; what was added to it does not count."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in sorted(wanted):
            yield from lost(wanted[name], found.get(name), f"{path}.{name}" if path else name)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for place, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from lost(one, other, f"{path}[{place}]")
    elif wanted != found and (wanted or found):  # an empty list and none are one
        yield Change(path, _shown(wanted), _shown(found))


def _opened(value: Any) -> Any:
    """Return a value whose texts that hold JSON are what they hold."""
    if isinstance(value, dict):
        return {name: _opened(inner) for name, inner in value.items() if name not in _GROWS_BY_ITSELF}
    if isinstance(value, list):
        return [_opened(inner) for inner in value]
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return _opened(orjson.loads(value))
        except orjson.JSONDecodeError:
            return value
    return value


def _shown(value: Any) -> str:
    if value is None:
        return _NOTHING
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= _MOST_TOLD else text[: _MOST_TOLD - 1] + "…"
