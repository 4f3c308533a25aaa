"""A YouTube Data API on loopback, shaped on its documentation: channels, uploads, videos, threads, replies, refusals.

Its pages are counted from the top, the worst that a list can do to its reader: whatever is said or deleted between
two pages moves all that follows. Every call is a unit of the key that it came with.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TypeVar

from tests.contracts.sources.site import JSON, Got, Reply, Server

_T = TypeVar("_T")
Item = dict[str, object]

KEY = "kunci-uji"
CHANNEL = "UCabcdefghijklmnopqrstuv"
HANDLE = "@kabarlombok"
UPLOADS = "UUabcdefghijklmnopqrstuv"
SHOWN = 2  # replies that come along with their thread


@dataclass(slots=True)
class Said:
    """A comment or a reply."""

    id: str
    text: str
    at: datetime
    by: str = "UCpenontonpenontonpenonto"
    changed: datetime | None = None
    likes: int = 0
    replies: list[Said] = field(default_factory=list)


@dataclass(slots=True)
class Film:
    """A video with its threads, oldest first."""

    id: str
    title: str
    at: datetime
    description: str = ""
    threads: list[Said] = field(default_factory=list)
    shut: bool = False
    public: bool = True

    @property
    def comments(self) -> int:
        return len(self.threads) + sum(len(thread.replies) for thread in self.threads)


class Tube:
    """The API. `spent` counts calls by key; `refuse` answers everything in that way."""

    def __init__(self, server: Server, *, key: str = KEY) -> None:
        self.server = server
        self.keys = {key}
        self.films: list[Film] = []
        self.spent: dict[str, int] = {}
        self.refuse: Reply | None = None
        self._numbers = count(1)
        server.routes.append(self._route)

    def film(self, title: str, at: datetime, description: str = "") -> Film:
        film = Film(f"vid{next(self._numbers):08}", title, at, description)
        self.films.append(film)
        return film

    def say(self, film: Film, text: str, at: datetime) -> Said:
        said = Said(f"Ug{next(self._numbers):024}", text, at)
        insort(film.threads, said, key=lambda one: one.at)
        return said

    def reply(self, thread: Said, text: str, at: datetime) -> Said:
        said = Said(f"{thread.id}.{next(self._numbers):022}", text, at)
        thread.replies.append(said)
        return said

    def calls(self, method: str) -> int:
        """How often a method was asked since the server's memory of it was cleared."""
        return sum(got.path == f"/{method}" for got in self.server.got)

    def _route(self, got: Got) -> Reply | None:
        method = got.path.strip("/")
        answers = {
            "channels": self._channels, "playlistItems": self._uploads, "videos": self._videos,
            "commentThreads": self._threads, "comments": self._comments,
        }  # fmt: skip
        if method not in answers:
            return None
        key = got.headers.get("x-goog-api-key", "")
        self.spent[key] = self.spent.get(key, 0) + 1
        if "key" in got.query or key not in self.keys:
            return bad_key()
        return self.refuse or answers[method](got)

    def _channels(self, got: Got) -> Reply:
        known = got.query.get("forHandle") == HANDLE or got.query.get("id") == CHANNEL
        uploads = {"relatedPlaylists": {"likes": "", "uploads": UPLOADS}}
        item = {"kind": "youtube#channel", "id": CHANNEL, "contentDetails": uploads}
        body: Item = {"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": int(known)}}
        return Reply(json.dumps(body | ({"items": [item]} if known else {})), headers=JSON)

    def _uploads(self, got: Got) -> Reply:
        if got.query["playlistId"] != UPLOADS:
            return fault(404, "playlistNotFound", "The playlist cannot be found.")
        films = sorted((film for film in self.films if film.public), key=lambda film: film.at, reverse=True)
        return page("playlistItem", films, got, upload_item)

    def _videos(self, got: Got) -> Reply:
        asked = got.query["id"].split(",")
        assert len(asked) <= 50
        there = [film for film in self.films if film.id in asked and film.public]
        return page("video", there, Got("/videos", got.headers), film_item)

    def _threads(self, got: Got) -> Reply:
        film = next((film for film in self.films if film.id == got.query["videoId"] and film.public), None)
        if film is None:
            return fault(404, "videoNotFound", "The video cannot be found.")
        if film.shut:
            return fault(403, "commentsDisabled", "The video has disabled comments.")
        return page("commentThread", film.threads[::-1], got, lambda thread: thread_item(thread, film.id))

    def _comments(self, got: Got) -> Reply:
        threads = [thread for film in self.films if film.public for thread in film.threads]
        if "id" in got.query:
            asked = set(got.query["id"].split(","))
            assert len(asked) <= 50
            everything = (said for thread in threads for said in (thread, *thread.replies))
            there = [said for said in everything if said.id in asked]
            return page("comment", there, Got("/comments", got.headers), lambda said: {"id": said.id})
        thread = next((thread for thread in threads if thread.id == got.query["parentId"]), None)
        if thread is None:
            return fault(404, "commentNotFound", "The specified comment cannot be found.")
        return page("comment", thread.replies[::-1], got, comment_item)


def page(kind: str, items: Sequence[_T], got: Got, shape: Callable[[_T], Item]) -> Reply:
    """One page from the top on, with the name of the next."""
    size, token = int(got.query.get("maxResults", 50)), got.query.get("pageToken", "")
    if token and not token.startswith("dari"):
        return fault(400, "invalidPageToken", "The request specifies an invalid page token.")
    start = int(token.removeprefix("dari") or 0)
    shown = items[start : start + size]
    body: Item = {
        "kind": f"youtube#{kind}ListResponse",
        "pageInfo": {"totalResults": len(items), "resultsPerPage": size},
        "items": [shape(one) for one in shown],
    }
    if start + size < len(items):
        body["nextPageToken"] = f"dari{start + size}"
    return Reply(json.dumps(body), headers=JSON)


def upload_item(film: Film) -> Item:
    details = {"videoId": film.id, "videoPublishedAt": stamp(film.at)}
    return {"kind": "youtube#playlistItem", "id": f"UU.{film.id}", "contentDetails": details}


def film_item(film: Film) -> Item:
    statistics = {"viewCount": "120", "likeCount": "7"}
    if not film.shut:
        statistics["commentCount"] = str(film.comments)
    return {
        "kind": "youtube#video",
        "id": film.id,
        "snippet": {
            "publishedAt": stamp(film.at), "channelId": CHANNEL, "title": film.title,
            "description": film.description, "channelTitle": "Kabar Lombok",
        },
        "statistics": statistics,
    }  # fmt: skip


def comment_item(said: Said) -> Item:
    return {
        "kind": "youtube#comment",
        "id": said.id,
        "snippet": {
            "textDisplay": said.text, "authorDisplayName": "@warga", "authorChannelId": {"value": said.by},
            "likeCount": said.likes, "publishedAt": stamp(said.at), "updatedAt": stamp(said.changed or said.at),
            **({"parentId": said.id.partition(".")[0]} if "." in said.id else {}),
        },
    }  # fmt: skip


def thread_item(said: Said, film: str) -> Item:
    item: Item = {
        "kind": "youtube#commentThread",
        "id": said.id,
        "snippet": {
            "videoId": film, "topLevelComment": comment_item(said), "canReply": True,
            "totalReplyCount": len(said.replies), "isPublic": True,
        },
    }  # fmt: skip
    if said.replies:
        item["replies"] = {"comments": [comment_item(one) for one in said.replies[::-1][:SHOWN]]}
    return item


def fault(status: int, reason: str, message: str, **headers: str) -> Reply:
    """A refusal, as the API words it."""
    error = {"domain": "youtube", "reason": reason, "message": message}
    body = {"error": {"code": status, "message": message, "errors": [error]}}
    return Reply(json.dumps(body), status, JSON | headers)


def bad_key() -> Reply:
    message = "API key not valid. Please pass a valid API key."
    body = {
        "error": {
            "code": 400, "message": message, "status": "INVALID_ARGUMENT",
            "errors": [{"message": message, "domain": "global", "reason": "badRequest"}],
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
        }
    }  # fmt: skip
    return Reply(json.dumps(body), 400, JSON)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
