"""What a source is asked and what it answers, apart from the machine that carries it: parsing never sees Scrapy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import orjson

from domain.errors import JaringError, SourceUnavailable

OK = 200
NOT_MODIFIED = 304
MOVED = (301, 308)  # for good: the source should be written with its new address
SHUT = frozenset({401, 403, 404, 405, 410, 451, 501})  # answers of a door that is closed, not broken
_HTML = re.compile(rb"^\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)


class SourceBlocked(JaringError):
    """Fate: leave it alone. Robots, a ban or a login wall stand before the source."""

    status = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `url` is where it came from after redirects; header names are lower case."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str | None = None  # where the first address has moved for good

    @property
    def content_type(self) -> str:
        """Its media type, lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether it is a page, whatever it calls itself."""
        return self.content_type in {"text/html", "application/xhtml+xml"} or bool(_HTML.match(self.body[:512]))

    def json(self) -> object:
        """The JSON in it. ValueError when it is none."""
        return orjson.loads(self.body.removeprefix(b"\xef\xbb\xbf").strip())

    def number(self, header: str) -> int | None:
        """A header that holds a count."""
        value = self.headers.get(header, "").strip()
        return int(value) if value.isdigit() else None


class KeyRefused(JaringError):
    """Fate: wait for a person. The platform takes the key no longer, or does not let it do this."""

    status = 503


class SourceRests(JaringError):
    """Fate: go on later, where it was left. The platform, or its budget, asks to be left alone until a time."""

    status = 503

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class Ask(Protocol):
    """Fetches an address, politely. Raises SourceUnavailable and SourceBlocked; any HTTP status is an answer.

    `secret` are headers that hold a key: they go to the address asked and nowhere else (no redirect is followed),
    and are written in no log and on no shelf. A key never stands in an address. Who has a key is let in by the
    platform's own terms: its robots.txt speaks to those who come without one.

    `once`: the question costs something. It is sent one time and never repeated by itself.
    """

    async def __call__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> Answer: ...


def must_answer(answer: Answer) -> Answer:
    """Pass on a 200; raise SourceBlocked for a shut door and SourceUnavailable for anything else."""
    if answer.status == OK:
        return answer
    if answer.status in {401, 403, 451} or "cf-mitigated" in answer.headers:
        raise SourceBlocked(f"{answer.url} menolak dibaca (HTTP {answer.status}).")
    raise SourceUnavailable(f"{answer.url} menjawab HTTP {answer.status}{_wait(answer)}.")


def _wait(answer: Answer) -> str:
    wait = answer.headers.get("retry-after")
    return f" dan minta jeda {wait}" if wait else ""
