"""Threads as its documentation describes it: a search by words, what it counts, and how it refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.contracts.sources.graph_double import refusal
from tests.contracts.sources.site import JSON, TEXT, Got, Reply, Server

SEARCH = "/v1.0/keyword_search"


@dataclass
class Thread:
    """A post on Threads."""

    id: str
    text: str
    at: datetime
    root: str | None = None
    picture: str | None = None

    def shown(self) -> dict[str, object]:
        reply = {"root_post": {"id": self.root}} if self.root else {}
        media = {"media_type": "IMAGE", "media_url": self.picture} if self.picture else {"media_type": "TEXT_POST"}
        return {
            "id": self.id,
            "text": self.text,
            "permalink": f"https://www.threads.net/@warga/post/{self.id}",
            "timestamp": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "username": "warga",
            "is_reply": self.root is not None,
            **reply,
            **media,
        }


class ThreadsDouble:
    """Answers newest first, page by page. `counted` are the questions that found something."""

    def __init__(self, server: Server, *, key: str = "THAA-kunci", page: int = 100) -> None:
        self.key, self.page = key, page
        self.posts: list[Thread] = []
        self.counted: list[datetime] = []
        self.now = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
        server.routes.append(self._route)

    def say(self, at: datetime, text: str = "Jalan rusak di Gerung", *, root: str | None = None) -> Thread:
        thread = Thread(str(1700 + len(self.posts)), f"{text} {len(self.posts)}".strip(), at, root)
        self.posts.append(thread)
        return thread

    def _route(self, got: Got) -> Reply | None:
        if got.path == "/robots.txt":
            return Reply("User-agent: *\nDisallow: /\n", headers=TEXT)
        if got.path != SEARCH:
            return None
        if got.headers.get("authorization") != f"Bearer {self.key}":
            return refusal(190, "Error validating access token: Session has expired", status=401)
        asked = got.query
        since, until = int(asked.get("since", 0)), int(asked.get("until", 1 << 40))
        found = sorted(
            (one for one in self.posts if since <= one.at.timestamp() <= until), key=lambda one: one.at, reverse=True
        )
        start = int(asked.get("after", "0"))
        size = min(int(asked.get("limit", "25")), self.page)
        page = found[start : start + size]
        if page:
            self.counted.append(self.now)
        body: dict[str, object] = {"data": [one.shown() for one in page]}
        if page:
            body["paging"] = {"cursors": {"before": str(start), "after": str(start + size)}}
        if len(found) > start + size:
            body["paging"] = {
                "cursors": {"before": str(start), "after": str(start + size)},
                "next": f"https://graph.threads.net{SEARCH}?access_token={self.key}&after={start + size}",
            }
        return Reply(json.dumps(body), headers=JSON)
