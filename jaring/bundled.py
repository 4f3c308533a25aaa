"""The bundled sample: invented posts of one region, dated relative to the day they are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import orjson

from domain.ids import post_id
from domain.labels import Channel
from domain.ports import SourceSpec
from domain.posts import Engagement, Incoming

NAMESPACE = "contoh"
REGION = "lombok-barat"
KIND = "contoh"


def probe() -> tuple[str, ...]:
    """Ids of a few sample posts: any of them in the database means that the sample was loaded before."""
    return tuple(post_id(NAMESPACE, row["id"]) for row in _rows()[:5])


def sample_sources() -> list[SourceSpec]:
    """The invented sources of the sample: listed by name, never crawled."""
    names = {row["source_key"]: row["source"] for row in _rows()}
    return [
        SourceSpec(
            key=key, name=f"{name} (contoh)", kind=KIND, url=f"https://contoh.invalid/{key}", regions=(REGION,),
            enabled=False, added_by=NAMESPACE,
        )
        for key, name in names.items()
    ]  # fmt: skip


def sample_posts(now: datetime) -> Iterator[Incoming]:
    """Yield the sample's posts, as if their sources had just brought them."""
    for row in _rows():
        yield Incoming(
            namespace=NAMESPACE,
            native_id=row["id"],
            source=row["source_key"],
            regions=(REGION,),
            channel=Channel(row["channel"]),
            url=row.get("url"),
            author=row.get("author"),
            title=row.get("title"),
            text=row["text"],
            published_at=now - timedelta(hours=row["age_h"]),
            fetched_at=now,
            parent=post_id(NAMESPACE, row["parent"]) if row.get("parent") else None,
            lat=row.get("lat"),
            lon=row.get("lon"),
            engagement=Engagement(**(row.get("engagement") or {})),
        )


def _rows() -> list[dict[str, Any]]:
    text = files("jaring.sample").joinpath(f"{REGION}.jsonl").read_text(encoding="utf-8")
    return [orjson.loads(line) for line in text.splitlines() if line]
