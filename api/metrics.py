"""Numbers for the operator's Prometheus: how the web server fares, how deep the belts are. No one's data is in them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import Unavailable

if TYPE_CHECKING:
    from api.parts import Parts

UNKNOWN_ROUTE = "(none)"  # addresses that nobody serves share one label: a scanner makes no new series
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN_METHOD = "(other)"  # as above: a method can be any word


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "jaring_http_requests",
            "Answers by route and status.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "jaring_http_seconds", "Time to the first byte by route.", ["route"], registry=self._registry
        )
        self.logins = Counter("jaring_logins", "Logins by outcome.", ["outcome"], registry=self._registry)
        self._belts = Gauge("jaring_belt_waiting", "Work that waits, by belt.", ["belt"], registry=self._registry)
        self._posts = Gauge("jaring_posts", "Posts in truth.", registry=self._registry)
        self._cases = Gauge("jaring_cases", "Cases in truth.", registry=self._registry)
        self._documents = Gauge("jaring_index_documents", "Documents in the index.", registry=self._registry)
        self._up = Gauge("jaring_up", "Whether a part answers.", ["part"], registry=self._registry)

    def text(self, parts: Parts) -> bytes:
        """Everything in Prometheus' text format. A part that does not answer shows as down, not as an error."""
        try:
            counts = parts.store.counts()
            self._posts.set(counts.posts)
            self._cases.set(counts.cases)
            for name, belt in counts.belts.items():
                self._belts.labels(name).set(belt.waiting)
            self._up.labels("store").set(1)
        except Unavailable:
            self._up.labels("store").set(0)
        try:
            self._documents.set(parts.index.status().documents)
            self._up.labels("index").set(1)
        except Unavailable:
            self._up.labels("index").set(0)
        return generate_latest(self._registry)


class Measured:
    """Counts each answer under its route's template, never under its address."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
                method = scope["method"] if scope["method"] in METHODS else UNKNOWN_METHOD
                self._metrics.requests.labels(route, method, str(message["status"])).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, noted)
