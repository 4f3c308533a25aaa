"""A job and answers to parse: nothing here is fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawlers.asking import Answer
from crawlers.kinds import CrawlJob
from domain.ports import SourceMemory, SourceSpec

Answers = Callable[..., Answer]


@pytest.fixture
def job() -> CrawlJob:
    spec = SourceSpec(key="kabar", name="Kabar", kind="rss", url="https://kabar.id/", regions=("lombok-barat",))
    return CrawlJob(spec, SourceMemory(key="kabar"), datetime(2026, 11, 20, 4, 0, tzinfo=UTC))


@pytest.fixture
def answers() -> Answers:
    def made(body: str | bytes, url: str = "https://kabar.id/a", kind: str = "text/html; charset=utf-8") -> Answer:
        return Answer(url, 200, body.encode() if isinstance(body, str) else body, {"content-type": kind})

    return made
