"""The post that something said on YouTube makes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from crawlers.kinds import CrawlJob, Malformed
from crawlers.markup import cut
from crawlers.parsing.build import malformed
from crawlers.parsing.youtube.addresses import NAMESPACE
from crawlers.parsing.youtube.shapes import why
from domain.labels import Channel, DateTrust
from domain.posts import Incoming


def post_from(job: CrawlJob, *, native: str, text: str, published: datetime, **rest: Any) -> Incoming | Malformed:
    """A post of the job's source, its date exact; or why there is none."""
    if not text:
        return malformed(job, native, "tanpa teks", native)
    try:
        return Incoming(
            namespace=NAMESPACE,
            native_id=native,
            source=job.spec.key,
            regions=job.spec.regions,
            channel=Channel.YOUTUBE,
            text=cut(text),
            published_at=published,
            date_trust=DateTrust.EXACT,
            fetched_at=job.now,
            **rest,
        )
    except ValidationError as cause:
        return malformed(job, native, why(cause), text)
