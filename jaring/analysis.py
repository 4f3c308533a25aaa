"""Text in, label line out: the reading and the desk's decision joined, as `jaring analyze` promises it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.decide import Desk
from domain.ids import post_id
from domain.labels import Channel, DateTrust
from domain.posts import RawPost
from domain.regions import load_regions
from domain.taxonomy import load_taxonomy
from domain.text.masked_words import mask_words
from domain.text.tokens import tokenize
from jaring.lines import Line
from jaring.wiring import overlay_folders
from nlp.pipeline import Choices, build_reader
from nlp.reader import PostReader


class Analysis:
    """Labels texts for one region, without a database."""

    def __init__(self, region: str, *, reader: PostReader, desk: Desk) -> None:
        self._region = region
        self._reader = reader
        self._desk = desk

    @classmethod
    def for_region(cls, region: str, overlays: Path, choices: Choices | None = None) -> Analysis:
        """Load what one region needs. Raises CatalogueError for an unknown region, and a model that is not there."""
        profiles = load_regions((region,), overlays=overlay_folders(overlays))
        return cls(region, reader=build_reader(profiles, choices), desk=Desk(profiles, load_taxonomy()))

    def label(self, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
        """Yield one label line per input line, in order."""
        posts = [as_post(line, self._region) for line in lines]
        yield from self.label_posts(zip((line.id for line in lines), posts, strict=True))

    def label_posts(self, posts: Iterable[tuple[str | int, RawPost]]) -> Iterator[dict[str, Any]]:
        """Yield one label line per post, in order."""
        pairs = list(posts)
        for (given_id, post), reading in zip(pairs, self._reader.read(p for _, p in pairs), strict=True):
            case = self._desk.decide_for(post, reading, self._region)
            topic = self._desk.taxonomy.topic(reading.topic)
            yield {
                "id": given_id,
                "language": reading.language,
                "intent": reading.intent,
                "topic": reading.topic,
                "topic_main": reading.topic.partition(".")[0],
                "urusan": topic.urusan,
                "sentiment": reading.sentiment,
                "urgency": reading.urgency,
                "oversight": {"p": round(reading.oversight.p, 4), "accused": list(reading.oversight.accused)}
                if reading.oversight
                else None,
                "abuse": reading.abuse,
                "relevance": round(case.relevance, 4),
                "places": [{"kode": p.kode, "name": p.name, "level": p.level} for p in case.places],
                "authority": case.authority,
                "opd": [
                    {"kode": o.kode, "name": o.name, "p": round(o.p, 4), "evidence": list(o.evidence)} for o in case.opd
                ],
                "pii": [{"kind": s.kind, "start": s.start, "end": s.end} for s in post.pii],
                "text_masked": post.words,
                "tokens": len(tokenize(post.words)),
                "decided_by": reading.decided_by,
            }


def as_post(line: Line, region: str) -> RawPost:
    """Make a masked post of a line, as if a listener of the region had brought it."""
    now = datetime.now(UTC)
    native = str(line.id)
    masked = mask_words(line.title, line.text)
    return RawPost(
        id=post_id("analyze", native),
        namespace="analyze",
        native_id=native,
        source="analyze",
        regions=(region,),
        channel=Channel.OTHER,
        title=masked.title,
        text=masked.text,
        pii=masked.spans,
        published_at=line.published_at or now,
        date_trust=DateTrust.EXACT if line.published_at else DateTrust.FETCHED,
        fetched_at=now,
    )
