"""A Graph platform as its documentation describes it: listings by cursors, keys in a header, refusals with codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.contracts.sources.site import JSON, TEXT, Got, Reply, Server

VERSION = "/v25.0/"


@dataclass
class Remark:
    """What somebody says under a post, or under another remark."""

    id: str
    text: str
    at: datetime
    under: str | None = None


@dataclass
class Post:
    """What stands on the page."""

    id: str
    text: str
    at: datetime
    remarks: list[Remark] = field(default_factory=list)


class GraphDouble:
    """A page with posts and remarks, newest first. Cursors name an entry: what is added meanwhile moves nothing."""

    def __init__(self, server: Server, *, key: str = "EAAB-kunci", page: int = 100) -> None:
        self.key, self.page = key, page
        self.posts: list[Post] = []
        self.server = server
        self._number = 100
        server.routes.append(self._route)

    def tell(self, at: datetime, text: str = "Kabar dari kabupaten") -> Post:
        self._number += 1
        post = Post(f"77_{self._number}", f"{text} {self._number}", at)
        self.posts.append(post)
        return post

    def remark(
        self, post: Post, at: datetime, text: str = "Jalan kami rusak", *, under: Remark | None = None
    ) -> Remark:
        self._number += 1
        remark = Remark(f"{post.id}_{self._number}", f"{text} {self._number}", at, under.id if under else None)
        post.remarks.append(remark)
        return remark

    def post_of(self, name: str) -> Post | None:
        return next((one for one in self.posts if one.id == name), None)

    def remark_of(self, name: str) -> Remark | None:
        return next((one for post in self.posts for one in post.remarks if one.id == name), None)

    def _route(self, got: Got) -> Reply | None:
        if got.path == "/robots.txt":
            return Reply("User-agent: *\nDisallow: /\n", headers=TEXT)
        if not got.path.startswith(VERSION):
            return None
        if got.headers.get("authorization") != f"Bearer {self.key}":
            return refusal(190, "Error validating access token: Session has expired", status=401)
        return self.answer(got, got.path.removeprefix(VERSION).split("/"))

    def answer(self, got: Got, pieces: list[str]) -> Reply:
        raise NotImplementedError

    def thing(self, name: str) -> Reply:
        """Something by its own id."""
        if self.post_of(name) is None and self.remark_of(name) is None:
            return absent(name)
        return Reply(json.dumps({"id": name}), headers=JSON)

    def listing(self, got: Got, ids: Sequence[str], shown: Sequence[dict[str, object]]) -> Reply:
        """A page of a listing: what comes after the entry that the cursor names."""
        after = got.query.get("after")
        start = 0
        if after is not None:
            place = next((index for index, name in enumerate(ids) if f"c{name}" == after), None)
            start = len(ids) if place is None else place + 1
        size = min(int(got.query.get("limit", "25")), self.page)
        page, names = shown[start : start + size], ids[start : start + size]
        body: dict[str, object] = {"data": list(page)}
        if page:
            paging: dict[str, object] = {"cursors": {"before": f"c{names[0]}", "after": f"c{names[-1]}"}}
            if len(ids) > start + size:
                paging["next"] = f"{self.server.url}{got.path}?access_token={self.key}&after=c{names[-1]}"
            body["paging"] = paging
        return Reply(json.dumps(body), headers=JSON)


def stamp(at: datetime) -> str:
    """A moment as Graph writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def absent(name: str) -> Reply:
    message = f"Unsupported get request. Object with ID '{name}' does not exist, cannot be loaded"
    error = {"message": message, "type": "GraphMethodException", "code": 100, "error_subcode": 33, "fbtrace_id": "A"}
    return Reply(json.dumps({"error": error}), 400, JSON)


def refusal(code: int, message: str, *, status: int = 400, **headers: str) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Az8or2yhqkZfEZ"}
    return Reply(json.dumps({"error": error}), status, {**JSON, **headers})
