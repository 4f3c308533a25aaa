"""A small web server on loopback whose answers a test writes, and a news site that opens the doors of all kinds."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; with status 0 none: the connection is cut."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Got:
    """One request that reached the server. `target` is path and query."""

    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


Route = Callable[[Got], Reply | None]


class Server:
    """Answers by the first of its routes that has something to say; 404 where none has. `got` is what was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.routes: list[Route] = []
        self.got: list[Got] = []

    def answer(self, got: Got) -> Reply:
        self.got.append(got)
        return next((reply for route in self.routes if (reply := route(got)) is not None), Reply("tidak ada", 404))

    def first(self, path: str, *replies: Reply) -> None:
        """Answer the next requests of a path with these, in turn, before everything else."""
        left = list(replies)

        def route(got: Got) -> Reply | None:
            return left.pop(0) if left and got.path == path else None

        self.routes.insert(0, route)

    def always(self, path: str, reply: Reply) -> None:
        """Answer a path with this from now on."""
        self.routes.insert(0, lambda got: reply if got.path == path else None)

    def paths(self) -> list[str]:
        """What was asked since the last call, robots.txt left out."""
        asked = [got.path for got in self.got if got.path != "/robots.txt"]
        self.got.clear()
        return asked


@contextmanager
def serving() -> Iterator[Server]:
    """A server for the length of a test."""
    server: Server

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = server.answer(Got(self.path, {name.lower(): value for name, value in self.headers.items()}))
            if not reply.status:
                self.close_connection = True
                return
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            for name, value in ({"Content-Type": "text/html; charset=utf-8"} | dict(reply.headers)).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        web.daemon_threads = True
        server = Server(f"http://127.0.0.1:{web.server_port}")
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            web.shutdown()
            thread.join()


@dataclass(slots=True)
class Story:
    """An article of the site."""

    number: int
    title: str
    text: str
    at: datetime
    changed: datetime | None = None

    @property
    def path(self) -> str:
        return f"/berita/{self.number}-kabar"

    @property
    def modified(self) -> datetime:
        return self.changed or self.at


@dataclass(slots=True)
class Remark:
    """A comment under an article."""

    number: int
    story: Story
    author: str
    text: str
    at: datetime


class NewsSite:
    """Articles and comments, shown by feed, REST and sitemap alike: shaped on what their documentation says."""

    def __init__(self, server: Server, *, page: int = 10) -> None:
        self.server = server
        self.page = page
        self.stories: list[Story] = []
        self.remarks: list[Remark] = []
        server.routes.append(self._route)

    @property
    def url(self) -> str:
        return self.server.url

    def tell(self, number: int, at: datetime, text: str | None = None) -> Story:
        """Publish an article."""
        words = text or (
            f"Warga Desa Uji {number} mengeluhkan jalan berlubang di depan pasar nomor {number}. "
            "Menurut mereka, lubang itu sudah ada sejak musim hujan dan belum pernah ditambal."
        )
        story = Story(number, f"Jalan berlubang & rusak {number}", words, at)
        self.stories.append(story)
        return story

    def edit(self, story: Story, text: str, at: datetime) -> None:
        story.text, story.changed = text, at

    def remark(self, number: int, story: Story, text: str, at: datetime) -> None:
        self.remarks.append(Remark(number, story, "Warga", text, at))

    def _route(self, got: Got) -> Reply | None:
        if got.path == "/robots.txt":
            return Reply(f"User-agent: *\nAllow: /\nSitemap: {self.url}/sitemap-news.xml\n", headers=TEXT)
        if got.path == "/feed/":
            return self._feed(got)
        if got.path == "/comments/feed/":
            return self._comment_feed()
        if got.path.startswith("/wp-json/wp/v2/"):
            return self._rest(got)
        if got.path == "/sitemap-news.xml":
            return Reply(self._sitemap(), headers=XML)
        story = next((one for one in self.stories if one.path == got.path.rstrip("/")), None)
        return Reply(self._page(story)) if story else None

    def _feed(self, got: Got) -> Reply:
        newest = sorted(self.stories, key=lambda one: one.at, reverse=True)
        start = (int(got.query.get("paged", "1")) - 1) * self.page
        shown = newest[start : start + self.page]
        if start and not shown:
            return Reply("tidak ada", 404)
        items = "".join(
            f"<item><title>{escape(one.title)}</title><link>{self.url}{one.path}/?utm_source=rss</link>"
            f"<guid isPermaLink='false'>{self.url}/?p={one.number}</guid><pubDate>{format_datetime(one.at)}</pubDate>"
            f"<description>Ringkasan</description><content:encoded><![CDATA[{self._html(one)}]]></content:encoded></item>"
            for one in shown
        )
        return Reply(rss(items), headers=FEED)

    def _comment_feed(self) -> Reply:
        items = "".join(
            f"<item><title>Comment on {escape(one.story.title)} by: {one.author}</title>"
            f"<link>{self.url}{one.story.path}/#comment-{one.number}</link><dc:creator>{one.author}</dc:creator>"
            f"<pubDate>{format_datetime(one.at)}</pubDate>"
            f"<content:encoded><![CDATA[<p>{one.text}</p>]]></content:encoded></item>"
            for one in sorted(self.remarks, key=lambda one: one.at, reverse=True)[: self.page]
        )
        return Reply(rss(items), headers=FEED)

    def _rest(self, got: Got) -> Reply:
        asked, listing = got.query, got.path.rsplit("/", 1)[1]
        found = self._posts(asked) if listing == "posts" else self._comments(asked)
        if asked.get("order") == "desc":
            found.sort(key=lambda one: str(one["date_gmt"]), reverse=True)
        size, page = min(int(asked.get("per_page", "10")), self.page), int(asked.get("page", "1"))
        pages = max(1, -(-len(found) // size))
        if page > pages:
            return Reply('{"code":"rest_post_invalid_page_number"}', 400, headers=JSON)
        counts = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
        return Reply(json.dumps(found[(page - 1) * size : page * size]), headers=JSON | counts)

    def _posts(self, asked: Mapping[str, str]) -> list[dict[str, object]]:
        return [
            {
                "id": one.number, "link": f"{self.url}{one.path}/", "date_gmt": naive(one.at),
                "modified_gmt": naive(one.modified), "title": {"rendered": escape(one.title)},
                "content": {"rendered": self._html(one), "protected": False},
            }
            for one in sorted(self.stories, key=lambda one: one.number)
            if naive(one.at) > asked.get("after", "") and naive(one.modified) > asked.get("modified_after", "")
        ]  # fmt: skip

    def _comments(self, asked: Mapping[str, str]) -> list[dict[str, object]]:
        return [
            {
                "id": one.number, "post": one.story.number, "parent": 0, "author_name": one.author,
                "link": f"{self.url}{one.story.path}/#comment-{one.number}", "date_gmt": naive(one.at),
                "content": {"rendered": f"<p>{one.text}</p>\n"},
            }
            for one in sorted(self.remarks, key=lambda one: one.number)
            if naive(one.at) > asked.get("after", "")
        ]  # fmt: skip

    def _sitemap(self) -> str:
        urls = "".join(
            f"<url><loc>{self.url}{one.path}</loc><lastmod>{one.modified.isoformat()}</lastmod><news:news>"
            f"<news:publication_date>{one.at.isoformat()}</news:publication_date>"
            f"<news:title>{escape(one.title)}</news:title></news:news></url>"
            for one in self.stories
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
        )

    def _page(self, story: Story) -> str:
        return (
            f"<!doctype html><html lang=id><head><meta charset=utf-8><title>{escape(story.title)} - Kabar</title>"
            f'<link rel="canonical" href="{self.url}{story.path}/">'
            f'<meta property="og:title" content="{escape(story.title)}">'
            f'<meta property="article:published_time" content="{story.at.isoformat()}"></head><body>'
            f"<nav><a href=/>Beranda</a></nav><article><h1>{escape(story.title)}</h1>{self._html(story)}</article>"
            "<footer>Hak cipta Kabar</footer></body></html>"
        )

    @staticmethod
    def _html(story: Story) -> str:
        return f'<p>{escape(story.text)}</p><p><img src="/gambar/{story.number}.jpg" alt=""></p>'


def rss(items: str) -> str:
    """A feed around items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Kabar</title>'
        f"<generator>https://wordpress.org/?v=6.1</generator>{items}</channel></rss>"
    )


def naive(moment: datetime) -> str:
    """A moment as WordPress writes it in GMT."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


TEXT = {"Content-Type": "text/plain"}
XML = {"Content-Type": "application/xml"}
FEED = {"Content-Type": "application/rss+xml; charset=UTF-8"}
JSON = {"Content-Type": "application/json; charset=UTF-8"}
