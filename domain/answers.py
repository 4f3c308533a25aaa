"""Raw answers of sources as they are kept, so that a mended parser can read the past again; and the shelf's ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.ports import SourceMemory, SourceSpec


@dataclass(frozen=True, slots=True)
class KeptCrawl:
    """A crawl as it began: what its kind was handed. Keys and purses are no part of it."""

    spec: SourceSpec
    memory: SourceMemory
    at: datetime
    since: datetime | None = None
    limit: int | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What came of one question: an answer, or a fault in words (`blocked` tells a shut door from a broken one)."""

    asked: str  # the address asked; `url` is where the answer came from
    at: datetime
    url: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    moved_to: str | None = None
    fault: str | None = None
    blocked: bool = False
    too_long: bool = False  # its body was longer than what is kept of one


class AnswerLog(Protocol):
    """What is kept of one crawl, in the order it came. It never raises: what cannot be kept is told by `trouble`."""

    @property
    def trouble(self) -> str | None:
        """Why something was not kept, in a sentence."""
        ...

    def add(self, answer: KeptAnswer) -> str | None:
        """Keep what came of a question. Returns its id; None where it could not be kept."""
        ...

    def close(self) -> None: ...


class AnswerShelf(Protocol):
    """Where crawls put what they are answered. Called off the event loop."""

    def begin(self, crawl: KeptCrawl) -> AnswerLog:
        """What is kept of a crawl; nothing is written before its first answer."""
        ...


class AnswerShelves(AnswerShelf, Protocol):
    """A shelf that is read again."""

    def crawls(self, source: str, since: datetime | None = None) -> list[str]:
        """Ids of the kept crawls of a source that began at `since` or later, newest first."""
        ...

    def read(self, crawl: str) -> tuple[KeptCrawl, Iterator[KeptAnswer]]:
        """A kept crawl and its answers in their order, as far as they are whole. NotFound."""
        ...

    def answer(self, answer: str) -> KeptAnswer:
        """One kept answer. NotFound."""
        ...
