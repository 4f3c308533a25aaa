"""Truth: posts, readings, cases, the belts between rooms, accounts, secrets. Knows no HTTP, crawler, model or index.

In comes what other rooms hand over (`Incoming`, `Reading`, `Case`); out go frozen values, each read under a scope.
"""

from __future__ import annotations

from store.facade import Store, open_store
from store.keys import KeyRing

__all__ = ["KeyRing", "Store", "open_store"]
