"""Pages of one's own on the Graph platforms, with three posts of the last three days and what was said under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.labels import Channel
from tests.contracts.sources.facebook_double import FacebookDouble
from tests.contracts.sources.graph_double import GraphDouble, Post
from tests.contracts.sources.instagram_double import InstagramDouble
from tests.contracts.sources.ports import NOW
from tests.contracts.sources.site import Got, Reply, Server


@dataclass(frozen=True)
class Platform:
    kind: str
    url: str
    double: type[GraphDouble]
    posts: str  # where the posts are listed
    channel: Channel


PLATFORMS = {
    "facebook": Platform(
        "facebook", "https://www.facebook.com/pemkab", FacebookDouble, "/v25.0/pemkab/feed", Channel.FACEBOOK
    ),
    "instagram": Platform(
        "instagram", "https://www.instagram.com/pemkab/", InstagramDouble, "/v25.0/me/media", Channel.INSTAGRAM
    ),
}


def told_on(platform: Platform, server: Server) -> GraphDouble:
    """Three posts of the last three days with two comments each."""
    made = platform.double(server)
    for day in (3, 2, 1):
        post = made.tell(NOW - timedelta(days=day))
        made.remark(post, NOW - timedelta(days=day, hours=-1))
        made.remark(post, NOW - timedelta(days=day, hours=-2))
    return made


def comments_of(post: Post) -> str:
    return f"/v25.0/{post.id}/comments"


def lose(server: Server, path: str, *replies: Reply, nth: int = 1) -> None:
    """Answer the nth request of a path, and those after it, with these."""
    left, seen = list(replies), [0]

    def route(got: Got) -> Reply | None:
        if got.path != path:
            return None
        seen[0] += 1
        return left.pop(0) if left and seen[0] >= nth else None

    server.routes.insert(0, route)
