"""A search on X: what its tests share."""

from __future__ import annotations

from tests.contracts.sources.ports import Listener
from tests.contracts.sources.site import Got, Reply, Server

URL = "https://x.com/search?q=lombok%20barat"
PLENTY = (("posts_per_month", "1000000"),)


def listening(server: Server, **options: object) -> Listener:
    chosen = dict(PLENTY) | {name: str(value) for name, value in options.items()}
    return Listener("x", URL, root=server.url, key="AAAA-kunci", options=tuple(chosen.items()))


def lose(server: Server, path: str, *replies: Reply, nth: int = 1) -> None:
    """Answer the nth request of a path, and those after it, with these."""
    left, seen = list(replies), [0]

    def route(got: Got) -> Reply | None:
        if got.path != path:
            return None
        seen[0] += 1
        return left.pop(0) if left and seen[0] >= nth else None

    server.routes.insert(0, route)
