"""How far a YouTube source has been read, and what it is to come back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawlers.kinds import CrawlJob, stored_time
from crawlers.youtube.watch import Watch


@dataclass(slots=True)
class Place:
    """How far a source has been read, as its cursor holds it."""

    url: str
    uploads: str | None = None  # the playlist of the channel's uploads
    upto: datetime | None = None  # uploads published by then are known
    since: datetime | None = None  # a walk back that has not come to its end: how far it goes,
    before: datetime | None = None  # and from where it goes on
    watch: Watch = field(default_factory=Watch)

    @classmethod
    def of(cls, job: CrawlJob) -> Place:
        """Out of a job: from its beginning where the source has got another address."""
        said = job.cursor if job.cursor.get("url") == job.spec.url else {}
        playlist = said.get("uploads")
        place = cls(
            job.spec.url,
            uploads=playlist if isinstance(playlist, str) else None,
            upto=stored_time(said, "upto"),
            since=stored_time(said, "since"),
            before=stored_time(said, "before"),
            watch=Watch.from_cursor(said.get("videos")),
        )
        if job.since is not None and (place.since is None or job.since < place.since):
            place.since, place.before = job.since, None
        return place

    def as_cursor(self) -> dict[str, object]:
        """As it is remembered."""
        times = {"upto": self.upto, "since": self.since, "before": self.before}
        kept: dict[str, object] = {name: at.isoformat() for name, at in times.items() if at is not None}
        return {"url": self.url, "uploads": self.uploads, "videos": self.watch.as_cursor()} | kept
