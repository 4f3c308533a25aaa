"""X as its documentation describes it: recent search, counts and lookups, what they cost, and how they refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crawlers.x.marks import mark_at
from tests.contracts.sources.site import JSON, TEXT, Got, Reply, Server

SEARCH, COUNTS, LOOKUP = "/2/tweets/search/recent", "/2/tweets/counts/recent", "/2/tweets"
KEPT = timedelta(days=7)


@dataclass
class Tweet:
    """A post on X."""

    id: int
    text: str
    at: datetime
    author: str = "900"
    thread: int | None = None
    history: list[int] = field(default_factory=list)
    deleted: bool = False

    def shown(self) -> dict[str, object]:
        return {
            "id": str(self.id),
            "text": self.text,
            "created_at": self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "author_id": self.author,
            "conversation_id": str(self.thread or self.id),
            "edit_history_tweet_ids": [str(one) for one in [*self.history, self.id]],
            "public_metrics": {
                "retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 0,
                "bookmark_count": 0, "impression_count": 40,
            },
        }  # fmt: skip


class XDouble:
    """Answers at its own clock; `paid` is what it would charge, in posts."""

    def __init__(self, server: Server, *, now: datetime, key: str = "AAAA-kunci") -> None:
        self.server, self.now, self.key = server, now, key
        self.tweets: list[Tweet] = []
        self.paid = 0
        server.routes.append(self._route)

    def say(self, at: datetime, text: str = "Jalan rusak di Gerung", *, number: int = 0) -> Tweet:
        tweet = Tweet(mark_at(at) + number + 1, f"{text} {number}".strip(), at)
        self.tweets.append(tweet)
        return tweet

    def edit(self, tweet: Tweet, text: str, at: datetime) -> Tweet:
        """As X does it: another post, with a history."""
        self.tweets.remove(tweet)
        newer = Tweet(mark_at(at) + 1, text, tweet.at, tweet.author, tweet.thread, [*tweet.history, tweet.id])
        self.tweets.append(newer)
        return newer

    def _route(self, got: Got) -> Reply | None:
        if got.path == "/robots.txt":
            return Reply("User-agent: *\nDisallow: /\n", headers=TEXT)
        if got.headers.get("authorization") != f"Bearer {self.key}":
            return problem(401, "Unauthorized", "about:blank")
        if got.path == LOOKUP:
            return self._lookup(got)
        if got.path in {SEARCH, COUNTS}:
            return self._search(got)
        return None

    def _search(self, got: Got) -> Reply:
        asked = got.query
        if not 0 < len(asked.get("query", "")) <= 512:
            return problem(400, "The `query` query parameter must be at most 512 characters", "invalid-request")
        oldest = mark_at(self.now - KEPT)
        since, until = int(asked.get("since_id", oldest)), int(asked.get("until_id", 1 << 62))
        if since < oldest or until < oldest:
            return problem(400, "'since_id' must be a tweet id created after the last seven days", "invalid-request")
        found = sorted(
            (one for one in self.tweets if since < one.id < until and not one.deleted), key=lambda one: -one.id
        )
        if got.path == COUNTS:
            self.paid += 1
            return reply({"data": [], "meta": {"total_tweet_count": len(found)}})
        size = int(asked.get("max_results", "10"))
        if not 10 <= size <= 100:
            return problem(400, "max_results is not between 10 and 100", "invalid-request")
        start = int(asked.get("next_token", "0"))
        page = found[start : start + size]
        self.paid += len(page)
        meta: dict[str, object] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": str(page[0].id), "oldest_id": str(page[-1].id)}
        if len(found) > start + size:
            meta["next_token"] = str(start + size)
        return reply(({"data": [one.shown() for one in page]} if page else {}) | {"meta": meta})

    def _lookup(self, got: Got) -> Reply:
        ids = got.query["ids"].split(",")
        there = {str(one.id): one for one in self.tweets if not one.deleted}
        there |= {str(old): one for one in self.tweets for old in one.history if not one.deleted}
        data = [{"id": one, "text": there[one].text} for one in ids if one in there]
        self.paid += len(data)
        errors = [
            {"resource_id": one, "resource_type": "tweet", "type": "https://api.x.com/2/problems/resource-not-found"}
            for one in ids
            if one not in there
        ]
        return reply(({"data": data} if data else {}) | ({"errors": errors} if errors else {}))


def reply(body: object, status: int = 200, **headers: str) -> Reply:
    return Reply(json.dumps(body), status, {**JSON, **headers})


def problem(status: int, detail: str, kind: str) -> Reply:
    where = kind if ":" in kind else f"https://api.x.com/2/problems/{kind}"
    return reply({"title": "Masalah", "detail": detail, "status": status, "type": where}, status)
