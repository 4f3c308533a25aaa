"""Crawling as the command line and the process of the crawlers do it: which sources, when, with which ports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from crawlers.kinds import CrawlJob, load_kinds
from crawlers.manners import user_agent
from crawlers.running import Crawling
from domain.errors import Refused
from domain.ports import CrawlOutcome
from jaring.wiring import Hall


def crawling(hall: Hall) -> Crawling:
    """A round of crawls with this installation's ports and name."""
    return Crawling(load_kinds(), hall.store.intake, hall.store.sources, agent(hall))


def agent(hall: Hall) -> str:
    """The user agent of this installation."""
    return user_agent(version("jaring"), hall.settings.contact)


def crawl_once(
    hall: Hall,
    keys: Sequence[str],
    since: datetime | None = None,
    tell: Callable[[CrawlOutcome], None] | None = None,
) -> list[CrawlOutcome]:
    """Crawl the sources named, or all that are enabled, now. Refused names a key that is none."""
    hall.store.sources.sync(hall.source_specs)
    return crawling(hall).run(jobs_for(hall, keys, since), tell)


def jobs_for(hall: Hall, keys: Sequence[str], since: datetime | None = None) -> list[CrawlJob]:
    """The jobs of the sources named, or of all that are enabled."""
    book = {spec.key: (spec, memory) for spec, memory in hall.store.sources.all()}
    if unknown := [key for key in keys if key not in book]:
        raise Refused(f"Sumber {unknown[0]} tidak ada; lihat `jaring sources`.")
    now = datetime.now(UTC)
    chosen = [book[key] for key in keys] if keys else [pair for pair in book.values() if pair[0].enabled]
    return [CrawlJob(spec, memory, now, since) for spec, memory in chosen]
