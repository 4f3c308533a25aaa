"""An Instagram account as its own API shows it to those who run it."""

from __future__ import annotations

from tests.contracts.sources.graph_double import GraphDouble, Post, Remark, absent, stamp
from tests.contracts.sources.site import Got, Reply

ALONG = 2  # replies that come along with their comment; the rest have a listing of their own


class InstagramDouble(GraphDouble):
    """Media, and comments with their replies below them."""

    def answer(self, got: Got, pieces: list[str]) -> Reply:
        if pieces in (["me", "media"], ["1784", "media"]):
            posts = sorted(self.posts, key=lambda one: one.at, reverse=True)
            return self.listing(got, [one.id for one in posts], [shown(one) for one in posts])
        if len(pieces) == 2 and pieces[1] == "comments":
            post = self.post_of(pieces[0])
            if post is None:
                return absent(pieces[0])
            assert int(got.query["limit"]) <= 50
            top = sorted((one for one in post.remarks if one.under is None), key=lambda one: one.at, reverse=True)
            return self.listing(got, [one.id for one in top], [self._with_replies(one, post) for one in top])
        if len(pieces) == 2 and pieces[1] == "replies":
            assert "replies" not in got.query["fields"]
            under = self._replies(pieces[0])
            return self.listing(got, [one.id for one in under], [remark(one) for one in under])
        return self.thing(pieces[0])

    def _replies(self, name: str) -> list[Remark]:
        return [one for post in self.posts for one in post.remarks if one.under == name]

    def _with_replies(self, said: Remark, post: Post) -> dict[str, object]:
        under = [one for one in post.remarks if one.under == said.id]
        if not under:
            return remark(said)
        paging: dict[str, object] = {"cursors": {"after": "x"}}
        if len(under) > ALONG:
            paging["next"] = f"{self.server.url}/v25.0/{said.id}/replies?access_token={self.key}"
        return remark(said) | {"replies": {"data": [remark(one) for one in under[:ALONG]], "paging": paging}}


def shown(post: Post) -> dict[str, object]:
    return {
        "id": post.id,
        "caption": post.text,
        "timestamp": stamp(post.at),
        "permalink": f"https://www.instagram.com/p/{post.id}/",
        "username": "pemkab",
        "comments_count": len(post.remarks),
        "like_count": 9,
    }


def remark(said: Remark) -> dict[str, object]:
    return {"id": said.id, "text": said.text, "timestamp": stamp(said.at), "username": "warga", "like_count": 2}
