"""Crawls without a network: a kind asks a double by a call, so that months of crawls take a moment."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from crawlers.asking import Answer, KeyRefused, SourceRests
from crawlers.kinds import CrawlJob, CrawlNotes, Gone, load_kinds
from crawlers.running import outcome_of
from crawlers.spider import StoredPosts
from domain.errors import SourceUnavailable
from domain.posts import Incoming
from tests.contracts.sources.ports import Listener
from tests.contracts.sources.site import Got, Server
from tests.coroutines import run


class Killed(Exception):
    """The process is gone: what was handed on is stored, nothing is recorded."""


class DirectAsk:
    """Asks a double by a call. See `crawlers.asking.Ask`."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def __call__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret: Mapping[str, str] | None = None,
        once: bool = False,  # noqa: ARG002  the port's name: nothing is repeated here
    ) -> Answer:
        parts = urlsplit(url)
        sent = {name.lower(): value for name, value in {**(headers or {}), **(secret or {})}.items()}
        reply = self._server.answer(Got(f"{parts.path}?{parts.query}", sent))
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        return Answer(url, reply.status, body, {name.lower(): value for name, value in reply.headers.items()})


def crawl_at_once(listener: Listener, server: Server, *, killed_after: int | None = None) -> CrawlNotes:
    """One crawl as the spider makes it, its posts stored and its cursor recorded; `listener.now` stays.

    `killed_after`: see `Killed`; so many things handed on before it.
    """
    job = CrawlJob(
        listener.spec, listener.memory, listener.now,
        root=server.url, credential=listener.credential, purse=listener.purse,
    )  # fmt: skip
    notes = CrawlNotes()
    try:
        run(_carry(listener, server, job, notes, killed_after))
        notes.finished = True
    except Killed:
        return notes
    except SourceRests as rest:
        notes.trouble, notes.rest_until = str(rest), rest.until
    except KeyRefused as cause:
        notes.refused = str(cause)
    except SourceUnavailable as cause:
        notes.failed = str(cause)
    listener.book.record(outcome_of(job, notes))
    return notes


async def _carry(
    listener: Listener, server: Server, job: CrawlJob, notes: CrawlNotes, killed_after: int | None
) -> None:
    collect, handed_on = load_kinds()[listener.spec.kind].collect, 0
    async for found in collect(DirectAsk(server), job, notes, StoredPosts(job, listener.book)):
        if isinstance(found, Incoming):
            notes.report += listener.sink.accept([found])
        elif isinstance(found, Gone):
            notes.withdrawn += listener.sink.withdraw([found.post_id], listener.now)
        handed_on += 1
        if handed_on == killed_after:
            raise Killed
