"""One crawl of a YouTube source over a store of its own, in a process that may be killed at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawlers.kinds import CrawlJob, load_kinds
from crawlers.running import Crawling
from domain.doors import Credential
from domain.ports import SourceSpec
from store import KeyRing, Store, open_store

MODULES = ("crawlers.sources.youtube", "crawlers.spider", "crawlers.manners", "crawlers.pipeline", "scrapy.crawler",
           "store", "tests.line.youtube_child")  # fmt: skip
"""What a process that crawls has loaded; nothing of it is under way yet."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What the process is to do."""

    home: Path
    spec: SourceSpec
    root: str
    key: str
    now: datetime

    @property
    def credential(self) -> Credential:
        return Credential("youtube", self.key, mark="1f")

    def open(self, *, create: bool = False) -> Store:
        return open_store(f"sqlite:///{self.home / 'jaring.sqlite'}", keys=KeyRing.open(self.home), create=create)


def crawl(errand: Errand) -> None:
    """Crawl the source once, as the crawler does."""
    store = errand.open()
    job = CrawlJob(
        errand.spec, store.sources.memory(errand.spec.key), errand.now,
        root=errand.root, credential=errand.credential, purse=store.purse,
    )  # fmt: skip
    Crawling(load_kinds(), store.intake, store.sources, "Jaring/uji (+uji@example.org)").run([job])
    store.close()
