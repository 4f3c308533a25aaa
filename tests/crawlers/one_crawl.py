"""A process that crawls one source with a delay: `python -m tests.crawlers.one_crawl DATABASE KEYS URL DELAY`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from crawlers.kinds import CrawlJob, load_kinds
from crawlers.running import Crawling
from domain.ports import SourceMemory, SourceSpec
from store import KeyRing, open_store


def main(database: str, keys: str, url: str, delay: str) -> None:
    """Crawl it and say how it fared."""
    store = open_store(database, keys=KeyRing.open(Path(keys)))
    key = url.rstrip("/").rpartition("/")[2]
    spec = SourceSpec(key, key, "rss", url, ("lombok-barat",))
    store.sources.add(spec)
    crawling = Crawling(load_kinds(), store.intake, store.sources, "Jaring/uji", turns=store.turns, delay=float(delay))
    (outcome,) = crawling.run([CrawlJob(spec, SourceMemory(key), datetime.now(UTC))])
    sys.stdout.write(f"{outcome.state.value} {outcome.report.added}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
