"""A Facebook page as the Graph API shows it to those who run it."""

from __future__ import annotations

from datetime import datetime

from tests.contracts.sources.graph_double import GraphDouble, Post, Remark, absent, stamp
from tests.contracts.sources.site import Got, Reply


class FacebookDouble(GraphDouble):
    """The feed, and the comments of each post as one stream."""

    def answer(self, got: Got, pieces: list[str]) -> Reply:
        if pieces == ["pemkab", "feed"]:
            posts = sorted(self.posts, key=lambda one: one.at, reverse=True)
            return self.listing(got, [one.id for one in posts], [shown(one) for one in posts])
        if len(pieces) == 2 and pieces[1] == "comments":
            post = self.post_of(pieces[0])
            if post is None:
                return absent(pieces[0])
            assert got.query["filter"] == "stream"
            remarks = sorted(post.remarks, key=lambda one: one.at, reverse=True)
            return self.listing(got, [one.id for one in remarks], [remark(one) for one in remarks])
        return self.thing(pieces[0])


def shown(post: Post) -> dict[str, object]:
    return {
        "id": post.id,
        "message": post.text,
        "created_time": stamp(post.at),
        "permalink_url": f"https://www.facebook.com/{post.id.replace('_', '/posts/')}",
        "from": {"name": "Pemkab", "id": "77"},
        "shares": {"count": 4},
        "comments": {"data": [], "summary": {"order": "chronological", "total_count": len(post.remarks)}},
        "reactions": {"data": [], "summary": {"total_count": 9}},
    }


def remark(said: Remark) -> dict[str, object]:
    at: datetime = said.at
    return {
        "id": said.id,
        "message": said.text,
        "created_time": stamp(at),
        "permalink_url": f"https://www.facebook.com/comment/{said.id}",
        "like_count": 2,
        "comment_count": 0,
    }
